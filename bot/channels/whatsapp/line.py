"""What one resident waits for: a danger first, all else in the order in which it was sent."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import json

from bot.channels.whatsapp.hearing import is_danger
from bot.channels.whatsapp.reply import Answer
from bot.channels.whatsapp.waiting import Waiting

Entry = tuple[bool, float, int, Waiting]
"""Not a danger; when it was sent; the how manieth it came; the row."""


class Line:
    """One resident's rows. One at a time is taken out, and may be put back where a danger came behind it."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._numbers = itertools.count()
        self._taken: Entry | None = None
        self._danger = asyncio.Event()
        self._made: dict[str, Answer] = {}
        """Answers that were made and gave their place up: they are not made again."""

    def __bool__(self) -> bool:
        return bool(self._entries)

    def add(self, row: Waiting) -> None:
        self._push((not is_danger(json.loads(row.understanding)), row.sent, next(self._numbers), row))

    def take(self) -> tuple[Waiting, asyncio.Event | None]:
        """Who is next, and what tells that a danger waits behind it; None for a danger, which waits for no other."""
        self._taken = heapq.heappop(self._entries)
        self._look()
        calm, *_, row = self._taken
        return row, self._danger if calm else None

    def put_back(self, made: Answer | None = None) -> None:
        """What was taken waits again, at its own place behind the danger; `made`: its answer, if that far it came."""
        assert self._taken
        self._push(self._taken)
        if made:
            self._made[self._taken[-1].message] = made

    def made(self, row: Waiting) -> Answer | None:
        """The answer that was put back with a row, once."""
        return self._made.pop(row.message, None)

    def withdraw(self, message: str) -> bool:
        """Lets a row go that still waits; whether it did."""
        kept = [entry for entry in self._entries if entry[-1].message != message]
        found = len(kept) < len(self._entries)
        heapq.heapify(kept)
        self._entries = kept
        self._made.pop(message, None)
        self._look()
        return found

    def _push(self, entry: Entry) -> None:
        heapq.heappush(self._entries, entry)
        self._look()

    def _look(self) -> None:
        """Says whether a danger waits."""
        if self._entries and not self._entries[0][0]:
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
