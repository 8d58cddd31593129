"""Listening: whoever makes text of a resident's voice. What is heard counts only when the resident says that it is right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from bot.settings import Settings
from bot.voice.speaking import made

ENGINES = {
    "none": "bot.voice.none:nobody_listens",
    "sherpa": "bot.voice.elsewhere:sherpa",
    "whisper": "bot.voice.elsewhere:whisper",
}
"""By the name in DREMPELHULP_LISTENER; anything else is `module:Class`, made with the settings."""
LEAST_SURE = 0.4
"""Below it a transcript is rather a guess: saying it again is kinder than asking about nonsense."""
MOST_SECONDS = 60


@dataclass(frozen=True)
class Heard:
    """A transcript; `sure` from 0 to 1, None where the engine does not say. It lives in memory only."""

    text: str
    sure: float | None = None


class Listener(Protocol):
    """One recogniser."""

    def hears(self, language: str) -> bool:
        """Whether it knows this language well enough to be asked."""

    async def hear(self, audio: bytes, language: str) -> Heard | None:
        """What is said in a file of sound (ogg, webm, mp4, wav); None where nothing can be made out.

        The bytes are neither kept nor written. Raises bot.voice.process.EngineFailed where the engine gave no answer.
        """

    async def stop(self) -> None:
        """Ends whatever process it has."""


def listener_of(settings: Settings) -> Listener:
    """The recogniser that the settings name; raises SettingsError where it cannot be had."""
    listener: Listener = made("LISTENER", settings.listener, ENGINES, settings)
    return listener


def trusted(heard: Heard | None) -> str | None:
    """The words that are worth asking about; None for silence and for guesses."""
    if heard is None or (heard.sure is not None and heard.sure < LEAST_SURE):
        return None
    return " ".join(heard.text.split()) or None
