"""Whoever can listen to a voice message. As long as nobody can, that is said, kindly, with choices as numbers."""

from __future__ import annotations

from typing import Protocol


class Listener(Protocol):
    """Makes text of a voice message. What was heard lives in memory until it is understood, as what was typed does."""

    async def listen(self, media: str, language: str | None) -> str | None:
        """What is said in the recording with this id at Meta; None where it cannot be made out."""


class NobodyListens:
    """The default. Nothing is fetched: what nobody can hear need not be here."""

    async def listen(self, media: str, language: str | None) -> str | None:
        return None
