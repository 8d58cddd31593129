"""Prints how many assistants cities of several sizes need, from the cost of a turn that was measured.

Run it from the project's folder: `.venv/bin/python -m bench.capacity --turn-ms … --database-ms … --megabytes …`.
docs/capacity.md says how each of the three is measured.
"""

from __future__ import annotations

import argparse
import sys

from bench.capacity.needs import Costs, Crowd, needs

DAYS = (100, 1_000, 10_000, 100_000)
HEAD = (
    "conversations a day",
    "turns/s, busiest hour",
    "at the worst",
    "assistants",
    "their cores",
    "database's cores",
    "GB",
)


def main() -> int:
    given = options().parse_args()
    costs = Costs(given.turn_ms, given.database_ms, given.megabytes)
    print(f"| {' | '.join(HEAD)} |\n|{' --- |' * len(HEAD)}")
    for day in given.conversations or DAYS:
        crowd = Crowd(day, given.turns, given.busiest)
        found = needs(crowd, costs, given.load, given.spare)
        cells = (f"{day:,}", f"{crowd.turns_a_second:.2f}", f"{crowd.at_the_worst:.2f}", str(found.processes),
                 f"{found.cores:.2f}", f"{found.database_cores:.2f}", f"{found.gigabytes:.1f}")  # fmt: skip
        print(f"| {' | '.join(cells)} |")
    return 0


def options() -> argparse.ArgumentParser:
    found = argparse.ArgumentParser(description=__doc__)
    found.add_argument(
        "--turn-ms", type=float, required=True, help="milliseconds of one core that a turn costs an assistant"
    )
    found.add_argument("--database-ms", type=float, default=0, help="the same of the database")
    found.add_argument("--megabytes", type=float, required=True, help="memory of one assistant after a soak")
    found.add_argument("--turns", type=float, default=8, help="turns of a conversation, its opening among them")
    found.add_argument("--busiest", type=float, default=0.15, help="share of a day's conversations in its busiest hour")
    found.add_argument("--load", type=float, default=0.6, help="how busy an assistant's core may be")
    found.add_argument("--spare", type=int, default=1, help="assistants that may be away at the worst moment")
    found.add_argument("--conversations", type=int, nargs="+", help="conversations a day, instead of the usual sizes")
    return found


if __name__ == "__main__":
    sys.exit(main())
