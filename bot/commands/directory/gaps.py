"""Prints for which wijk, topic, language and drempel there is nothing, and what single things leave open."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict

from bot.paths import gemeente_folder
from bot.settings import Settings

HELP = "list wijk × topic × language × drempel for which there is nothing, and what is not translated or not known"
BROKEN = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print every combination by itself, as one JSON object")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    from bot.dashboard.map_report import gaps_report
    from bot.directory import DirectoryErrors, load
    from bot.directory.gaps import gaps

    try:
        directory = load(gemeente_folder(settings.gemeente))
    except DirectoryErrors as errors:
        print(errors, file=sys.stderr)
        return BROKEN
    today = settings.moment().date()
    found = gaps(directory, today)
    as_json = {"today": today.isoformat(), **asdict(found)}
    print(json.dumps(as_json, ensure_ascii=False) if arguments.json else gaps_report(found, directory))
    return 0
