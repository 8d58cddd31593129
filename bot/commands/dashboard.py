"""Serves the gemeente's dashboard."""

from __future__ import annotations

import argparse

from bot.settings import Settings

HELP = "serve the gemeente's dashboard and its API"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No options: every value is a setting, see .env.example."""


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    from bot.dashboard.access import dashboard_token
    from bot.dashboard.app import create_app
    from bot.dashboard.words import word
    from bot.engine.logs import withhold
    from bot.engine.manners import BoundedProtocol, keep_to_one_meaning

    withhold()
    was_set = bool(settings.dashboard_token)
    app = create_app(settings)
    keep_to_one_meaning(app)
    print(word("cli.started", url=f"http://localhost:{settings.dashboard_port}/"), flush=True)
    if not was_set:
        print(word("cli.token", token=dashboard_token(settings)), flush=True)
    app.run(host=settings.host, port=settings.dashboard_port, access_log=False, debug=False, protocol=BoundedProtocol)
    return 0
