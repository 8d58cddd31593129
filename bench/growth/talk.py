"""One conversation that goes on: five turns to five hundred; and its next turn on a server that must read it first."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from bench.growth.measuring import seconds_of
from bench.turns.connection import Connection
from bench.turns.servers import Server, ours
from bench.turns.talks import situations

LAST = 25
"""Turns at the end that are measured."""
COLD = 5
"""How often a server that has not seen the conversation is asked."""


def with_turns(var: Path, lengths: Sequence[int]) -> Iterator[tuple[int, dict[str, float], dict[str, float]]]:
    """Of each length: the last turns of such a talk, and the next one on a server that has just started."""
    for turns in lengths:
        with ours(var, RATE_PER_SESSION="100000") as server:
            session, hot = asyncio.run(_talked(server, turns))
        cold = []
        for _ in range(COLD):
            with ours(var, RATE_PER_SESSION="100000") as server:
                cold.append(asyncio.run(_one(server, session)))
        yield turns, hot, {"median": median(cold), "p99": max(cold)}


async def _talked(server: Server, turns: int) -> tuple[str, dict[str, float]]:
    http = Connection("127.0.0.1", server.port)
    session = (await http.post("/webhooks/web/session", {"language": "nl"}))["session"]
    took, before = [], 0.0
    for number, text in enumerate(itertools.islice(_said(), turns)):
        if number == max(0, turns - LAST):
            before = seconds_of(server)
        took.append(await _timed(http, session, text))
    last = sorted(took[-LAST:])
    cpu = (seconds_of(server) - before) * 1000 / len(last)
    return session, {"median": median(last), "p99": last[-1], "cpu": cpu, "megabytes": server.megabytes()}


async def _one(server: Server, session: str) -> float:
    http = Connection("127.0.0.1", server.port)
    await http.post("/webhooks/web/session", {"language": "nl"})  # the line is open, and another talk has begun
    return await _timed(http, session, "ik heb schulden")


async def _timed(http: Connection, session: str, text: str) -> float:
    before = time.perf_counter()
    await http.post("/webhooks/web/message", {"session": session, "message": text})
    return (time.perf_counter() - before) * 1000


def _said() -> Iterator[str]:
    """What residents of the Dutch conversations type, one after another; nothing that ends a talk."""
    turns: Iterator[dict[str, Any]] = (
        turn for _, talk in itertools.cycle(situations(("nl",))) for turn in talk if "resident" in turn
    )
    return (
        str(turn["resident"]) for turn in turns if not {"stop", "wissen", "doei"} & set(str(turn["resident"]).split())
    )
