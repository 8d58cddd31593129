"""Prints one table: whole turns over HTTP at 1, 8 and 32 at once, of ours and of its peers, in one run.

Run it from the project's folder: `.venv/bin/python -m bench.turns [--stock] [--postgres] [--redis] [--starter] [--buerokratt]`.

All servers stand ready at the same time and are asked in turns, round after round: a machine that is slow for a minute is slow
for each of them, and a ratio is taken within a round. What comes in is told on standard error at once; the table is printed.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

from bench.stores import stores
from bench.turns.buerokratt import buerokratt
from bench.turns.load import Talks, measured
from bench.turns.servers import Server, ours, starter
from bench.turns.table import STARTER, Measurements, table
from bench.turns.talks import Buerokratt, Ours, Starter

LEVELS = (1, 8, 32)
STOCK = "graph,actions,policy,tracker,logs,processor,modules"
Begin = Callable[[], AbstractContextManager[Server]]


def main() -> int:
    given = options().parse_args()
    var = Path(tempfile.mkdtemp(prefix="drempelhulp-bench-"))
    try:
        with ExitStack() as running:
            for line in table(measurements(list(ready(given, var, running)), given)):
                print(line)
    finally:
        shutil.rmtree(var, ignore_errors=True)
    return 0


def options() -> argparse.ArgumentParser:
    found = argparse.ArgumentParser(description=__doc__)
    found.add_argument("--turns", type=int, default=600, help="turns at each level")
    found.add_argument(
        "--rounds", type=int, default=5, help="how often each level is measured; the middle one is shown"
    )
    found.add_argument("--levels", type=int, nargs="+", default=LEVELS, help="how many residents at once")
    found.add_argument("--postgres", action="store_true", help="also ours on a real PostgreSQL")
    found.add_argument("--redis", action="store_true", help="also ours on PostgreSQL with the locks in a real Redis")
    found.add_argument("--stock", action="store_true", help="also ours with every part left as Rasa has it")
    found.add_argument("--starter", action="store_true", help="also `rasa init`, in an environment that is made for it")
    found.add_argument("--buerokratt", action="store_true", help="also our data under Bürokratt's pipeline, likewise")
    return found


def servers(given: argparse.Namespace, var: Path) -> Iterator[tuple[str, Begin, Talks]]:
    """Name, how it starts, who talks with it; the slowest to begin come last."""
    yield "ours, SQLite", lambda: ours(var / "sqlite"), Ours()
    if given.stock:
        yield "ours, Rasa's own parts", lambda: ours(var / "stock", STOCK_RASA=STOCK), Ours()
    if given.postgres or given.redis:
        yield "ours, PostgreSQL", lambda: on_postgres(var / "postgres"), Ours()
    if given.redis:
        yield "ours, PostgreSQL and Redis", lambda: on_postgres(var / "redis", redis=True), Ours()
    if given.starter:
        yield STARTER, starter, Starter()
    if given.buerokratt:
        yield "our data under Bürokratt's pipeline", buerokratt, Buerokratt()


@contextmanager
def on_postgres(var: Path, redis: bool = False) -> Iterator[Server]:
    """Ours on a PostgreSQL (and a Redis) that lives as long as the measurement."""
    var.mkdir(parents=True)
    with stores(var, redis) as beside, ours(var, TRACKER_URL=beside.url, **beside.locks) as server:
        yield server


def ready(given: argparse.Namespace, var: Path, running: ExitStack) -> Iterator[tuple[str, Server, Talks]]:
    """Each that begins, warmed: nobody is measured on a cold cache. A peer that does not begin costs its own rows alone."""
    for name, begin, talks in servers(given, var):
        try:
            server = running.enter_context(begin())
        except (AssertionError, subprocess.CalledProcessError) as trouble:
            print(f"{name}: left out, it did not begin: {trouble}", file=sys.stderr)
            continue
        asyncio.run(measured(server.port, talks, 2, min(100, given.turns)))
        print(f"{name}: ready after {server.ready:.1f} s", file=sys.stderr)
        yield name, server, talks


def measurements(asked: list[tuple[str, Server, Talks]], given: argparse.Namespace) -> Measurements:
    """Round after round, at each level each server."""
    found = Measurements()
    for number in range(given.rounds):
        for level in given.levels:
            for name, server, talks in asked:
                run = asyncio.run(measured(server.port, talks, level, given.turns))
                found.add(name, level, run)
                print(f"round {number + 1}, {level} at once, {name}: {run.turns_a_second:.0f}", file=sys.stderr)
    for name, server, _ in asked:
        found.megabytes[name], found.ready[name] = server.megabytes(), server.ready
    return found


if __name__ == "__main__":
    sys.exit(main())
