"""espeak-ng as the speaker: small, quick, knows all our languages, and sounds like the machine that it is."""

from __future__ import annotations

import importlib.util
import sys
from functools import lru_cache
from pathlib import Path

from bot.voice.process import EngineFailed, EngineProcess, python_command
from bot.voice.speaking import Sound

PACKAGE = "espeakng_loader"
"""From PyPI: the library and its voices in one wheel (GPL-3.0; it stays in its own process)."""
SECONDS = 20
"""For a text of a minute it needs a fifth of a second; this is for a machine that has other things to do."""


@lru_cache
def voices() -> frozenset[str]:
    """Codes of the languages that the installed data has; empty where the package is not installed."""
    found = importlib.util.find_spec(PACKAGE)
    if found is None or found.origin is None:
        return frozenset()
    return frozenset(path.name.lower() for path in (Path(found.origin).parent / "espeak-ng-data" / "lang").rglob("*"))


class Espeak:
    """Says a text by the voice that bears the language's own code."""

    name = "espeak-ng-1"

    def __init__(self) -> None:
        self._process = EngineProcess(python_command("bot.voice.espeak_process", python=sys.executable), SECONDS)

    @property
    def waiting(self) -> int:
        return self._process.waiting

    def speaks(self, language: str) -> bool:
        return language in voices()

    async def say(self, text: str, language: str) -> Sound:
        if not self.speaks(language):
            raise EngineFailed(f"espeak-ng has no voice for {language}")
        said, samples = await self._process.ask({"text": text, "language": language})
        return Sound(samples, said["rate"])

    async def stop(self) -> None:
        await self._process.stop()
