"""Speaking: whoever makes sound of a text. The text is ours, and fit to be said (bot.i18n.speech)."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import Any, Protocol

from bot.settings import PREFIX, Settings, SettingsError

ENGINES = {"espeak": "bot.voice.espeak:Espeak", "none": "bot.voice.none:NobodySpeaks"}
"""By the name in DREMPELHULP_SPEAKER; anything else is `module:Class`, made without arguments."""


@dataclass(frozen=True)
class Sound:
    """Speech as it is played: 16-bit little-endian samples, one channel; `rate` in samples a second."""

    samples: bytes
    rate: int

    @property
    def seconds(self) -> float:
        return len(self.samples) / 2 / self.rate


class Speaker(Protocol):
    """One engine. `name` changes when its sound does: it is part of the key under which sound is kept."""

    @property
    def name(self) -> str: ...

    @property
    def waiting(self) -> int:
        """How many texts are being said or wait for it."""

    def speaks(self, language: str) -> bool:
        """Whether it has a voice for this language."""

    async def say(self, text: str, language: str) -> Sound:
        """Raises bot.voice.process.EngineFailed where no sound came."""

    async def stop(self) -> None:
        """Ends whatever process it has."""


def speaker_of(settings: Settings) -> Speaker:
    """The engine that the settings name; raises SettingsError where there is none of that name."""
    speaker: Speaker = made("SPEAKER", settings.speaker, ENGINES)
    return speaker


def made(setting: str, given: str, known: dict[str, str], *arguments: object) -> Any:
    """An engine by its name, or by `module:Class`."""
    module, _, name = known.get(given, given).partition(":")
    try:
        return getattr(importlib.import_module(module), name)(*arguments)
    except (ImportError, AttributeError, ValueError) as error:
        what = f"one of {', '.join(known)}, or module:Class of your own"
        raise SettingsError(f"{PREFIX}{setting} is {given!r}; expected {what}; {error}") from error
