"""Listens to a voice message: fetched from Meta into memory, made into words in the recogniser's process, gone at once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from bot.channels.whatsapp.graph import TooLong
from bot.channels.whatsapp.waiting import Waiting
from bot.voice.listening import Listener, trusted
from bot.voice.process import EngineFailed

logger = logging.getLogger(__name__)
MOST_LETTERS = 1000
AT_ONCE = 16
"""Recordings in memory: the recogniser takes one after the other, and what waits for it is megabytes."""
Fetch = Callable[[Waiting, str], Awaitable[bytes | None]]


class Recordings:
    """The recogniser, and the way to the recordings."""

    def __init__(self, listener: Listener, fetch: Fetch) -> None:
        self._listener = listener
        self._fetch = fetch
        self._few = asyncio.Semaphore(AT_ONCE)

    def hears(self, language: str) -> bool:
        return self._listener.hears(language)

    async def words(self, row: Waiting, media: str, language: str) -> str | None:
        """What is said in the recording with this id; None where it cannot be had or made out. Nothing of it is kept."""
        try:
            async with self._few:
                audio = await self._fetch(row, media)
                heard = trusted(await self._listener.hear(audio, language)) if audio else None
        except (EngineFailed, TooLong) as error:
            logger.warning("a recording was not heard: %s", type(error).__name__)
        except Exception as error:  # a recogniser of somebody's own: to say it again helps, to try it all day does not
            logger.error("a recording was not heard: %s", type(error).__name__)
        else:
            return heard.lstrip("/").strip()[:MOST_LETTERS] or None if heard else None
        return None
