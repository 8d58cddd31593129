"""Whoever knows the program tries every small world: does anything hidden keep fewer than the ten candidates 0 to 9?

Run it from the project's folder: `.venv/bin/python -m bench.statistics.follower [--most 20]`. It tries every set of months
of a quarter, and of weeks of a month, of which 0 to `most` is shown, and ends with 1 where something was narrowed;
tests/test_disclosure_follower.py does the same with a few of them.
"""

from __future__ import annotations

import argparse
import sys
import time
from itertools import combinations_with_replacement

from tests.disclosure_follower import a_month, a_month_of_routes, a_quarter

TRIED = {a_quarter: 3, a_month: 4, a_month_of_routes: 4}
"""How many months a quarter has, and weeks a month."""


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--most", type=int, default=15)
    given = arguments.parse_args()
    shown, narrowed = (None, *range(10, given.most + 1, 5)), 0
    for tried, parts in TRIED.items():
        began = time.monotonic()
        sets = list(combinations_with_replacement(shown, parts))
        found = [(one, how) for one in sets for how in tried(one)]
        print(
            f"{tried.__name__}: {len(sets)} sets, {len(found)} narrowed, {time.monotonic() - began:.0f} s", flush=True
        )
        for one, how in found[:5]:
            print(f"  {one}: {how}")
        narrowed += len(found)
    return int(narrowed > 0)


if __name__ == "__main__":
    sys.exit(main())
