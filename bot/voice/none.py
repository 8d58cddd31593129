"""Nobody: the default for listening, and the choice of who wants no voice at all."""

from __future__ import annotations

from bot.settings import Settings
from bot.voice.listening import Heard
from bot.voice.process import EngineFailed
from bot.voice.speaking import Sound


class NobodyListens:
    """Knows no language, and so is never asked: the channel says kindly that it cannot listen yet."""

    def hears(self, language: str) -> bool:
        return False

    async def hear(self, audio: bytes, language: str) -> Heard | None:
        return None

    async def stop(self) -> None:
        """Nothing runs."""


class NobodySpeaks:
    """Has no voice: messages come without what can be read aloud."""

    name = "nobody"
    waiting = 0

    def speaks(self, language: str) -> bool:
        return False

    async def say(self, text: str, language: str) -> Sound:
        raise EngineFailed("nobody speaks: DREMPELHULP_SPEAKER is none")

    async def stop(self) -> None:
        """Nothing runs."""


def nobody_listens(settings: Settings) -> NobodyListens:
    return NobodyListens()
