"""The web session: a sealed token with a random id in it. It is never kept here; the browser holds it."""

from __future__ import annotations

import secrets
from collections import OrderedDict, deque
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.sealing import Seal, Sealed

__all__ = ["RateLimit", "Sealed", "Session", "Sessions", "Spoken"]


@dataclass(frozen=True)
class Session:
    """What a living token says: a random id, and the language in which the session was begun."""

    id: str
    language: str | None = None


class Sessions:
    """Makes tokens and reads them back. A token is renewed with each message, so that it slides."""

    def __init__(self, secret: str, hours: float) -> None:
        self._seal = Seal(secret, "session")
        self._life = timedelta(hours=hours)

    def begin(self, now: datetime, language: str) -> tuple[str, Session]:
        """A new session, and its token before it."""
        session = Session(secrets.token_urlsafe(24), language)
        return self.renew(session, now), session

    def renew(self, session: Session, now: datetime) -> str:
        """A token of this session, for its whole life from now on."""
        return self._seal.close({"id": session.id, "language": session.language}, now, self._life)

    def read(self, token: object, now: datetime) -> Session:
        """The session of a living token; raises Sealed for anything else."""
        if not isinstance(token, str) or len(token) > 400:
            raise Sealed("a session is a short text")
        content = self._seal.open(token, now)
        language = content.get("language")
        return Session(str(content["id"]), str(language) if language else None)


class Spoken:
    """The language of each conversation, in memory: for an answer in it while the store cannot say which it is."""

    def __init__(self, hours: float, most: int = 20_000) -> None:
        self._life = timedelta(hours=hours)
        self._most = most
        self._languages: OrderedDict[str, tuple[datetime, str]] = OrderedDict()

    def note(self, session: str, language: str, now: datetime) -> None:
        self._languages.pop(session, None)
        self._languages[session] = (now, language)
        while len(self._languages) > self._most or next(iter(self._languages.values()))[0] < now - self._life:
            self._languages.popitem(last=False)

    def of(self, session: str) -> str | None:
        known = self._languages.get(session)
        return known[1] if known else None


MINUTE = 60
"""Seconds."""


class RateLimit:
    """So many in a minute for each key; memory is bounded by forgetting the keys that were quiet longest."""

    def __init__(self, most: int | None, keys: int = 20_000) -> None:
        self._most = most
        self._keys = keys
        self._times: OrderedDict[str, deque[float]] = OrderedDict()

    def wait(self, key: str, now: float) -> int:
        """Seconds to wait before the next one; 0 where it may go on. `now` in seconds of a clock that only goes up."""
        if self._most is None:
            return 0
        times = self._times.pop(key, deque())
        self._times[key] = times
        while times and times[0] <= now - MINUTE:
            times.popleft()
        self._forget(now)
        if len(times) >= self._most:
            return max(1, int(MINUTE - (now - times[0])))
        times.append(now)
        return 0

    def _forget(self, now: float) -> None:
        """Who was quiet for a minute is no longer known. The newest, who is asking now, stays."""
        while len(self._times) > self._keys or (len(self._times) > 1 and self._quiet(now)):
            self._times.popitem(last=False)

    def _quiet(self, now: float) -> bool:
        times = next(iter(self._times.values()))
        return not times or times[-1] <= now - MINUTE
