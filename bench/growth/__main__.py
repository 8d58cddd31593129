"""Prints how the cost of a turn grows with what it could grow with: `.venv/bin/python -m bench.growth [--quick]`.

Whole turns over HTTP, one at a time, on SQLite: median and p99 in milliseconds, and the server's own processor time, which
other programs on the machine spoil least. Services from 10 to 10,000: `bench/routing/scale.py`.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.growth.languages import with_languages
from bench.growth.store import with_conversations
from bench.growth.talk import with_turns

CONVERSATIONS = (100, 1_000, 10_000, 100_000, 1_000_000)
TURNS = (5, 50, 500)
LANGUAGES = (1, 5, 10, 20)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--quick", action="store_true", help="without the largest of each")
    given = options.parse_args()
    var = Path(tempfile.mkdtemp(prefix="drempelhulp-growth-"))
    try:
        for line in table(var, len(LANGUAGES) - 1 if given.quick else None):
            print(line, flush=True)
    finally:
        shutil.rmtree(var, ignore_errors=True)
    return 0


def table(var: Path, most: int | None) -> Iterator[str]:
    yield "| what | how many | median ms | p99 | ms of processor a turn | MB | ready s |\n|" + " --- |" * 7
    for many in CONVERSATIONS[:most]:
        yield row("conversations in the store", many, with_conversations(var / f"store-{many}", many))
    for turns, hot, cold in with_turns(var / "talk", TURNS[:most]):
        yield row("turns in the conversation", turns, hot)
        yield row("… and its first turn on another server", turns, cold)
    for many in LANGUAGES[:most]:
        yield row("languages", many, with_languages(var / f"languages-{many}", many))


def row(what: str, many: int, found: dict[str, float]) -> str:
    cells = (f"{found[name]:.{digits}f}" if name in found else "" for name, digits in
             (("median", 2), ("p99", 1), ("cpu", 2), ("megabytes", 0), ("ready", 1)))  # fmt: skip
    return f"| {what} | {many:,} | {' | '.join(cells)} |"


if __name__ == "__main__":
    sys.exit(main())
