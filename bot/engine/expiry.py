"""Ends what is over: conversations past their time are counted once and forgotten; the outbox is brought to the count."""

from __future__ import annotations

import asyncio
import logging
import time
from datetime import date, datetime
from typing import Any

from bot.conversation.finish import finished
from bot.conversation.state import State
from bot.engine.conversations import Conversations
from bot.engine.logs import where
from bot.settings import Settings
from bot.statistics.counting import AWAY, open_store, read, written
from bot.statistics.store import NotAnId, Store

logger = logging.getLogger(__name__)
EVERY = 30
"""Seconds between two looks."""


def expire(conversations: Conversations, hours: float, now: datetime) -> int:
    """Ends every conversation whose last turn is longer ago; how many were ended."""
    overdue = conversations.overdue(time.time() - hours * 3600)
    return sum(conversations.end(name, written(finished(_state(conversations, name), now))) for name in overdue)


def _state(conversations: Conversations, name: str) -> State:
    slots: dict[str, Any] = {}
    for row in conversations.rows(name):
        if row["e"] == "slot":
            slots[row["k"]] = row["v"]
    fields = State.__dataclass_fields__
    return State.from_slots({key: value for key, value in slots.items() if key in fields})


class Counting:
    """Brings the outbox to the statistics. The store is opened when it is first needed, and again after it was away."""

    def __init__(self, settings: Settings, conversations: Conversations) -> None:
        self._settings = settings
        self._conversations = conversations
        self._store: Store | None = None
        self._pruned: date | None = None

    def deliver(self) -> int:
        """Counts what waits; how many that were. A crash between count and outbox repeats the nonce, counted once."""
        counted = 0
        try:
            for nonce, text in self._conversations.outbox():
                counted += self._count(nonce, text)
                self._conversations.delivered([nonce])
        except AWAY:
            logger.warning("the statistics are away; what is finished waits in the outbox")
        return counted

    def _count(self, nonce: str, text: str) -> bool:
        self._store = self._store or open_store(self._settings)
        try:
            return self._store.count(read(text), nonce)
        except NotAnId:  # it would come back for ever and block those behind it
            logger.error("a finished conversation held something that is no id; it is dropped")
            return False

    def prune(self, now: datetime) -> None:
        """Drops what is too old, once a day; first what waits is delivered, while its nonces are known."""
        self.deliver()
        if self._pruned == now.date():
            return
        try:
            self._store = self._store or open_store(self._settings)
            self._store.prune(now)
            self._pruned = now.date()
        except AWAY:
            logger.warning("the statistics are away; nothing was pruned")


async def keep_expiring(conversations: Conversations, settings: Settings) -> None:
    """The server's own clock work. Counting may fail; helping may not: a failure is logged and tried again."""
    counting = Counting(settings, conversations)
    while True:
        try:
            expire(conversations, settings.conversation_hours, settings.moment())
            await asyncio.to_thread(counting.prune, settings.moment())
        except Exception as error:  # whatever the databases do, the conversations go on
            logger.warning("the count must wait: %s", where(error))
        await asyncio.sleep(EVERY)
