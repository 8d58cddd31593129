"""Ends what is over: conversations past their time are counted once and forgotten; the outbox is brought to the count."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Protocol

from bot.conversation.finish import finished
from bot.conversation.state import State
from bot.engine.conversations import Conversations
from bot.engine.ends import Ends
from bot.engine.logs import where
from bot.settings import AMSTERDAM, Settings
from bot.statistics.counting import AWAY, open_store, read, written
from bot.statistics.store import NotAnId, Store, real_time

logger = logging.getLogger(__name__)
EVERY = 30
"""Seconds between two looks."""
AT_ONCE = 10
"""Conversations that are ended in one transaction."""


def expire(conversations: Conversations, hours: float, now: datetime, most: int | None = None) -> int:
    """Ends every conversation whose last turn is longer ago, or `most` of them; how many were ended."""
    before = time.time() - hours * 3600
    overdue = conversations.overdue(before)[:most]
    return sum(conversations.end_together([(name, _left(conversations, name, now)) for name in overdue], before))


def _left(conversations: Conversations, name: str, now: datetime) -> str:
    """What it leaves to the count. One bad row may not keep all others from their end: then only that it was had is counted."""
    try:
        return written(finished(_state(conversations, name), now))
    except NotAnId:
        logger.error("an overdue conversation held something that is no id; only that it was had is counted")
    except (ValueError, TypeError, KeyError) as error:
        logger.error("an overdue conversation cannot be read; only that it was had is counted: %s", where(error))
    return written(finished(State(), now))


def _state(conversations: Conversations, name: str) -> State:
    slots: dict[str, Any] = {}
    for row in conversations.rows(name):
        if row["e"] == "slot":
            slots[row["k"]] = row["v"]
    fields = State.__dataclass_fields__
    return State.from_slots({key: value for key, value in slots.items() if key in fields})


class Counting:
    """Brings the outbox to the statistics. The store is opened when it is first needed, and again after it was away."""

    def __init__(
        self, settings: Settings, conversations: Conversations, clock: Callable[[], datetime] = real_time
    ) -> None:
        """`clock` is real time, by which nonces are forgotten."""
        self._settings = settings
        self._clock = clock
        self._conversations = conversations
        self._store: Store | None = None
        self._pruned: tuple[date, date] | None = None

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
        store = self.store
        try:
            return store.count(read(text), nonce)
        except NotAnId:  # it would come back for ever and block those behind it
            logger.error("a finished conversation held something that is no id; it is dropped")
            return False

    def prune(self, now: datetime) -> None:
        """Drops what is too old; first what waits is delivered, while its nonces are known.

        Once a day, by the municipality's calendar for the counters, and by real time's own (UTC) for the nonces.
        """
        self.deliver()
        days = (now.date(), self._clock().date())
        if self._pruned == days:
            return
        try:
            self.store.prune(now)
            self._pruned = days
        except AWAY:
            logger.warning("the statistics are away; nothing was pruned")

    @property
    def store(self) -> Store:
        """Raises what AWAY holds where the statistics are away."""
        self._store = self._store or replace(open_store(self._settings), clock=self._clock)
        return self._store


class Memory(Protocol):
    """The talks that a process has ready in memory, by the names under which they are kept."""

    ends: Ends

    def forget_before(self, moment: float) -> None: ...

    def names(self) -> list[str]: ...

    def forget(self, names: Iterable[str]) -> None: ...


async def forget_what_ended(memory: Memory, conversations: Conversations, hours: float) -> None:
    """Takes out of this process's memory what has ended: by its time, and where another process ended or erased it."""
    memory.forget_before(time.time() - hours * 3600)  # also while the database is away
    memory.forget(await asyncio.to_thread(conversations.gone, memory.names()))


async def _expired(memory: Memory, conversations: Conversations, settings: Settings) -> int:
    """So many at once that nobody who talks waits long for them."""
    async with memory.ends.files:
        return await asyncio.to_thread(expire, conversations, settings.conversation_hours, settings.moment(), AT_ONCE)


async def keep_expiring(conversations: Conversations, settings: Settings, memory: Memory) -> None:
    """The server's own clock work. Counting may fail; helping may not: a failure is logged and tried again."""
    counting = Counting(settings, conversations)
    while True:
        try:
            await forget_what_ended(memory, conversations, settings.conversation_hours)
            while await _expired(memory, conversations, settings):
                pass
            async with memory.ends.files:
                conversations.forget_keys(datetime.now(AMSTERDAM).date())
                await asyncio.to_thread(conversations.scrub)
            await asyncio.to_thread(counting.prune, settings.moment())
        except Exception as error:  # whatever the databases do, the conversations go on
            logger.warning("the count must wait: %s", where(error))
        await asyncio.sleep(EVERY)
