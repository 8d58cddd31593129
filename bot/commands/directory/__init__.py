"""The map of the municipality that is served: `python -m bot directory check`, `export`, `import` and so on."""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import sys

from bot.paths import gemeente_folder
from bot.settings import Settings

HELP = "the social map: check it, see what is stale or missing, exchange it with a spreadsheet, begin a new one"
BAD_INPUT = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Each module of this package is a subcommand."""
    subcommands = parser.add_subparsers(dest="subcommand", required=True, metavar="subcommand")
    for found in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{found.name}")
        name = found.name.rstrip("_").replace("_", "-")
        subcommand = subcommands.add_parser(name, help=module.HELP, description=module.HELP)
        module.add_arguments(subcommand)
        subcommand.set_defaults(run_subcommand=module.run)


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    from bot.directory.exchange.swap import FolderBusy, put_back

    try:
        put_back(gemeente_folder(settings.gemeente))
        return int(arguments.run_subcommand(arguments, settings))
    except (FileNotFoundError, FolderBusy) as error:
        print(error, file=sys.stderr)
        return BAD_INPUT
