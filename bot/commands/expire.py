"""Ends and counts the conversations whose time is over, as the server does by itself."""

from __future__ import annotations

import argparse
from datetime import datetime

from bot.settings import AMSTERDAM, Settings

HELP = "end and count the conversations whose time is over"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No options: the time is DREMPELHULP_CONVERSATION_HOURS."""


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    from bot.engine.logs import withhold

    withhold()
    from bot.engine.conversations import Conversations
    from bot.engine.expiry import Counting, expire
    from bot.engine.tables import open_engine

    conversations = Conversations(open_engine(settings.tracker_url))
    ended = expire(conversations, settings.conversation_hours, settings.moment())
    conversations.forget_keys(datetime.now(AMSTERDAM).date())
    conversations.scrub()
    counted = Counting(settings, conversations).deliver()
    print(f"{ended} ended, {counted} counted")
    return 0
