"""Measures what a turn costs on this machine, and prints how many assistants cities of several sizes need.

Run it from the project's folder: `.venv/bin/python -m bench.capacity`, with nothing else on the machine; or give it costs that
were measured elsewhere: `--turn-ms … --database-ms … --megabytes …`. docs/capacity.md says how it counts.
"""

from __future__ import annotations

import argparse
import sys

from bench.capacity.needs import Costs, Crowd, needs

DAYS = (100, 1_000, 10_000, 100_000)
PLACES = {"a city of 170,000": 170_000, "the Netherlands, 18 million": 18_000_000, "the EU, 450 million": 450_000_000}
"""Inhabitants, rounded."""
HEAD = (
    "for",
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
    costs = costs_of(given)
    print(f"| {' | '.join(HEAD)} |\n|{' --- |' * len(HEAD)}")
    for name, day in crowds(given):
        crowd = Crowd(day, given.turns, given.busiest)
        found = needs(crowd, costs, given.load, given.spare)
        cells = (name, f"{day:,.0f}", f"{crowd.turns_a_second:.2f}", f"{crowd.at_the_worst:.2f}", f"{found.processes:,}",
                 f"{found.cores:.2f}", f"{found.database_cores:.2f}", f"{found.gigabytes:.1f}")  # fmt: skip
        print(f"| {' | '.join(cells)} |")
    return 0


def costs_of(given: argparse.Namespace) -> Costs:
    """What was given, or else what is measured now."""
    if given.turn_ms is not None:
        return Costs(given.turn_ms, given.database_ms, given.megabytes)
    from bench.capacity.measuring import measure

    found = measure(given.measure)
    costs = found.costs
    print(
        f"{found.turns} turns: {costs.turn_ms:.2f} ms of an assistant's core each, {costs.database_ms:.2f} of PostgreSQL,"
        f" {found.redis_ms:.2f} of Redis; {costs.megabytes:.0f} MB (counted with {given.megabytes:.0f}: a soak's)\n"
    )
    return Costs(costs.turn_ms, costs.database_ms, given.megabytes)


def crowds(given: argparse.Namespace) -> list[tuple[str, float]]:
    """(who, conversations a day): those that were asked for, or some sizes and the places."""
    if given.conversations:
        return [("", day) for day in given.conversations]
    share = given.a_year / 100 / 365
    return [*(("", day) for day in DAYS), *((name, people * share) for name, people in PLACES.items())]


def options() -> argparse.ArgumentParser:
    found = argparse.ArgumentParser(description=__doc__)
    found.add_argument("--turn-ms", type=float, help="milliseconds of one core that a turn costs an assistant")
    found.add_argument("--database-ms", type=float, default=0, help="the same of the database")
    found.add_argument("--megabytes", type=float, default=300, help="memory of one assistant after a soak")
    found.add_argument("--measure", type=int, default=3000, help="turns to measure, where no costs are given")
    found.add_argument("--turns", type=float, default=8, help="turns of a conversation, its opening among them")
    found.add_argument("--busiest", type=float, default=0.15, help="share of a day's conversations in its busiest hour")
    found.add_argument("--load", type=float, default=0.6, help="how busy an assistant's core may be")
    found.add_argument("--spare", type=int, default=1, help="assistants that may be away at the worst moment")
    found.add_argument("--a-year", type=float, default=10, help="conversations a year of a hundred inhabitants")
    found.add_argument("--conversations", type=int, nargs="+", help="conversations a day, instead of the usual sizes")
    return found


if __name__ == "__main__":
    sys.exit(main())
