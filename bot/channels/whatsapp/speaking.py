"""The answer as a voice note, for who sent one: after the text, which is there whatever becomes of the sound."""

from __future__ import annotations

import asyncio
import io
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol

from bot.channels.whatsapp.address import Address
from bot.channels.whatsapp.reply import Answer, Message
from bot.channels.whatsapp.trouble import NotSent, Trouble
from bot.settings import AMSTERDAM
from bot.voice.audio import FORMATS, encoded
from bot.voice.process import EngineFailed
from bot.voice.speaking import Sound
from bot.voice.voice import MOST_LETTERS, TooBusy, Voice

logger = logging.getLogger(__name__)
FORM = "ogg"
PAUSE = 0.5
"""Seconds of silence between two languages."""
TRIES, REST = 3, 6.0
"""How often a voice note is sent, and seconds between: Meta allows a resident one message in six seconds or so."""


class Posts(Protocol):
    """What bot.channels.whatsapp.graph is."""

    async def put_up(self, audio: bytes, mime: str) -> str: ...
    async def send(self, address: Address, payload: dict[str, Any]) -> None: ...


class VoiceNotes:
    """Says answers. `text`: what is read of a message (bot.channels.aloud)."""

    def __init__(self, voice: Voice, graph: Posts, text: Callable[[Message], str], pace: float = 1.0) -> None:
        self._voice, self._graph, self._text, self._pace = voice, graph, text, pace

    async def say(self, address: Address, answer: Answer) -> None:
        """Sends the sound; where that fails it is let go, for the text has arrived."""
        try:
            sound = await self._sound(answer)
            if sound:
                media = await self._graph.put_up(sound, FORMATS[FORM].mime)
                await self._send(address, {"type": "audio", "audio": {"id": media, "voice": True}})
        except (NotSent, EngineFailed, TooBusy) as error:
            logger.warning("a voice note was not sent: %s", error)
        except Exception as error:  # the text has arrived: nothing here may let it be sent again
            logger.error("a voice note broke down: %s", type(error).__name__)

    async def _send(self, address: Address, payload: dict[str, Any]) -> None:
        """Again only where Meta surely did not take it."""
        for tried in range(1, TRIES + 1):
            try:
                return await self._graph.send(address, payload)
            except NotSent as refusal:
                if tried == TRIES or refusal.trouble not in (Trouble.AWAY, Trouble.TOO_FAST):
                    raise
                await asyncio.sleep(REST * tried * self._pace)

    async def _sound(self, answer: Answer) -> bytes | None:
        """One file of all that can be said; None where nothing can."""
        parts: list[tuple[str, str]] = []
        for message in answer.spoken:
            text, language = self._text(message), str(message["language"])
            if text and self._voice.speaks(language) and sum(len(said) for said, _ in parts) + len(text) < MOST_LETTERS:
                parts.append((text, language))
        languages = list(dict.fromkeys(language for _, language in parts))
        files = [await self._said(parts, language, answer.ours) for language in languages]
        if len(files) < 2:
            return files[0] if files else None
        return await asyncio.get_running_loop().run_in_executor(None, _joined, files)

    async def _said(self, parts: list[tuple[str, str]], language: str, keep: bool) -> bytes:
        text = " ".join(said for said, of in parts if of == language)
        return await self._voice.sound(text, language, FORM, datetime.now(AMSTERDAM), keep)


def _joined(files: list[bytes]) -> bytes:
    """Several files as one, with a pause between: a telephone plays only the first of two that stand behind each other."""
    import numpy
    import soundfile

    read = [soundfile.read(io.BytesIO(file), dtype="int16") for file in files]
    rate = int(read[0][1])
    silence = numpy.zeros(int(PAUSE * rate), numpy.int16)
    samples = numpy.concatenate([part for one, _ in read for part in (one, silence)])
    return encoded(Sound(samples.astype("<i2").tobytes(), rate), FORM)
