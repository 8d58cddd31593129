"""Fills a database with a fictional year of conversations, to look at the dashboard with."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bot.settings import Settings

HELP = "fill a database with a fictional year of conversations, for looking at the dashboard"
FILE = "demo-statistics.db"
REFUSED = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    help_ = f"SQLite file to write; a fictional one is replaced, another one never (default: {FILE} in the var folder)"
    parser.add_argument("--database", type=Path, help=help_)


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    from bot.dashboard.words import word
    from bot.statistics.demonstration import Year, is_fictional
    from bot.statistics.known import Known
    from bot.statistics.store import Store

    path = (arguments.database or settings.var / FILE).absolute()
    url, known = f"sqlite:///{path}", Known.of(settings.gemeente)
    if path.exists():
        if not is_fictional(path):
            print(word("cli.demo_refused", path=path), file=sys.stderr)
            return REFUSED
        path.unlink()
    print(word("cli.demo_busy"), flush=True)
    store = Store.open(url, known)
    store.mark_fictional()
    counted = sum(
        store.count(talk, f"fictional-{n}") for n, talk in enumerate(Year(known).conversations(settings.moment()))
    )
    print(word("cli.demo", n=counted, path=path, url=url))
    return 0
