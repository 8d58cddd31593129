"""Checks the maps of all municipalities, and the rules by which they are read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bot.directory.to_do import unfinished
from bot.paths import DATA, GEMEENTEN, gemeente_folder
from bot.routing import RulesError, read_rules
from bot.settings import Settings


def map_mistakes() -> Iterator[str]:
    for folder in folders():
        try:
            yield from map(str, unfinished(folder))
        except FileNotFoundError as error:
            yield str(error)
    try:
        read_rules(DATA / "routing.yml")
    except RulesError as error:
        yield from str(error).splitlines()


def folders() -> list[Path]:
    """Every municipality of data/gemeenten, and the one that is served from elsewhere."""
    inside = sorted(path for path in GEMEENTEN.iterdir() if path.is_dir() and not path.name.startswith("."))
    served = gemeente_folder(Settings().gemeente)
    return inside if any(served.resolve() == path.resolve() for path in inside) else [*inside, served]
