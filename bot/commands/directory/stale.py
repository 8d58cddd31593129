"""Prints what was not checked for 90 or 180 days, and what waits to be confirmed."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.paths import gemeente_folder
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.directory.directory import Unconfirmed
    from bot.directory.staleness import Aged, Staleness

HELP = "list what was not checked for 90 and 180 days, and what waits for somebody to call"
BROKEN = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print all groups as one JSON object")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    from bot.dashboard.map_report import stale_report
    from bot.directory import DirectoryErrors, load
    from bot.directory.files import files
    from bot.directory.staleness import stale

    folder = gemeente_folder(settings.gemeente)
    try:
        found = stale(load(folder), settings.moment().date())
    except DirectoryErrors as errors:
        print(errors, file=sys.stderr)
        return BROKEN
    where = files(folder)
    print(json.dumps(as_json(found, where), ensure_ascii=False) if arguments.json else stale_report(found, where))
    return 0


def as_json(found: Staleness, where: Mapping[str, Path]) -> dict[str, Any]:
    """The day, and each group as a list of things."""
    groups = ("old", "ageing", "future", "older_sources", "undated")
    return {
        "today": found.today.isoformat(),
        **{name: [_aged(thing, where) for thing in getattr(found, name)] for name in groups},
        "unconfirmed": [_waiting(thing, where) for thing in found.unconfirmed],
    }


def _aged(thing: Aged, where: Mapping[str, Path]) -> dict[str, Any]:
    service = thing.service
    return {
        "id": service.id,
        "kind": service.kind,
        "name": service.name,
        "checked": service.checked.isoformat(),
        "days": thing.days,
        "checked_by": service.checked_by,
        "newest_source": _day(thing.source),
        "file": str(where[service.id]),
    }


def _waiting(thing: Unconfirmed, where: Mapping[str, Path]) -> dict[str, Any]:
    service = thing.service
    start = {"id": service.id, "kind": service.kind, "name": service.name, "status": thing.status, "why": thing.why}
    return {**start, "checked": service.checked.isoformat(), "file": str(where[service.id])}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
