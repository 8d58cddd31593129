"""An attacker with a year of all releases, all tables and all exports, and a solver: how many candidates a hidden cell keeps.

Run it from the project's folder: `.venv/bin/python -m bench.statistics.attack [3000 30000] [--seeds 3] [--every-bound]`. Each
number is one year of conversations in Arnhem's 24 wijken, all topics, five languages, published week by week. It ends with
1 where a hidden cell has fewer than ten candidates; tests/test_disclosure.py does the same with a town of two wijken.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from datetime import datetime, timedelta

from bot.model import FinishedConversation
from bot.statistics.demonstration import Year
from bot.statistics.known import Known
from bot.statistics.periods import middle_of, week_of
from bot.statistics.store import Store
from bot.statistics.tables import Table, tables
from tests.disclosure_attacker import Attacker, maybe_withheld, published_in
from tests.disclosure_relations import Key, Published
from tests.statistics_fixtures import fill, tally

FIRST, AFTER = datetime(2026, 1, 1), datetime(2027, 1, 10)
"""A day in the first week of 2026, and the last day of the first week after its last."""
QUARTERS = ("2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4")
FICTIONAL_YEAR = 6200
"""Conversations in the fictional year as its weights make it."""


def year(known: Known, conversations: int, seed: int) -> list[FinishedConversation]:
    """About so many, spread as those of the fictional year are: a few wijken and topics often, most of them seldom."""
    made = Year(known)
    made.dice.seed(seed)
    made.weights["weekly"] *= conversations / FICTIONAL_YEAR
    return list(made.conversations(AFTER))


def releases(store: Store) -> tuple[Published, int]:
    """Looks every week of the year, as the dashboard shows it; what was published in the end, and cells that changed."""
    seen: dict[tuple[str, ...], int | None] = {}
    changed, moment = 0, FIRST
    while moment <= AFTER:
        for table in tables(store, moment).values():
            now = dict(_cells(table))
            changed += sum(seen.get(key, n) != n for key, n in now.items())
            seen |= now
        moment = middle_of(week_of(moment)).replace(tzinfo=None) + timedelta(days=7)
    return published_in(store), changed


def _cells(table: Table) -> list[tuple[tuple[str, ...], int | None]]:
    return [
        ((table["name"], *(str(value) for name, value in row.items() if name != "cell")), row["cell"]["n"])
        for row in (*table["rows"], *({**row, "id": "total"} for row in table["total"]))
    ]


def fewest(attacker: Attacker) -> float:
    """Candidates of the hidden cell that has the fewest, each cell's two bounds worked out."""
    return min(attacker.candidates(key) for key in attacker.hidden)


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("conversations", type=int, nargs="*", default=[3000, 30000])
    arguments.add_argument("--seeds", type=int, default=3)
    arguments.add_argument("--every-bound", action="store_true", help="work out the fewest candidates of any cell too")
    given = arguments.parse_args()
    known, worst = Known.of("arnhem"), 0
    for conversations in given.conversations:
        for seed in range(1, given.seeds + 1):
            worst += attack(known, conversations, seed, given.every_bound)
    return int(worst > 0)


def attack(known: Known, conversations: int, seed: int, every_bound: bool) -> int:
    """One year. The number of cells that were narrowed, or changed from one release to the next."""
    began, log = time.monotonic(), year(known, conversations, seed)
    counters: dict[Key, int] = tally(log)
    with tempfile.TemporaryDirectory(prefix="drempelhulp-attack-") as folder:
        store = Store.open(f"sqlite:///{folder}/statistics.db", known)
        fill(store, counters)
        published, changed = releases(store)
    hidden = {key for key, n in published.items() if n is None}
    large = {key for key in published if counters.get(key, 0) >= 10}
    held = maybe_withheld(published, counters)
    attackers = [Attacker(published, held, known, quarter) for quarter in QUARTERS]
    small = {key for key in hidden if counters.get(key, 0) < 10}
    narrowed = [found for attacker in attackers for found in attacker.narrowed(small)]
    least = f", fewest candidates {min(map(fewest, attackers)):.0f}" if every_bound else ""
    print(
        f"seed {seed}: {len(log)} conversations, {len(published)} cells, {len(large)} of ten or more, "
        f"{len(large & hidden)} of these withheld; {len(hidden)} hidden, {len(narrowed)} narrowed{least}; "
        f"{changed} changed between releases; {sum(len(a.rows) for a in attackers)} relations, "
        f"{time.monotonic() - began:.0f} s",
        flush=True,
    )
    for key, how in narrowed[:10]:
        print(f"  {key}: {how}")
    return len(narrowed) + changed


if __name__ == "__main__":
    sys.exit(main())
