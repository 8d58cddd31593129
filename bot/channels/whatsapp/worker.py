"""Answers what waits: each resident's messages one after the other, a danger first, else in the order in which they were sent."""

from __future__ import annotations

import asyncio
import itertools
import logging
import time
from collections.abc import Coroutine
from typing import Any, Protocol

from bot.channels.whatsapp.address import Address, Addresses
from bot.channels.whatsapp.courier import Courier, Delivery
from bot.channels.whatsapp.line import Line, rest
from bot.channels.whatsapp.receipts import Receipts
from bot.channels.whatsapp.reply import Answer
from bot.channels.whatsapp.trouble import Trouble
from bot.channels.whatsapp.waiting import Inbox, Waiting
from bot.sealing import Sealed

logger = logging.getLogger(__name__)
TRIES = 5
"""Turns that break down by a mistake of ours before a number is said instead: one that always does must not hold up others."""
REST, LONGEST = 2.0, 30.0
"""Seconds before a turn that broke down is tried again, times the number of tries; and the longest."""
PRUNE_EVERY = 600
"""Seconds."""


class Dialogue(Protocol):
    """What bot.channels.whatsapp.talk is."""

    async def prepare(self, row: Waiting, address: Address) -> dict[str, Any]: ...
    async def answer(self, row: Waiting, address: Address, understanding: dict[str, Any]) -> Answer: ...
    def failed(self, address: Address) -> Answer: ...
    def forget(self) -> None: ...


class Speaker(Protocol):
    """What bot.channels.whatsapp.speaking is."""

    async def say(self, address: Address, answer: Answer) -> None: ...


class Worker:
    """One task for each resident who waits; none for the others. `pace`: seconds are multiplied by it.

    `passing`: what may break a turn and goes by itself, such as a database that is away; it is tried for as long as an
    answer may be sent.
    """

    def __init__(
        self, inbox: Inbox, addresses: Addresses, dialogue: Dialogue, courier: Courier, speaker: Speaker,
        passing: tuple[type[Exception], ...] = (OSError,), pace: float = 1.0,
    ) -> None:  # fmt: skip
        self._inbox, self._addresses, self._dialogue = inbox, addresses, dialogue
        self._courier, self._speaker, self._passing, self._pace = courier, speaker, passing, pace
        self._lines: dict[str, Line] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._turn = asyncio.Lock()
        """A turn is all computing: two at once would take as long, and let Meta wait for its receipts."""
        self.receipts = Receipts()

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
        if who in self._lines and self._lines[who].withdraw(message):
            self._inbox.done(message)

    async def stop(self) -> None:
        """Lets the answer that is on its way arrive, and stops; the rest waits in the inbox."""
        await self._courier.stop()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _drain(self, who: str, line: Line) -> None:
        try:
            while line:
                await self._until_answered(line)
        finally:
            del self._lines[who]

    async def _until_answered(self, line: Line) -> None:
        """Whatever breaks, a message is answered in the end, and the next resident at once; a danger behind it is first."""
        row, danger = line.take()
        mistakes = 0
        for tried in itertools.count(1):
            try:
                return await self._one(row, line, danger, mistakes >= TRIES)
            except Exception as error:
                mistakes += not isinstance(error, self._passing)
                logger.error("a turn broke down: %s, %s", type(error).__name__, row.message[:8])
                if row.too_late(time.time()) or mistakes > TRIES:
                    return await self._courier.close(row)
                if await rest(min(REST * tried, LONGEST) * self._pace, danger):
                    return line.put_back()

    async def _one(self, row: Waiting, line: Line, danger: asyncio.Event | None, gives_up: bool) -> None:
        if row.too_late(time.time()):
            return await self._courier.close(row)
        address = self._addresses.open(row.address)
        answer = self._dialogue.failed(address) if gives_up else line.made(row) or await self._answer(row, address)
        became = await self._courier.deliver(row, address, answer.payload, answer.plain, danger)
        if became is Delivery.YIELDED:
            line.put_back(answer)
        elif became is Delivery.SENT and answer.spoken:
            await self._speaker.say(address, answer)

    async def _answer(self, row: Waiting, address: Address) -> Answer:
        understanding = await self._dialogue.prepare(row, address)
        async with self._turn:
            await self.receipts.let_go()
            return await self._dialogue.answer(row, address, understanding)

    async def _prune(self) -> None:
        while True:
            self._dialogue.forget()
            try:
                self._inbox.forget(time.time())
            except Exception as error:  # the database may be away for a while
                logger.warning("the inbox was not pruned: %s", type(error).__name__)
            await asyncio.sleep(PRUNE_EVERY)
