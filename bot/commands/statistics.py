"""Prints the published tables: as one JSON object, or to be read."""

from __future__ import annotations

import argparse
import json
import sys

from bot.settings import Settings

HELP = "print the published statistics; with --json every table as one JSON object"
AWAY = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print all published tables as one JSON object")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    from bot.dashboard.report import report
    from bot.dashboard.words import word
    from bot.statistics.counting import AWAY as DATABASE_AWAY
    from bot.statistics.counting import open_store
    from bot.statistics.tables import tables

    try:
        store = open_store(settings)
        published = tables(store, settings.moment())
    except DATABASE_AWAY:
        print(word("cli.away"), file=sys.stderr)
        return AWAY
    print(json.dumps(published, ensure_ascii=False) if arguments.json else report(published, store.known))
    return 0
