"""A text of ours as a file of sound: from the cache, or said, encoded and kept."""

from __future__ import annotations

import asyncio
from datetime import datetime

from bot.settings import Settings
from bot.voice.audio import can_encode, encoded
from bot.voice.cache import SoundCache, key_of
from bot.voice.speaking import Speaker, speaker_of

MOST_LETTERS = 1500
"""About a minute and a half; a turn is far below it."""
MOST_WAITING = 8
"""Texts in the queue before somebody is asked to try again: each takes a fraction of a second."""
MEGABYTE = 1_000_000


class TooBusy(Exception):
    """So many wait for the voice that one more would wait too long."""


class Voice:
    """The speaker and what it has said before."""

    def __init__(self, speaker: Speaker, cache: SoundCache) -> None:
        self._speaker = speaker
        self._cache = cache

    def speaks(self, language: str) -> bool:
        return can_encode() and self._speaker.speaks(language)

    async def sound(self, text: str, language: str, form: str, now: datetime, keep: bool = True) -> bytes:
        """The text as a file. `keep` is False for a text with a resident's own words in it: that goes nowhere.

        Raises TooBusy, and bot.voice.process.EngineFailed.
        """
        key = key_of(self._speaker.name, language, form, text)
        known = self._cache.get(key, now) if keep else None
        if known is not None:
            return known
        if self._speaker.waiting >= MOST_WAITING:
            raise TooBusy
        said = await self._speaker.say(text, language)
        file = await asyncio.get_running_loop().run_in_executor(None, encoded, said, form)
        if keep:
            self._cache.put(key, file, now)
        return file

    async def stop(self) -> None:
        await self._speaker.stop()


def voice_of(settings: Settings) -> Voice:
    """The voice that the settings ask for; its cache is under var/."""
    return Voice(speaker_of(settings), SoundCache(settings.var / "sound", settings.sound_megabytes * MEGABYTE))
