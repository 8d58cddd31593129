"""A closed loop: so many residents at once, each waiting for the answer before saying the next thing."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from bench.turns.connection import Connection


class Talks(Protocol):
    def conversation(self, http: Connection) -> Any:
        """One conversation, as an asynchronous generator that yields after each turn."""


@dataclass(frozen=True)
class Measured:
    """One level of one server. `took`: seconds of each turn, sorted."""

    at_once: int
    took: tuple[float, ...]
    seconds: float

    @property
    def turns_a_second(self) -> float:
        return len(self.took) / self.seconds

    def ms(self, share: float) -> float:
        return self.took[min(len(self.took) - 1, int(len(self.took) * share))] * 1000


async def measured(port: int, talks: Talks, at_once: int, turns: int) -> Measured:
    """At least so many turns, by so many residents at once."""
    took: list[float] = []
    begun = time.perf_counter()
    await asyncio.gather(*(_resident(port, talks, took, turns) for _ in range(at_once)))
    return Measured(at_once, tuple(sorted(took)), time.perf_counter() - begun)


async def _resident(port: int, talks: Talks, took: list[float], turns: int) -> None:
    http = Connection("127.0.0.1", port)
    while len(took) < turns:
        before = time.perf_counter()
        async for _ in talks.conversation(http):
            now = time.perf_counter()
            took.append(now - before)
            if len(took) >= turns:
                break
            before = time.perf_counter()
    http.close()


def middle(runs: Sequence[Measured]) -> Measured:
    """The run with the median throughput: another program on the machine spoils one run, seldom two."""
    return sorted(runs, key=lambda run: run.turns_a_second)[len(runs) // 2]
