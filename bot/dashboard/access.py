"""Who may see the dashboard: one token, typed once into the sign-in form, or sent by a program with each request."""

from __future__ import annotations

import hmac
import secrets
from hashlib import sha256

from bot.settings import Settings

COOKIE = "drempelhulp_dashboard"
HOURS = 12
"""How long a sign-in lasts; real time, whatever DREMPELHULP_NOW says."""


def dashboard_token(settings: Settings) -> str:
    """DREMPELHULP_DASHBOARD_TOKEN, or a random token that this process keeps in memory and nowhere else."""
    if not settings.dashboard_token:
        vars(settings)["dashboard_token"] = secrets.token_urlsafe(24)
    return str(settings.dashboard_token)


def is_token(given: str, token: str) -> bool:
    """Whether it is the token, in a time that does not depend on how much of it is right."""
    return hmac.compare_digest(sha256(given.encode(errors="replace")).digest(), sha256(token.encode()).digest())


def session(token: str, now: float) -> str:
    """The value of the cookie of somebody who gave the token at `now` (seconds since 1970)."""
    expires = str(int(now + HOURS * 3600))
    return f"{expires}.{_signature(expires, token)}"


def is_session(value: str, token: str, now: float) -> bool:
    """Whether the value was made by `session` with this token, and is not over."""
    expires, _, signature = value.partition(".")
    right = hmac.compare_digest(signature.encode(errors="replace"), _signature(expires, token).encode())
    return right and expires.isdecimal() and now < int(expires)


def is_bearer(header: str, token: str) -> bool:
    """Whether an Authorization header carries the token."""
    scheme, _, given = header.partition(" ")
    return scheme.lower() == "bearer" and is_token(given.strip(), token)


def _signature(expires: str, token: str) -> str:
    key = hmac.digest(token.encode(), b"dashboard session", "sha256")
    return hmac.new(key, expires.encode(errors="replace"), sha256).hexdigest()
