"""Breaks what can be broken at random moments while residents talk, and says what became of every message.

`.venv/bin/python -m bench.chaos [--on postgres --servers 4] [--minutes 3] [--seed 1]`, from the project's folder. It ends with
1 where a message was neither answered nor its sender told a number, where the same message got two answers, where a
conversation was counted twice or not at all, or where a word of a resident stands in any file.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
import time
from pathlib import Path

from bench.chaos.breaking import BREAKS, keep_breaking
from bench.chaos.city import City, OnPostgres, OnSqlite
from bench.chaos.residents import Residents, Seen
from bench.chaos.traces import words_left

CITIES = {"sqlite": OnSqlite, "postgres": OnPostgres}


def main() -> int:
    given = options().parse_args()
    seed = given.seed if given.seed is not None else random.randrange(10**6)
    dice = random.Random(seed)
    print(f"seed {seed}, on {given.on}", flush=True)
    with tempfile.TemporaryDirectory(prefix="drempelhulp-chaos-") as name:
        folder, begun = Path(name), time.time()
        with CITIES[given.on](folder, given.servers) as city:
            residents = Residents(city, dice)
            broken = asyncio.run(lived(city, residents, dice, given))
            residents.seen.faults += counted_wrongly(city, residents.seen)
        residents.seen.faults += words_left(folder, begun, residents.secrets)
    return told(residents.seen, broken)


def options() -> argparse.ArgumentParser:
    found = argparse.ArgumentParser(description=__doc__)
    found.add_argument("--on", choices=sorted(CITIES), default="sqlite")
    found.add_argument("--servers", type=int, default=2, help="on PostgreSQL: how many assistants")
    found.add_argument("--minutes", type=float, default=3)
    found.add_argument("--at-once", type=int, default=6, help="residents who talk at the same time")
    found.add_argument("--seed", type=int, default=None)
    found.add_argument("--only", nargs="+", choices=sorted(BREAKS), help="break only in these ways")
    return found


async def lived(city: City, residents: Residents, dice: random.Random, given: argparse.Namespace) -> dict[str, int]:
    """Everybody talks while things break; then all is whole again, and who is still talking comes to an end."""
    over = asyncio.Event()
    talking = [asyncio.create_task(residents.talk(over)) for _ in range(given.at_once)]
    broken = await keep_breaking(city, dice, time.monotonic() + given.minutes * 60, given.only)
    await asyncio.to_thread(city.made_whole)
    over.set()
    await asyncio.gather(*talking)
    return broken


def counted_wrongly(city: City, seen: Seen) -> list[str]:
    """Each conversation that was finished, or is there still and expires now, is counted once; then nothing is left."""
    city.stop_servers()
    left = city.conversations()
    city.expire()
    expected, counted, rows = seen.ended["finished"] + left, city.counted(), city.rows()
    print(
        f"to be counted {expected} ({seen.ended['finished']} finished, {left} left), counted {counted}, rows left {rows}"
    )
    wrong = [] if counted == expected else [f"{counted} were counted, not {expected}"]
    if city.in_tables() < counted:
        wrong.append(f"the tables have {city.in_tables()} of {counted} that were counted")
    return wrong if rows == 0 else [*wrong, f"{rows} rows are left of somebody"]


def told(seen: Seen, broken: dict[str, int]) -> int:
    print(f"broken: {broken}")
    print(f"conversations: {dict(seen.ended)}")
    waits = sorted(seen.waits)
    shares = ", ".join(
        f"{name} {waits[int(len(waits) * share)]:.2f} s" for name, share in (("half", 0.5), ("99 of 100", 0.99))
    )
    print(f"answers: {dict(seen.answers)}; {shares}, longest {waits[-1]:.2f} s")
    for fault in seen.faults[:20]:
        print(f"FAULT: {fault}")
    print(f"{len(seen.faults)} faults")
    return int(bool(seen.faults))


if __name__ == "__main__":
    sys.exit(main())
