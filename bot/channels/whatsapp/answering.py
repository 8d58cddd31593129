"""One message's way to its answer: understood, taken into the conversation, sent, and said aloud where it was spoken."""

from __future__ import annotations

import asyncio
import itertools
import logging
import time
from collections.abc import Callable, Coroutine
from typing import Any, Protocol

from bot.channels.whatsapp.address import Address, Addresses
from bot.channels.whatsapp.courier import Courier, Delivery
from bot.channels.whatsapp.gate import Gate
from bot.channels.whatsapp.hearing import Understanding, is_danger
from bot.channels.whatsapp.line import Line, Place, overtaken, rest
from bot.channels.whatsapp.receipts import Receipts
from bot.channels.whatsapp.reply import Answer
from bot.channels.whatsapp.waiting import Waiting

logger = logging.getLogger(__name__)
TRIES = 5
"""Turns that break down by a mistake of ours before a number is said instead: one that always does must not hold up others."""
REST, LONGEST = 2.0, 30.0
"""Seconds before a turn that broke down is tried again, times the number of tries; and the longest."""
Start = Callable[[Coroutine[Any, Any, Any]], "asyncio.Task[Any]"]
"""Starts work that goes on beside, and is ended with the worker."""


class Dialogue(Protocol):
    """What bot.channels.whatsapp.talk is."""

    async def prepare(self, row: Waiting, address: Address) -> Understanding: ...
    async def answer(self, row: Waiting, address: Address, understanding: Understanding) -> Answer: ...
    def failed(self, address: Address) -> Answer: ...
    def forget(self) -> None: ...


class Speaker(Protocol):
    """What bot.channels.whatsapp.speaking is."""

    async def say(self, address: Address, answer: Answer) -> None: ...


class Answering:
    """Answers whoever is next in a line; a danger that comes behind it goes first, whatever is under way.

    `passing`: what may break a turn and goes by itself, such as a database that is away; it is tried for as long as an
    answer may be sent. `pace`: seconds are multiplied by it.
    """

    def __init__(
        self, addresses: Addresses, dialogue: Dialogue, courier: Courier, speaker: Speaker, receipts: Receipts,
        start: Start, passing: tuple[type[Exception], ...], pace: float,
    ) -> None:  # fmt: skip
        self._addresses, self._dialogue, self._courier, self._speaker = addresses, dialogue, courier, speaker
        self._receipts, self._start, self._passing, self._pace = receipts, start, passing, pace
        self._turn = Gate()
        """A turn is all computing: two at once would take as long, and let Meta wait for its receipts."""

    async def next_of(self, line: Line) -> None:
        """Whatever breaks, a message is answered in the end, and the next resident at once."""
        place, mistakes = line.take(), 0
        for tried in itertools.count(1):
            try:
                if await self._gives_way(place, line, mistakes >= TRIES):
                    line.put_back(place)
                return
            except Exception as error:
                mistakes += not isinstance(error, self._passing)
                logger.error("a turn broke down: %s, %s", type(error).__name__, place.row.message[:8])
                if place.row.too_late(time.time()) or mistakes > TRIES:
                    return await self._courier.close(place.row)
                if await rest(min(REST * tried, LONGEST) * self._pace, line.behind(place)):
                    return line.put_back(place)

    async def _gives_way(self, place: Place, line: Line, gives_up: bool) -> bool:
        """Answers; or, where a danger came meanwhile, leaves that for later and says so."""
        row = place.row
        if row.too_late(time.time()):
            await self._courier.close(row)
            return False
        address = self._addresses.open(row.address)
        if gives_up:
            place.answer = self._dialogue.failed(address)
        elif place.answer is None:
            place.answer = await self._answer(place, address, line)
        if place.answer is None:
            return True
        answer, danger = place.answer, line.behind(place)
        became = await self._courier.deliver(row, address, answer.payload, answer.plain, danger)
        if became is Delivery.SENT and answer.spoken:
            await self._say(address, answer, danger)
        return became is Delivery.YIELDED

    async def _answer(self, place: Place, address: Address, line: Line) -> Answer | None:
        """None where a danger waits behind."""
        understanding = await self._understood(place, address, line)
        if understanding is None:
            return None
        async with self._turn.entered(line.behind(place)) as let_in:
            if not let_in:
                return None
            await self._receipts.let_go()
            return await self._dialogue.answer(place.row, address, understanding)

    async def _understood(self, place: Place, address: Address, line: Line) -> Understanding | None:
        """None where a danger waits behind; a recording is fetched and recognised while that is answered."""
        if place.prepared is None:
            place.prepared = self._start(self._dialogue.prepare(place.row, address))
        if await overtaken(place.prepared, line.behind(place)):
            return None
        try:
            understanding = place.prepared.result()
        except Exception:
            place.prepared = None
            raise
        place.calm = place.calm and not is_danger(understanding)
        return understanding

    async def _say(self, address: Address, answer: Answer, danger: asyncio.Event | None) -> None:
        """The answer aloud. A danger does not wait for that: the text has arrived."""
        sound = self._start(self._speaker.say(address, answer))
        if await overtaken(sound, danger):
            sound.cancel()
