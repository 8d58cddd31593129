"""Who may come in on the website's channel: from which page, how often, and with which session."""

from __future__ import annotations

import time
from datetime import datetime

from sanic.request import Request

from bot.channels.asking import Refused, address_of, is_welcome
from bot.channels.session import RateLimit, Sealed, Session, Sessions, Spoken
from bot.sealing import secret_key
from bot.settings import AMSTERDAM, Settings


class Entrance:
    """Sessions and limits. What it refuses leaves as Refused, with the status and the code of the contract."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._sessions = Sessions(secret_key(settings.secret_key, settings.var), settings.conversation_hours)
        self._spoken = Spoken(settings.conversation_hours)
        self._per_session = RateLimit(settings.rate_per_session)
        self._per_address = RateLimit(settings.rate_per_address)

    def admit(self, request: Request) -> None:
        """Refuses a page that nobody named, and an address that asks too much."""
        if not is_welcome(request, self._settings):
            raise Refused(403, "origin_unknown")
        if self._settings.rate_per_address is None:  # then nobody's address is asked for
            return
        wait = self._per_address.wait(address_of(request), time.monotonic())
        if wait:
            raise Refused(429, "too_many", wait)

    def pace(self, resident: str) -> None:
        """Refuses a resident who says too much in a minute."""
        wait = self._per_session.wait(resident, time.monotonic())
        if wait:
            raise Refused(429, "too_many", wait)

    def begin(self, language: str) -> tuple[str, Session]:
        """A new session, and its token before it."""
        return self._sessions.begin(now(), language)

    def session(self, token: object) -> Session:
        """The session of a living token; refuses every other."""
        try:
            return self._sessions.read(token, now())
        except Sealed:
            raise Refused(401, "session_unknown") from None

    def renewed(self, session: Session, language: str) -> str:
        """The same session for its whole life from now on, for a resident who was just answered in this language."""
        answered = now()
        self._spoken.note(session.id, language, answered)
        return self._sessions.renew(session, answered)

    def knows(self, token: object) -> bool:
        """Whether this is a living session of ours."""
        try:
            return bool(self._sessions.read(token, now()))
        except Sealed:
            return False

    def language_of(self, token: object) -> str | None:
        """The language of this session, as far as it is known without the store; None where it is none of ours."""
        try:
            session = self._sessions.read(token, now())
        except Sealed:
            return None
        return self._spoken.of(session.id) or session.language

    def sharing(self, request: Request) -> dict[str, str]:
        """Headers that let a named site read the answer; nothing is cached, no cookie exists."""
        headers = {"Cache-Control": "no-store", "Vary": "Origin"}
        origin = request.headers.get("origin")
        if origin and is_welcome(request, self._settings):
            headers |= {
                "Access-Control-Allow-Origin": origin,
                "Access-Control-Allow-Headers": "content-type, authorization",
                "Access-Control-Allow-Methods": "GET, POST",
                "Access-Control-Expose-Headers": "Retry-After",
            }
        return headers


def now() -> datetime:
    """A session's life is elapsed time: the real clock, also under DREMPELHULP_NOW."""
    return datetime.now(AMSTERDAM)
