"""One understood message that waits for its answer, and where such messages are kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

DAY = 24 * 3600
"""Seconds. Meta lets us answer for so long; what is older is not answered and not kept."""


@dataclass(frozen=True)
class Waiting:
    """A row of the inbox: ids, and the sealed address to which the answer goes."""

    message: str
    """A keyed hash of Meta's id."""
    sent: float
    """Seconds since 1970, by Meta's clock."""
    understanding: str
    """JSON of ids: `bot.channels.whatsapp.webhook` writes it, as `hearing` makes it, and `talk` reads it."""
    address: str
    """Sealed under the secret key."""

    def too_late(self, now: float) -> bool:
        """Whether Meta would no longer take an answer."""
        return now - self.sent >= DAY


class Inbox(Protocol):
    """What bot/engine/inbox.py is."""

    def new(self, messages: set[str]) -> set[str]: ...
    def take(self, rows: list[Waiting]) -> list[Waiting]: ...
    def waiting(self) -> list[Waiting]: ...
    def sending(self, message: str) -> None: ...
    def back(self, message: str) -> None: ...
    def done(self, message: str) -> None: ...
    def forget(self, now: float) -> None: ...
