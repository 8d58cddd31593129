"""What a resident gets when no turn can be done, whatever is broken: a kind sentence in their language and numbers to call.

It needs neither a store nor the dialogue. A crisis is still heard as long as the model is there, and gets its own numbers.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from redis.exceptions import RedisError
from sanic import response
from sanic.request import Request
from sanic.response import HTTPResponse
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnection

from bot.channels.site import as_page, preferred
from bot.conversation.heard import SURE_OF_LANGUAGE
from bot.directory import Directory, load
from bot.i18n.generator import Worder
from bot.i18n.present import facts_of
from bot.languages import UNKNOWN, supported
from bot.paths import gemeente_folder
from bot.routing import crisis_routes
from bot.settings import Settings

SESSION, MESSAGE, FORM = "/webhooks/web/session", "/webhooks/web/message", "/praat"
TALK = (SESSION, MESSAGE, FORM)
"""Where residents speak; everything else is a page or a file."""
MAY_COME_BACK = (OSError, DBAPIError, NoConnection, RedisError)
"""A disk, a database, a lock store that is away. Anything else is a mistake of ours or of the settings."""
RETRY = 5
"""Seconds after which a client may try again."""


class Unserved:
    """Answers without a turn: `failed` where something broke, `closed` where the gemeente has closed the chat."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._directory: Directory = load(gemeente_folder(settings.gemeente))
        self._worder = Worder(settings, self._directory)

    def words(self, key: str, language: str, crisis: str | None, now: datetime) -> dict[str, Any]:
        """One message: the crisis' own numbers where there is one, else the number of the gemeente with 112 beside it."""
        floor = self._directory.floor
        lines = [[f"conversation.{key}", 0, {"phone": floor.phone}]]
        if not crisis:
            routes = [self._bare(floor), *map(self._bare, self._directory.crisis("levensgevaar")[:1])]
            return self._worder.message({"lines": lines, "routes": routes, "language": language})
        found = crisis_routes(crisis, self._directory, now)
        first = found[0]
        known = {"phone": first.phone, "phone_alt": first.service.phone_alt, "ask_for": first.ask_for}
        text = f"conversation.crisis.{crisis}{'_own' if crisis == 'dakloos' and not first.ask_for else ''}"
        lines = [[text, 0, {name: value for name, value in known.items() if value}]]
        return self._worder.message({"lines": lines, "routes": list(map(facts_of, found)), "language": language})

    async def answer(self, request: Request, key: str, status: int) -> HTTPResponse:
        """The answer in the form in which this way of talking gives it."""
        given, channel = _given(request), request.app.ctx.input_channels[0]
        token = given.get("session")
        heard = await _heard(request, given.get("message"))
        language = _language(heard) or channel.entrance.language_of(token) or _wanted(given) or preferred(request)
        said = self.words(key, language, _crisis(heard), self._settings.moment())
        more = {"Retry-After": str(RETRY)} if status >= 500 else {}
        if request.path == FORM:
            page = as_page(language, [said], token if channel.entrance.language_of(token) else None)
            page.status = status
            page.headers.update(more)
            return page
        body: dict[str, Any] = {"messages": [said], "language": language}
        body |= {"error": key} if status >= 500 else {}
        if request.path == SESSION and request.method == "POST" and status < 500:
            channel.entrance.admit(request)
            body["session"], _ = channel.entrance.begin(language)
        return response.json(body, status, headers={"Cache-Control": "no-store", **more})

    async def in_danger(self, request: Request) -> dict[str, Any] | None:
        """The numbers, where a message that may not be answered now sounds like a crisis: that is never put off."""
        given, channel = _given(request), request.app.ctx.input_channels[0]
        heard = await _heard(request, given.get("message"))
        crisis = _crisis(heard)
        if not crisis:
            return None
        language = _language(heard) or channel.entrance.language_of(given.get("session")) or preferred(request)
        return self.words("failed", language, crisis, self._settings.moment())

    @staticmethod
    def _bare(service: Any) -> dict[str, Any]:
        return {"kind": service.kind, "id": service.id, "why": [], "phone": service.phone}


def _given(request: Request) -> Mapping[str, Any]:
    """What came with the request, by form or as JSON; nothing where it cannot be read."""
    if request.path == FORM:
        return {name: values[0] for name, values in (request.form or {}).items()}
    try:
        body = json.loads(request.body or b"{}")
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


async def _heard(request: Request, text: object) -> Mapping[str, Any]:
    """What is understood of the message by itself, without what was said before; nothing where there is no model."""
    agent = request.app.ctx.agent
    if agent is None or not isinstance(text, str) or not text.strip():
        return {}
    try:
        parsed: dict[str, Any] = await agent.parse_message(text.strip().lstrip("/") or "…")
        return parsed
    except Exception:  # this is the last answer there is: it is given whatever else breaks
        return {}


def _language(heard: Mapping[str, Any]) -> str | None:
    """The language of a message that leaves no doubt; "stop" or the name of a wijk says nothing about who speaks."""
    found = heard.get("language") or {}
    sure = float(found.get("confidence") or 0) >= SURE_OF_LANGUAGE
    return supported(found["code"]) if sure and found["code"] != UNKNOWN else None


def _wanted(given: Mapping[str, Any]) -> str | None:
    wanted = given.get("language")
    return supported(wanted) if isinstance(wanted, str) and wanted else None


def _crisis(heard: Mapping[str, Any]) -> str | None:
    """Also one that was only half heard: nobody can ask back now."""
    name = (heard.get("intent") or {}).get("name") or ""
    return name.removeprefix("crisis_") if name.startswith("crisis_") else heard.get("doubt") or None
