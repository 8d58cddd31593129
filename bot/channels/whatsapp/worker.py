"""Answers what waits: each resident's messages one after the other, in the order in which they were sent."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import logging
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

from bot.channels.whatsapp.address import Address, Addresses
from bot.channels.whatsapp.courier import Courier
from bot.channels.whatsapp.waiting import Inbox, Waiting
from bot.sealing import Sealed

logger = logging.getLogger(__name__)
TRIES = 5
"""Turns that break down before a message is let go: one that always does must not hold up those behind it."""
REST = 2.0
"""Seconds before a turn that broke down is tried again, times the number of tries."""
QUIET, LONGEST, PATIENCE, A_PAUSE = 0.05, 0.5, 20.0, 1.0
"""Seconds: so long after a request a turn waits for the next; at most so long; so long a flood is let go first; what ends one."""
PRUNE_EVERY = 600
"""Seconds."""
Answer = Callable[[Waiting, Address], Awaitable[tuple[dict[str, Any], dict[str, Any]]]]
"""Takes a row into the conversation and says what to send: as it fits best, and as plain text."""
Entry = tuple[float, int, Waiting]


class Worker:
    """One task for each resident who waits; none for the others."""

    def __init__(self, inbox: Inbox, addresses: Addresses, answer: Answer, courier: Courier) -> None:
        self._inbox = inbox
        self._addresses = addresses
        self._answer = answer
        self._courier = courier
        self._waiting: dict[str, list[Entry]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._numbers = itertools.count()
        self._turn = asyncio.Lock()
        """A turn is all computing: two at once would take as long, and let Meta wait for its receipts."""
        self._knocking = 0
        """Requests of Meta that wait for a receipt now."""
        self._last_knock = self._knocking_since = -PATIENCE

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

    @contextmanager
    def receipt_first(self) -> Iterator[None]:
        """Meta's receipts go before turns: see `_let_receipts_go`."""
        now = time.monotonic()
        if now - self._last_knock > A_PAUSE:
            self._knocking_since = now
        self._knocking += 1
        try:
            yield
        finally:
            self._knocking -= 1
            self._last_knock = time.monotonic()

    async def stop(self) -> None:
        """Lets the answer that is on its way arrive, and stops; the rest waits in the inbox."""
        await self._courier.stop()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _start(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _drain(self, who: str) -> None:
        while self._waiting[who]:
            _, _, row = heapq.heappop(self._waiting[who])
            for tried in range(1, TRIES + 1):
                try:
                    await self._one(row)
                    break
                except Exception as error:  # whatever breaks, the next resident is answered
                    logger.error("a turn broke down: %s, %s", type(error).__name__, row.message[:8])
                    await asyncio.sleep(REST * tried)
            else:
                self._inbox.done(row.message)
        del self._waiting[who]

    async def _one(self, row: Waiting) -> None:
        if row.too_late(time.time()):
            self._inbox.done(row.message)
            return
        address = self._addresses.open(row.address)
        async with self._turn:
            await self._let_receipts_go()
            payload, plain = await self._answer(row, address)
        await self._courier.deliver(row, address, payload, plain)

    async def _let_receipts_go(self) -> None:
        """Lets a turn wait while Meta knocks, but not for long, and not at all where the knocking never ends."""
        begun = time.monotonic()
        while (now := time.monotonic()) - begun < LONGEST and now - self._knocking_since < PATIENCE:
            if not self._knocking and now - self._last_knock > QUIET:
                break
            await asyncio.sleep(QUIET / 5)

    async def _prune(self) -> None:
        while True:
            try:
                self._inbox.forget(time.time())
            except Exception as error:  # the database may be away for a while
                logger.warning("the inbox was not pruned: %s", type(error).__name__)
            await asyncio.sleep(PRUNE_EVERY)
