"""Writes the map as a file that others can open."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bot.paths import gemeente_folder
from bot.settings import Settings

HELP = "write the map as .csv, .xlsx, .ods, or as HSDS 3 (.json)"
BROKEN, BAD_INPUT = 1, 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="the file to write; its ending says which kind")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    from bot.directory import DirectoryErrors, load
    from bot.directory.exchange.outgoing import outgoing, save
    from bot.directory.folder import records

    folder, file = gemeente_folder(settings.gemeente), arguments.file
    try:
        directory, things = load(folder), records(folder)
        wijken, today = directory.wijken.values(), settings.moment().date()
        save(file, outgoing(things, file.suffix.lower(), directory.id, wijken, today))
    except DirectoryErrors as errors:
        print(f"{errors}\nThe map has mistakes; nothing was written. Mend them first.", file=sys.stderr)
        return BROKEN
    except (ValueError, OSError) as error:
        print(f"{file}: {error}", file=sys.stderr)
        return BAD_INPUT
    print(f"{file}: {len(things)} things of {directory.name}")
    return 0
