"""Answers what waits: each resident's messages one after the other, a danger first, else in the order in which they were sent."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Coroutine
from typing import Any

from bot.channels.whatsapp.address import Addresses
from bot.channels.whatsapp.answering import Answering, Dialogue, Speaker
from bot.channels.whatsapp.courier import Courier
from bot.channels.whatsapp.line import Line
from bot.channels.whatsapp.receipts import Receipts
from bot.channels.whatsapp.trouble import Trouble
from bot.channels.whatsapp.waiting import Inbox, Waiting
from bot.sealing import Sealed

logger = logging.getLogger(__name__)
PRUNE_EVERY = 600
"""Seconds."""


class Worker:
    """One task for each resident who waits; none for the others. `passing` and `pace`: see Answering."""

    def __init__(
        self, inbox: Inbox, addresses: Addresses, dialogue: Dialogue, courier: Courier, speaker: Speaker,
        passing: tuple[type[Exception], ...] = (OSError,), pace: float = 1.0,
    ) -> None:  # fmt: skip
        self._inbox, self._addresses, self._dialogue, self._courier = inbox, addresses, dialogue, courier
        self.receipts = Receipts()
        self._answering = Answering(addresses, dialogue, courier, speaker, self.receipts, self._start, passing, pace)
        self._lines: dict[str, Line] = {}
        self._tasks: set[asyncio.Task[Any]] = set()

    @property
    def trouble(self) -> Trouble | None:
        return self._courier.alarm.trouble

    def begin(self) -> None:
        """Takes up what an earlier process left, and keeps the inbox small."""
        self.add(self._inbox.waiting())
        self._start(self._prune())

    def add(self, rows: list[Waiting]) -> None:
        """Rows of the inbox that are to be answered; those of one request together, so that their order counts."""
        for row in rows:
            try:
                who = self._addresses.open(row.address).who
            except Sealed:  # another secret key, or too long ago: there is nobody to answer to
                self._inbox.done(row.message)
                continue
            if who not in self._lines:
                self._lines[who] = Line()
                self._start(self._drain(who, self._lines[who]))
            self._lines[who].add(row)

    def withdraw(self, who: str, message: str) -> None:
        """Lets a message go that was changed or taken back before it was answered."""
        line = self._lines.get(who)
        if line and line.waits(message):
            self._inbox.done(message)  # first: where this breaks, Meta brings the change again, and finds it here
            line.withdraw(message)

    async def stop(self) -> None:
        """Lets the answer that is on its way arrive, and stops; the rest waits in the inbox."""
        await self._courier.stop()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _start(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _drain(self, who: str, line: Line) -> None:
        try:
            while line:
                await self._answering.next_of(line)
        finally:
            del self._lines[who]

    async def _prune(self) -> None:
        while True:
            self._dialogue.forget()
            try:
                self._inbox.forget(time.time())
            except Exception as error:  # the database may be away for a while
                logger.warning("the inbox was not pruned: %s", type(error).__name__)
            await asyncio.sleep(PRUNE_EVERY)
