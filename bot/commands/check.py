"""Checks all data at once: the map, the texts, the material, the rules; every mistake by its path."""

from __future__ import annotations

import argparse
import sys

from bot.settings import Settings

HELP = "check all data: the map, the texts, the training material, the dialogue; every mistake at once, by path"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No options: all is checked, always."""


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    from bot.checks import everything

    mistakes = everything()
    print("\n".join(mistakes) if mistakes else "All data are in order.", file=sys.stderr if mistakes else sys.stdout)
    return 1 if mistakes else 0
