"""Trains the assistant if something that it is made of has changed."""

from __future__ import annotations

import argparse

from bot.settings import Settings

HELP = "train the assistant, if anything that it is made of has changed"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No options: what is trained is what lies on disk."""


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    from bot.engine.train import trained

    print(f"The model is {trained(settings.var)}")
    return 0
