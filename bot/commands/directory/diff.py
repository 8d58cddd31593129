"""What an import of a file would do, without doing it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bot.paths import gemeente_folder
from bot.settings import Settings

HELP = "show what an import of a file would add, change and remove; exit code 0: nothing, 1: something, 2: refused"
SAME, DIFFERENT, REFUSED = 0, 1, 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="the file, as `export` writes it")
    parser.add_argument("--remove", action="store_true", help="as if what the file does not have is taken off the map")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    from bot.directory import DirectoryErrors
    from bot.directory.exchange.difference import lines
    from bot.directory.exchange.incoming import incoming
    from bot.directory.exchange.refusal import Refused
    from bot.directory.folder import compared, records

    folder = gemeente_folder(settings.gemeente)
    try:
        wanted = incoming(arguments.file, folder, arguments.remove)
        changes = compared(records(folder), wanted, arguments.remove)
    except (Refused, DirectoryErrors) as error:
        print(f"{error}\nAn import would be refused, {len(error.mistakes)} to mend.", file=sys.stderr)
        return REFUSED
    print("\n".join(lines(changes)))
    return DIFFERENT if changes else SAME
