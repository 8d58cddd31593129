"""Prints one table: whole turns over HTTP at 1, 8 and 32 at once, of ours and of its peers, in one run.

Run it from the project's folder: `.venv/bin/python -m bench.turns [--stock] [--postgres] [--redis] [--starter] [--buerokratt]`.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from bench.stores import stores
from bench.turns.buerokratt import buerokratt
from bench.turns.load import Measured, Talks, measured, middle
from bench.turns.servers import Server, ours, starter
from bench.turns.talks import Buerokratt, Ours, Starter

LEVELS = (1, 8, 32)
HEAD = ("server", "at once", "turns/s", "median ms", "p95", "p99", "longest", "MB", "ready s")
STOCK = "graph,actions,policy,tracker,logs,processor,modules"
Row = tuple[str, Measured, float, float]


def main() -> int:
    given = options().parse_args()
    var = Path(tempfile.mkdtemp(prefix="drempelhulp-bench-"))
    try:
        for line in table(
            [row for name, begin, talks in servers(given, var) for row in rows(name, begin, talks, given)]
        ):
            print(line)
    finally:
        shutil.rmtree(var, ignore_errors=True)
    return 0


def options() -> argparse.ArgumentParser:
    found = argparse.ArgumentParser(description=__doc__)
    found.add_argument("--turns", type=int, default=600, help="turns at each level")
    found.add_argument("--runs", type=int, default=3, help="runs at each level; the middle one is shown")
    found.add_argument("--levels", type=int, nargs="+", default=LEVELS, help="how many residents at once")
    found.add_argument("--postgres", action="store_true", help="also ours on a real PostgreSQL")
    found.add_argument("--redis", action="store_true", help="also ours on PostgreSQL with the locks in a real Redis")
    found.add_argument("--stock", action="store_true", help="also ours with every part left as Rasa has it")
    found.add_argument("--starter", action="store_true", help="also `rasa init`, in an environment that is made for it")
    found.add_argument("--buerokratt", action="store_true", help="also our data under Bürokratt's pipeline, likewise")
    return found


def servers(
    given: argparse.Namespace, var: Path
) -> Iterator[tuple[str, Callable[[], AbstractContextManager[Server]], Talks]]:
    """Name, how it starts, who talks with it."""
    yield "ours, SQLite", lambda: ours(var / "sqlite"), Ours()
    if given.stock:
        yield "ours, Rasa's own parts", lambda: ours(var / "stock", STOCK_RASA=STOCK), Ours()
    if given.postgres or given.redis:
        yield "ours, PostgreSQL", lambda: on_postgres(var / "postgres"), Ours()
    if given.redis:
        yield "ours, PostgreSQL and Redis", lambda: on_postgres(var / "redis", redis=True), Ours()
    if given.starter:
        yield "rasa init", starter, Starter()
    if given.buerokratt:
        yield "our data under Bürokratt's pipeline", buerokratt, Buerokratt()


@contextmanager
def on_postgres(var: Path, redis: bool = False) -> Iterator[Server]:
    """Ours on a PostgreSQL (and a Redis) that lives as long as the measurement."""
    var.mkdir(parents=True)
    with stores(var, redis) as beside, ours(var, TRACKER_URL=beside.url, **beside.locks) as server:
        yield server


def rows(
    name: str, begin: Callable[[], AbstractContextManager[Server]], talks: Talks, given: argparse.Namespace
) -> list[Row]:
    with begin() as server:
        asyncio.run(measured(server.port, talks, 2, min(100, given.turns)))  # nobody is measured on a cold cache
        levels = {
            level: middle([asyncio.run(measured(server.port, talks, level, given.turns)) for _ in range(given.runs)])
            for level in given.levels
        }
        return [(name, level, server.megabytes(), server.ready) for level in levels.values()]


def table(found: list[Row]) -> Iterator[str]:
    yield f"| {' | '.join(HEAD)} |"
    yield f"|{' --- |' * len(HEAD)}"
    for name, level, megabytes, ready in found:
        ms = [f"{level.ms(share):.1f}" for share in (0.5, 0.95, 0.99, 1)]
        cells = (name, level.at_once, f"{level.turns_a_second:.0f}", *ms, f"{megabytes:.0f}", f"{ready:.1f}")
        yield f"| {' | '.join(str(cell) for cell in cells)} |"


if __name__ == "__main__":
    sys.exit(main())
