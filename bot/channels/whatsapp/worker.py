"""Answers what waits: each resident's messages one after the other, in the order in which they were sent."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import logging
import time
from collections.abc import Coroutine
from typing import Any, Protocol

from bot.channels.whatsapp.address import Address, Addresses
from bot.channels.whatsapp.courier import Courier
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
Entry = tuple[float, int, Waiting]


class Dialogue(Protocol):
    """What bot.channels.whatsapp.talk is."""

    async def prepare(self, row: Waiting, address: Address) -> dict[str, Any]: ...
    async def answer(self, row: Waiting, address: Address, understanding: dict[str, Any]) -> Answer: ...
    def failed(self, address: Address) -> Answer: ...


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
        self._waiting: dict[str, list[Entry]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._numbers = itertools.count()
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
            if who not in self._waiting:
                self._waiting[who] = []
                self._start(self._drain(who))
            heapq.heappush(self._waiting[who], (row.sent, next(self._numbers), row))

    def withdraw(self, who: str, message: str) -> None:
        """Lets a message go that was changed or taken back before it was answered."""
        waiting = self._waiting.get(who, [])
        kept = [entry for entry in waiting if entry[2].message != message]
        if len(kept) < len(waiting):
            heapq.heapify(kept)
            self._waiting[who][:] = kept
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

    async def _drain(self, who: str) -> None:
        try:
            while self._waiting[who]:
                _, _, row = heapq.heappop(self._waiting[who])
                await self._until_answered(row)
        finally:
            del self._waiting[who]

    async def _until_answered(self, row: Waiting) -> None:
        """Whatever breaks, the message is answered in the end, and the next resident at once."""
        mistakes = 0
        for tried in itertools.count(1):
            try:
                return await self._one(row, mistakes >= TRIES)
            except Exception as error:
                mistakes += not isinstance(error, self._passing)
                logger.error("a turn broke down: %s, %s", type(error).__name__, row.message[:8])
                if row.too_late(time.time()) or mistakes > TRIES:
                    return await self._courier.close(row)
                await asyncio.sleep(min(REST * tried, LONGEST) * self._pace)

    async def _one(self, row: Waiting, gives_up: bool) -> None:
        if row.too_late(time.time()):
            return await self._courier.close(row)
        address = self._addresses.open(row.address)
        answer = self._dialogue.failed(address) if gives_up else await self._answer(row, address)
        if await self._courier.deliver(row, address, answer.payload, answer.plain) and answer.spoken:
            await self._speaker.say(address, answer)

    async def _answer(self, row: Waiting, address: Address) -> Answer:
        understanding = await self._dialogue.prepare(row, address)
        async with self._turn:
            await self.receipts.let_go()
            return await self._dialogue.answer(row, address, understanding)

    async def _prune(self) -> None:
        while True:
            try:
                self._inbox.forget(time.time())
            except Exception as error:  # the database may be away for a while
                logger.warning("the inbox was not pruned: %s", type(error).__name__)
            await asyncio.sleep(PRUNE_EVERY)
