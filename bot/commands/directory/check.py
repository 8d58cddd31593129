"""Checks the map of the municipality that is served."""

from __future__ import annotations

import argparse
import sys

from bot.paths import gemeente_folder
from bot.settings import Settings

HELP = "check the map of the municipality: every mistake with its file, line and how to mend it"
BROKEN = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No options: the whole map, always."""


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    from bot.directory.folder import records
    from bot.directory.to_do import unfinished

    folder = gemeente_folder(settings.gemeente)
    mistakes = unfinished(folder)
    if mistakes:
        print("\n".join(str(mistake) for mistake in mistakes), file=sys.stderr)
        return BROKEN
    things = records(folder)
    hidden = sum("status" in thing.values for thing in things)
    print(f"{folder.name}: in order; {len(things)} things, {len(things) - hidden} of them shown to residents")
    return 0
