"""Puts what a file holds on the map: all of it, or, with one mistake in it, nothing."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bot.paths import gemeente_folder
from bot.settings import Settings

HELP = "put a .csv, .xlsx, .ods or HSDS .json file on the map; with any mistake in it nothing changes"
REFUSED = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="the file, as `export` writes it")
    parser.add_argument("--remove", action="store_true", help="take off the map what the file does not have")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    from bot.directory import DirectoryErrors
    from bot.directory.exchange.difference import lines
    from bot.directory.exchange.incoming import incoming
    from bot.directory.exchange.refusal import Refused
    from bot.directory.exchange.swap import FolderBusy
    from bot.directory.folder import replace

    folder = gemeente_folder(settings.gemeente)
    try:
        changes = replace(folder, incoming(arguments.file, folder, arguments.remove), arguments.remove)
    except (Refused, DirectoryErrors) as error:
        count = len(error.mistakes)
        print(f"{error}\nRefused, {count} to mend; the map is as it was.", file=sys.stderr)
        return REFUSED
    except (FolderBusy, OSError) as error:
        print(f"{error}\nThe map is as it was.", file=sys.stderr)
        return REFUSED
    print("\n".join(lines(changes)))
    return 0
