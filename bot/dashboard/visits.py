"""The session of somebody whom the provider let in: a sealed cookie that slides, and does not say who it is."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.dashboard.once import Once
from bot.sealing import Seal, Sealed

LIFE = timedelta(hours=8)
"""After the last page that was looked at."""
LONGEST = timedelta(hours=24)
"""After signing in, however busy: then the provider is asked again whether this person may."""
RENEWED_AFTER = timedelta(minutes=5)
"""A younger cookie is not made anew: most answers need none."""


@dataclass(frozen=True)
class Visit:
    """One sign-in. `ends` is the latest moment of all, `until` that of this cookie; seconds since 1970."""

    id: str
    ends: int
    until: int


class Visits:
    """Makes sessions and reads them back. Signing out ends one in this process, also for who has kept its cookie."""

    def __init__(self, secret: str) -> None:
        self._seal = Seal(secret, "dashboard-visit")
        self._ended = Once()

    def begin(self, now: datetime) -> str:
        return self._made(secrets.token_urlsafe(18), int((now + LONGEST).timestamp()), now)

    def read(self, cookie: str, now: datetime) -> Visit | None:
        """The visit of a cookie; None for one that is not ours, is over, or was signed out."""
        try:
            content = self._seal.open(cookie, now)
        except Sealed:
            return None
        visit = Visit(content["id"], content["ends"], content["until"])
        return None if self._ended.used(visit.id) else visit

    def renewed(self, visit: Visit, now: datetime) -> str | None:
        """A cookie that lives longer; None while the old one is young, or where it cannot be made longer."""
        gained = min(visit.ends, (now + LIFE).timestamp()) - visit.until
        return self._made(visit.id, visit.ends, now) if gained > RENEWED_AFTER.total_seconds() else None

    def end(self, visit: Visit, now: datetime) -> None:
        self._ended.use(visit.id, visit.ends, now.timestamp())

    def _made(self, id_: str, ends: int, now: datetime) -> str:
        life = min(LIFE, timedelta(seconds=ends - now.timestamp()))
        return self._seal.close({"id": id_, "ends": ends}, now, life)
