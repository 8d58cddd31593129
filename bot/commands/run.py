"""What `make run` does after set-up: trains if needed, then serves the site and the dashboard until told to stop."""

from __future__ import annotations

import argparse
import os
import secrets
import subprocess
import sys

from bot.settings import PREFIX, Settings

HELP = "train if needed, then serve the site with the chat and the gemeente's dashboard"
TOKEN = f"{PREFIX}DASHBOARD_TOKEN"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No options: every value is a setting, see .env.example."""


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """The dashboard is a process of its own: it reads the statistics, and knows nothing of conversations."""
    settings.require_secret()
    from bot.engine.logs import withhold
    from bot.engine.unused import leave_out_what_is_unused

    withhold()
    leave_out_what_is_unused(settings)
    from bot.engine.server import serve
    from bot.engine.train import model_path, trained

    if not model_path(settings.var).exists():
        print("Learning to understand, once: about a minute …", flush=True)
    trained(settings.var)
    token = settings.dashboard_token or secrets.token_urlsafe(18)
    dashboard = subprocess.Popen([sys.executable, "-m", "bot", "dashboard"], env={**os.environ, TOKEN: token})
    print(f"\n  The chat:      {settings.public_url}/", flush=True)
    print(f"  The dashboard: http://localhost:{settings.dashboard_port}/  (token: {token})\n", flush=True)
    try:
        serve(settings)
    finally:
        dashboard.terminate()
        dashboard.wait()
    return 0
