"""Ends what is over: conversations past their time are counted once and forgotten; the outbox is brought to the count."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from bot.conversation.finish import finished, revived
from bot.conversation.state import State
from bot.engine.conversations import Conversations
from bot.engine.logs import where
from bot.model import FinishedConversation
from bot.settings import Settings
from bot.statistics.known import Known
from bot.statistics.store import Store

logger = logging.getLogger(__name__)
EVERY = 30
"""Seconds between two looks."""


def expire(conversations: Conversations, hours: float, now: datetime) -> int:
    """Ends every conversation whose last turn is longer ago; how many were ended."""
    overdue = conversations.overdue(time.time() - hours * 3600)
    return sum(conversations.end(name, finished(_state(conversations, name), now)) for name in overdue)


def deliver(conversations: Conversations, count: Callable[[FinishedConversation, str], bool]) -> int:
    """Brings the outbox to the count; a crash between the two repeats the nonce, which is counted once."""
    waiting = conversations.outbox()
    for nonce, data in waiting:
        count(revived(data), nonce)
        conversations.delivered([nonce])
    return len(waiting)


def _state(conversations: Conversations, name: str) -> State:
    slots: dict[str, Any] = {}
    for row in conversations.rows(name):
        if row["e"] == "slot":
            slots[row["k"]] = row["v"]
    fields = State.__dataclass_fields__
    return State.from_slots({key: value for key, value in slots.items() if key in fields})


def open_store(settings: Settings) -> Store:
    """The statistics of the municipality that is served."""
    return Store.open(settings.database_url, Known.of(settings.gemeente))


async def keep_expiring(tracker_store: Any, settings: Settings) -> None:
    """The server's own clock work. Counting may fail; helping may not: a failure is logged and tried again."""
    store = None
    while True:
        try:
            store = store or open_store(settings)
            expire(tracker_store.conversations, settings.conversation_hours, settings.moment())
            deliver(tracker_store.conversations, store.count)
        except Exception as error:  # whatever the database does, the conversations go on
            logger.warning("the count must wait: %s", where(error))
        await asyncio.sleep(EVERY)
