"""Brings one answer after the other to Meta: waits while Meta is away, and never sends twice what may have arrived.

One at a time, for all: a crash can leave at most one answer of which nobody knows whether it arrived.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from enum import Enum
from typing import Any, Protocol

from bot.channels.whatsapp.address import Address
from bot.channels.whatsapp.alarm import Alarm
from bot.channels.whatsapp.gate import Gate
from bot.channels.whatsapp.line import rest
from bot.channels.whatsapp.trouble import NotSent, Trouble
from bot.channels.whatsapp.waiting import Inbox, Waiting

logger = logging.getLogger(__name__)
FIRST, LONGEST = 1.0, 15.0
"""Seconds between two tries while Meta is away: the first, doubled each time, and the longest."""
PAIR, LONGEST_PAIR = 4.0, 64.0
"""Seconds to wait where one resident gets too much, to the power of the times, as Meta asks; and the longest."""
TRIES = 2
"""Of what may have arrived: once more, and no more."""


Payload = dict[str, Any]


class Sender(Protocol):
    """What bot.channels.whatsapp.graph is."""

    async def send(self, address: Address, payload: Payload) -> None: ...
    async def there(self) -> bool: ...
    def renew(self) -> None: ...


class Delivery(Enum):
    """What became of an answer."""

    SENT = "sent"
    LET_GO = "let go"
    YIELDED = "yielded"
    """It was not sent, and a danger of the same resident waits: it is to be brought again after that."""


class Courier:
    """`pace`: seconds are multiplied by it, so that tests need not wait."""

    def __init__(self, inbox: Inbox, graph: Sender, pace: float = 1.0) -> None:
        self._inbox = inbox
        self._graph = graph
        self._pace = pace
        self._one = Gate()
        self._idle = asyncio.Event()
        self._idle.set()
        self._stopped = False
        self._away = 0
        """How often in a row Meta was away."""
        self.alarm = Alarm()

    async def deliver(
        self, row: Waiting, address: Address, payload: Payload, plain: Payload, danger: asyncio.Event | None = None
    ) -> Delivery:
        """Sends the answer to a row as soon as Meta takes it, or lets it go when it is too late.

        `plain`: what is sent where the other is refused. `danger`: tells that one waits behind; what was not sent gives its
        place up to it, unless it may have arrived.
        """
        times: Counter[Trouble | None] = Counter()
        yields_to = danger
        while not row.too_late(time.time()):
            async with self._one.entered(yields_to) as let_in:
                if not let_in:
                    return Delivery.YIELDED
                trouble = await self._try(row, address, payload)
            times[trouble] += 1
            yields_to = None if times[Trouble.UNSURE] else danger
            if trouble in (None, Trouble.NEVER) or times[Trouble.UNSURE] >= TRIES:
                break
            if trouble is Trouble.TOO_FAST:
                await rest(min(PAIR ** times[trouble], LONGEST_PAIR) * self._pace, yields_to)
            elif trouble is Trouble.MALFORMED:
                if payload is plain:
                    break
                payload = plain
        await self.close(row)
        return Delivery.SENT if times[None] else Delivery.LET_GO

    async def close(self, row: Waiting) -> None:
        """Closes a row, however long its database is away: one that stayed open would be answered again."""
        for times in range(1_000_000):
            try:
                self._inbox.done(row.message)
                return
            except Exception as error:  # whatever the database has
                logger.warning("an answered message cannot be closed yet: %s", type(error).__name__)
                await asyncio.sleep(min(FIRST * 2 ** min(times, 10), LONGEST) * self._pace)

    async def stop(self) -> None:
        """Lets what is on its way arrive; nothing is sent after it."""
        self._stopped = True
        await self._idle.wait()

    async def _try(self, row: Waiting, address: Address, payload: Payload) -> Trouble | None:
        """Sends once. What Meta refused did not arrive, and waits again; while Meta is away, nothing else is sent."""
        if self._stopped:
            raise asyncio.CancelledError
        self._inbox.sending(row.message)
        self._idle.clear()
        try:
            await self._graph.send(address, payload)
        except NotSent as refusal:
            self._idle.set()
            self._tell(refusal)
            if refusal.trouble is not Trouble.UNSURE:
                self._inbox.back(row.message)
            await self._wait_out(refusal.trouble)
            return refusal.trouble
        finally:
            self._idle.set()
        self._away = 0
        self.alarm.over()
        return None

    async def _wait_out(self, trouble: Trouble) -> None:
        if trouble in (Trouble.AWAY, Trouble.TOKEN):
            await self._rest()
        elif trouble is Trouble.UNSURE:
            await self._until_there()

    async def _until_there(self) -> None:
        """While Meta hangs, nothing is sent at all: what may have arrived is tried again only when it answers."""
        while not await self._graph.there():
            await self._rest()

    async def _rest(self) -> None:
        """All wait, longer each time: who is refused because of the load does not add to it."""
        await asyncio.sleep(min(FIRST * 2 ** min(self._away, 10), LONGEST) * self._pace)
        self._away += 1

    def _tell(self, refusal: NotSent) -> None:
        """Says in the log what is the matter, once; a token is read anew, in case that somebody has mended it."""
        self.alarm.raised(refusal)
        if refusal.trouble is Trouble.TOKEN:
            self._graph.renew()
