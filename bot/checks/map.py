"""Checks the maps of all municipalities, and the rules by which they are read."""

from __future__ import annotations

from collections.abc import Iterator

from bot.directory import DirectoryErrors, load
from bot.paths import DATA, GEMEENTEN
from bot.routing import RulesError, read_rules


def map_mistakes() -> Iterator[str]:
    for folder in sorted(path for path in GEMEENTEN.iterdir() if path.is_dir()):
        try:
            load(folder)
        except DirectoryErrors as errors:
            yield from str(errors).splitlines()
    try:
        read_rules(DATA / "routing.yml")
    except RulesError as error:
        yield from str(error).splitlines()
