"""What one resident waits for: a danger first, all else in the order in which it was sent."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import json
from dataclasses import dataclass, field
from typing import Any

from bot.channels.whatsapp.hearing import Understanding, is_danger
from bot.channels.whatsapp.reply import Answer
from bot.channels.whatsapp.waiting import Waiting


@dataclass(order=True)
class Place:
    """One row's place in the line, and how far its answer has come: what was begun is not begun again."""

    calm: bool
    """Not a danger. Of a recording that is known only once it is recognised."""
    sent: float
    number: int
    """The how manieth it came."""
    row: Waiting = field(compare=False)
    prepared: asyncio.Task[Understanding] | None = field(default=None, compare=False)
    """What is understood in it; with a recording, what fetches and recognises it meanwhile."""
    answer: Answer | None = field(default=None, compare=False)


class Line:
    """One resident's rows. One at a time is taken out, and may be put back where a danger came behind it."""

    def __init__(self) -> None:
        self._places: list[Place] = []
        self._numbers = itertools.count()
        self._danger = asyncio.Event()

    def __bool__(self) -> bool:
        return bool(self._places)

    def add(self, row: Waiting) -> None:
        self._push(Place(not is_danger(json.loads(row.understanding)), row.sent, next(self._numbers), row))

    def take(self) -> Place:
        """Who is next."""
        place = heapq.heappop(self._places)
        self._look()
        return place

    def behind(self, place: Place) -> asyncio.Event | None:
        """What tells that a danger waits behind one that was taken; None for a danger, which waits for no other."""
        return self._danger if place.calm else None

    def put_back(self, place: Place) -> None:
        """What was taken waits again, at its own place behind the danger."""
        if place.answer and not place.answer.ours:
            place.answer = None  # "klopt dat?" is asked anew: the danger lets go of what waits for a yes
        self._push(place)

    def waits(self, message: str) -> bool:
        return any(place.row.message == message for place in self._places)

    def withdraw(self, message: str) -> None:
        """Lets a row go that still waits."""
        for place in self._places:
            if place.row.message == message and place.prepared:
                place.prepared.cancel()
        self._places = [place for place in self._places if place.row.message != message]
        heapq.heapify(self._places)
        self._look()

    def _push(self, place: Place) -> None:
        heapq.heappush(self._places, place)
        self._look()

    def _look(self) -> None:
        """Says whether a danger waits."""
        if self._places and not self._places[0].calm:
            self._danger.set()
        else:
            self._danger.clear()


async def rest(seconds: float, danger: asyncio.Event | None) -> bool:
    """Waits for so long, or until a danger waits behind; whether one does."""
    if danger is None:
        await asyncio.sleep(seconds)
        return False
    try:
        await asyncio.wait_for(danger.wait(), seconds)
    except asyncio.TimeoutError:
        return danger.is_set()
    return True


async def overtaken(work: asyncio.Future[Any], danger: asyncio.Event | None) -> bool:
    """Waits until the work is done, or a danger waits behind; whether one does. The work goes on, whoever waits."""
    if danger is None:
        await asyncio.wait({work})
        return False
    if work.done() or danger.is_set():
        return danger.is_set()
    told = asyncio.ensure_future(danger.wait())
    try:
        await asyncio.wait({work, told}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        told.cancel()
    return danger.is_set() or not work.done()
