"""Fetches what a resident said from Meta: for so long as somebody waits for an answer, and no longer."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Protocol

from bot.channels.whatsapp.trouble import NotSent, Trouble
from bot.channels.whatsapp.waiting import Waiting

logger = logging.getLogger(__name__)
SECONDS = 30.0
"""In all. Who hears that it could not be made out can say it again; what was written after it must not wait for it."""
FIRST, LONGEST = 1.0, 8.0
"""Seconds between two tries: the first, doubled each time, and the longest."""


class Keeper(Protocol):
    """What bot.channels.whatsapp.graph is."""

    async def recording(self, media: str) -> bytes: ...
    def renew(self) -> None: ...


class Fetching:
    """`pace`: seconds between two tries are multiplied by it, so that tests need not wait.

    What is the matter here stays out of the alarm: that tells whether answers leave.
    """

    def __init__(self, graph: Keeper, pace: float = 1.0) -> None:
        self._graph, self._pace = graph, pace

    async def fetch(self, row: Waiting, media: str) -> bytes | None:
        """A resident's recording; None where Meta does not give it in time, or never will. Raises TooLong."""
        if row.too_late(time.time()):
            return None
        try:
            return await asyncio.wait_for(self._tried(media), SECONDS)
        except asyncio.TimeoutError:
            logger.warning("a recording was not fetched within %d seconds", SECONDS)
        except NotSent as refusal:
            logger.warning("Meta does not give a recording (code %d)", refusal.code)
        return None

    async def _tried(self, media: str) -> bytes:
        """Again and again, until it is there. Raises NotSent where it never will be."""
        wait = FIRST
        while True:
            try:
                return await self._graph.recording(media)
            except NotSent as refusal:
                if refusal.trouble in (Trouble.NEVER, Trouble.MALFORMED):
                    raise
                if refusal.trouble is Trouble.TOKEN:  # in case that somebody has mended it
                    self._graph.renew()
            await asyncio.sleep(wait * self._pace)
            wait = min(2 * wait, LONGEST)
