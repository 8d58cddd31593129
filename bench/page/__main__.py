"""Prints one table: how soon the website can be used, on our own server and in a real Chromium, on a slow line and a slow phone.

Run it from the project's folder: `.venv/bin/python -m bench.page [--runs 5] [--languages nl tr]`.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from statistics import median

from playwright.sync_api import sync_playwright

from bench.page.visit import Line, Seen, seen
from bench.turns.servers import ours

LINES = (Line("400 kbit/s, 400 ms, processor 4 times slower", 400, 400, 4), Line("as fast as this machine", None))
HEAD = (
    "line",
    "language",
    "form",
    "script arrived",
    "field",
    "chat opened",
    "answer",
    "answer by form",
    "component KB",
    "first load KB",
)


def main() -> int:
    given = options().parse_args()
    var = Path(tempfile.mkdtemp(prefix="drempelhulp-bench-"))
    try:
        for row in rows(given, var):
            print(f"| {' | '.join(row)} |", flush=True)
    finally:
        shutil.rmtree(var, ignore_errors=True)
    return 0


def options() -> argparse.ArgumentParser:
    found = argparse.ArgumentParser(description=__doc__)
    found.add_argument(
        "--runs", type=int, default=5, help="visits of each kind; the middle one of each figure is shown"
    )
    found.add_argument("--languages", nargs="+", default=["nl", "tr"])
    return found


def rows(given: argparse.Namespace, var: Path) -> Iterator[tuple[str, ...]]:
    path = os.environ.get("DREMPELHULP_CHROMIUM", "/usr/bin/chromium")
    with ours(var) as server, sync_playwright() as playwright:
        found = path if Path(path).is_file() else playwright.chromium.executable_path
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        yield HEAD
        yield tuple("---" for _ in HEAD)
        for line in LINES:
            for language in given.languages:
                visits = [seen(browser, f"http://127.0.0.1:{server.port}", line, language) for _ in range(given.runs)]
                yield line.name, language, *shown(middle(visits))
        browser.close()


def middle(visits: list[Seen]) -> Seen:
    """The middle of each figure on its own: one slow visit on a busy machine is not the website's."""
    return Seen(**{field.name: median(getattr(visit, field.name) for visit in visits) for field in fields(Seen)})


def shown(visit: Seen) -> list[str]:
    times = (visit.form, visit.script, visit.field, visit.chat, visit.answer, visit.by_form)
    sizes = (visit.component_bytes, visit.all_bytes)
    return [*(f"{seconds:.2f} s" for seconds in times), *(f"{size / 1000:.1f}" for size in sizes)]


if __name__ == "__main__":
    sys.exit(main())
