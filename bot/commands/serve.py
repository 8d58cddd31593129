"""Serves the site and the chat."""

from __future__ import annotations

import argparse

from bot.engine.garbage import wait_until_loaded
from bot.settings import Settings

HELP = "serve the site and the chat (trains first, if needed)"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No options: every value is a setting, see .env.example."""


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    settings.require_secret()
    wait_until_loaded()
    from bot.engine.logs import withhold
    from bot.engine.unused import leave_out_what_is_unused

    withhold()
    leave_out_what_is_unused(settings)
    from bot.engine.server import serve
    from bot.engine.train import trained

    trained(settings.var)
    serve(settings)
    return 0
