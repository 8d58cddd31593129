"""python -m bot: the commands of the project, each a module of bot.commands."""

from __future__ import annotations

import argparse
import importlib
import os
import sys

from bot.directory.mistakes import DirectoryErrors, NoFolder
from bot.settings import Settings, SettingsError

COMMANDS = (
    "run", "serve", "dashboard", "train", "parse", "route", "directory", "statistics", "expire", "check", "texts",
    "language", "evaluate", "demo-statistics",
)  # fmt: skip
BAD_INPUT = 2


def parser() -> argparse.ArgumentParser:
    """All commands with their options. Importing them does nothing, so `--help` is quick."""
    root = argparse.ArgumentParser(prog="python -m bot", description="Drempelhulp: over the threshold to help.")
    commands = root.add_subparsers(dest="command", required=True, metavar="command")
    for name in COMMANDS:
        module = importlib.import_module(f"bot.commands.{name.replace('-', '_')}")
        command = commands.add_parser(name, help=module.HELP, description=module.HELP)
        module.add_arguments(command)
        command.set_defaults(run=module.run)
    return root


def main(arguments: list[str] | None = None) -> int:
    # before numpy is loaded: our products are small, and a second thread only waits for the first, at twice the processor's time
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    given = parser().parse_args(arguments)
    try:
        return int(given.run(given, Settings()))
    except (SettingsError, DirectoryErrors, NoFolder) as error:
        print(error, file=sys.stderr)
        return BAD_INPUT
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
