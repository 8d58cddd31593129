"""kill -9 at random moments of a thousand conversations: each that is finished or expired is counted once, an erased one never.

Run it from the project's folder: `.venv/bin/python -m bench.statistics.kills [--conversations 1000] [--kills 60]`. It ends
with 1 where the count is wrong; tests/test_statistics_kills.py does the same with forty conversations.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from pathlib import Path

from tests.conftest import NOW
from tests.killed_talks import Town


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--conversations", type=int, default=1000)
    arguments.add_argument("--kills", type=int, default=60)
    arguments.add_argument("--seed", type=int, default=None)
    given = arguments.parse_args()
    seed = given.seed if given.seed is not None else random.randrange(10**6)
    os.environ["DREMPELHULP_NOW"] = NOW
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="drempelhulp-kills-") as folder:
        town = Town(Path(folder), given.conversations, given.kills, random.Random(seed))
        town.run()
        counted, waiting = town.counted(), town.waiting()
    print(
        f"seed {seed}, {given.kills} kills, {time.monotonic() - began:.0f} s; {dict(town.ended)}, {town.unheard} unheard"
    )
    print(f"to be counted {town.expected}: finished {town.ended['finished']}, expired {town.left_over}")
    print(f"counted       {counted}; rows left {waiting}")
    return int(counted != town.expected or waiting > 0 or town.unheard < 0)


if __name__ == "__main__":
    sys.exit(main())
