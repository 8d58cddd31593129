"""What a turn costs here and now: processor time of one assistant, of its PostgreSQL and of its Redis, while residents talk."""

from __future__ import annotations

import asyncio
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bench.capacity.needs import Costs
from bench.stores import stores
from bench.turns.load import measured
from bench.turns.servers import ours
from bench.turns.talks import Ours

WARMING, AT_ONCE = 300, 8
"""Turns that are not counted, and residents at once."""
TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Measured:
    """`redis_ms` as the database's: milliseconds of one core for each turn."""

    costs: Costs
    redis_ms: float
    turns: int


def measure(turns: int) -> Measured:
    """One assistant with a PostgreSQL and a Redis of their own on this machine, and so many turns."""
    with (
        tempfile.TemporaryDirectory(prefix="drempelhulp-capacity-") as made,
        stores(folder := Path(made), redis=True) as beside,
    ):
        urls = {"TRACKER_URL": beside.url, "DATABASE_URL": beside.url, **beside.locks}
        with ours(folder / "var", **urls) as server:
            asyncio.run(measured(server.port, Ours(), AT_ONCE, WARMING))
            pids = [pid for pid in (server.process.pid, beside.database, beside.redis) if pid]
            before = [seconds(pid) for pid in pids]
            talked = len(asyncio.run(measured(server.port, Ours(), AT_ONCE, turns)).took)
            turn, store, lock = ((seconds(pid) - was) * 1000 / talked for pid, was in zip(pids, before, strict=True))
            return Measured(Costs(turn, store, server.megabytes()), lock, talked)


def seconds(pid: int) -> float:
    """Processor time of a process with its children, also of those that have ended."""
    children = [
        int(child) for task in Path(f"/proc/{pid}/task").iterdir() for child in (task / "children").read_text().split()
    ]
    return sum(_ticks(pid, 4)) / TICK + sum(sum(_ticks(child, 2)) for child in children) / TICK


def _ticks(pid: int, fields: int) -> list[int]:
    """utime, stime and, of four, those of children that have ended."""
    stat = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return [int(ticks) for ticks in stat[11 : 11 + fields]]
