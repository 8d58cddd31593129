"""A long talk with one server: memory at each ten thousand turns, and 1 where it goes on growing.

Run it from the project's folder: `.venv/bin/python -m bench.soak [--turns 100000] [--minutes 60] [--postgres] [--redis]`.
Thousands of residents come and go: they play the project's own conversations, say things that nobody has said before, and
leave without a word; their conversations expire while others talk. What is kept for a limited number of residents fills
up first; that is why growth is judged over the last third.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from bench.soak.residents import Residents
from bench.stores import stores
from bench.turns.servers import Server, ours

SETTINGS = {"CONVERSATION_HOURS": "0.01", "RATE_PER_SESSION": "100000", "METRICS_TOKEN": "of the soak"}
"""Conversations end 36 seconds after their last turn, so that the clock work has its share."""
GROWTH = 0.03
"""The share by which the last third may grow: caches of a fixed size are not all full at once."""
LEAST = 30_000
"""Turns below which growth says nothing: the thousand conversations that are kept ready are not all there before 10,000."""
FAILED = 0.001
"""The share of turns that may be refused; a machine that is too busy proves nothing about memory."""


def main() -> int:
    given = options().parse_args()
    with tempfile.TemporaryDirectory(prefix="drempelhulp-soak-") as folder:
        with server(given, Path(folder))() as running:
            seen = asyncio.run(watched(running, given))
        left = sum(path.stat().st_size for path in Path(folder).rglob("*.db*")) / 1e6
    print(f"files of the databases at the end: {left:.1f} MB")
    return judged(seen)


def options() -> argparse.ArgumentParser:
    found = argparse.ArgumentParser(description=__doc__)
    found.add_argument("--turns", type=int, default=100_000)
    found.add_argument("--minutes", type=float, default=120, help="the longest that it may take")
    found.add_argument("--each", type=int, default=10_000, help="turns between two looks at memory")
    found.add_argument("--at-once", type=int, default=8, help="residents who talk at the same time")
    found.add_argument("--postgres", action="store_true")
    found.add_argument("--redis", action="store_true", help="PostgreSQL with the locks in Redis")
    return found


def server(given: argparse.Namespace, folder: Path) -> Callable[[], AbstractContextManager[Server]]:
    if given.postgres or given.redis:
        return lambda: on_postgres(folder / "postgres", given.redis)
    return lambda: ours(folder, **SETTINGS)


@contextmanager
def on_postgres(folder: Path, redis: bool) -> Iterator[Server]:
    """Ours on a PostgreSQL, and perhaps a Redis, that live as long as the soak."""
    folder.mkdir()
    with stores(folder, redis) as beside:
        urls = {"TRACKER_URL": beside.url, "DATABASE_URL": beside.url, **beside.locks}
        with ours(folder / "var", **urls, **SETTINGS) as server:
            yield server


async def watched(running: Server, given: argparse.Namespace) -> list[tuple[int, float]]:
    """(turns so far, megabytes) at each look, while the residents talk."""
    residents = Residents(running.port)
    talking = [asyncio.create_task(residents.talk()) for _ in range(given.at_once)]
    seen: list[tuple[int, float]] = []
    begun, until = time.monotonic(), time.monotonic() + given.minutes * 60
    print("| turns | conversations | refused | minutes | MB |\n| --- | --- | --- | --- | --- |")
    while residents.turns < given.turns and time.monotonic() < until:
        if residents.turns // given.each >= len(seen):
            seen.append((residents.turns, running.megabytes()))
            minutes = (time.monotonic() - begun) / 60
            cells = (
                residents.turns,
                residents.conversations,
                residents.refused,
                f"{minutes:.1f}",
                f"{seen[-1][1]:.1f}",
            )
            print(f"| {' | '.join(map(str, cells))} |", flush=True)
        for task in talking:
            if task.done():
                task.result()  # a resident who was told nothing ends the soak, with what happened
        await asyncio.sleep(0.2)
    seen.append((residents.turns, running.megabytes()))
    print(f"at the end, after {residents.turns} turns: {seen[-1][1]:.1f} MB; refused {residents.refused}")
    for task in talking:
        task.cancel()
    await asyncio.gather(*talking, return_exceptions=True)
    if residents.refused > FAILED * residents.turns:
        raise SystemExit(f"{residents.refused} turns were refused: this was no soak")
    return seen


def judged(seen: list[tuple[int, float]]) -> int:
    """0 where the last third did not grow, 1 where it did or was too short to tell."""
    last = [megabytes for turns, megabytes in seen if turns >= seen[-1][0] * 2 / 3]
    if len(last) < 2 or seen[-1][0] < LEAST:
        print(f"too short to tell: at least {LEAST} turns, and two looks in the last third of them, are needed")
        return 1
    grown = last[-1] / last[0] - 1
    print(f"the last third grew by {grown:.1%}; {GROWTH:.0%} is allowed")
    return int(grown > GROWTH)


if __name__ == "__main__":
    sys.exit(main())
