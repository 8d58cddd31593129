"""Lets through one after the other: those in danger first, the others in the order in which they came."""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.channels.whatsapp.line import overtaken


class Gate:
    """One at a time is inside. Whoever waits leaves the queue again where a danger of the same resident comes behind."""

    def __init__(self) -> None:
        self._waiting: list[tuple[bool, int, asyncio.Future[None]]] = []
        """Calm; the how manieth; what lets it in."""
        self._numbers = itertools.count()
        self._busy = False

    @asynccontextmanager
    async def entered(self, danger: asyncio.Event | None) -> AsyncIterator[bool]:
        """Whether it is let in. `danger`: tells that one waits behind; None for a danger, which goes before all others."""
        inside = await self._let_in(danger)
        try:
            yield inside
        finally:
            if inside:
                self._leave()

    async def _let_in(self, danger: asyncio.Event | None) -> bool:
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (danger is not None, next(self._numbers), turn))
        if not self._busy:
            self._next()
        try:
            gives_way = await overtaken(turn, danger)
        except asyncio.CancelledError:
            self._forget(turn)
            raise
        if gives_way:
            self._forget(turn)
        return not gives_way

    def _forget(self, turn: asyncio.Future[None]) -> None:
        """It may have been let in just now."""
        if turn.done():
            self._leave()
        else:
            turn.cancel()

    def _leave(self) -> None:
        self._busy = False
        self._next()

    def _next(self) -> None:
        while self._waiting and not self._busy:
            *_, turn = heapq.heappop(self._waiting)
            if not turn.done():  # else it has left
                turn.set_result(None)
                self._busy = True
