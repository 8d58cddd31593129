"""The website's channel: plain JSON over HTTP, as the contract says, for `rasa run` and for our own server alike."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple
from weakref import WeakValueDictionary

from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels import surroundings
from bot.channels.asking import Refused, as_events, bearer, body_of, harmless, mark_of
from bot.channels.endings import Endings
from bot.channels.entrance import Entrance, now
from bot.channels.session import Session
from bot.languages import supported
from bot.settings import Settings

logger = logging.getLogger(__name__)
NAME = "web"
NOT_NOW = (401, 429)
"""Answers to a message that may be said again in a moment; a crisis cannot wait for that."""
NO_ID = ""
"""Rasa would draw a random one for every message. Nothing asks for it: a message's own id goes in as its mark."""
OPENING = "/session_start"
"""Rasa's own intent for the beginning of a session; only this channel can say it, never a resident."""


class Collected(OutputChannel):
    """Collects one turn's messages, whole, in the contract's form."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []

    @classmethod
    def name(cls) -> str:
        return NAME

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        said = message.get("custom")
        if said:
            self.messages.append(said)


class Said(NamedTuple):
    """One turn: what was said, and the session's token for a day from now; None where the conversation is over."""

    messages: list[dict[str, Any]]
    session: str | None


class WebInput(InputChannel):
    """Session, message, reload."""

    def __init__(self) -> None:
        self.entrance = Entrance(Settings())
        self._endings = Endings()

    @classmethod
    def name(cls) -> str:
        return NAME

    async def open(self, request: Request, language: str) -> tuple[str, list[dict[str, Any]]]:
        """A new session and its opening."""
        self.entrance.admit(request)
        (token, session), out = self.entrance.begin(language), Collected()
        sender = _pseudonym(surroundings.store(request), session)
        await self._hear(_message(OPENING, out, sender, {"language": language}))
        return token, [*surroundings.notice(request, language), *out.messages]

    async def say(self, request: Request, token: object, text: str, given: object = None) -> Said:
        """One message of a resident, and what is said to it. Of a talk that is over nothing stays, also not at the resident's."""
        self.entrance.admit(request)
        session = self.entrance.session(token)
        store = surroundings.store(request)
        sender = _pseudonym(store, session)
        self.entrance.pace(sender)
        messages = await self._once(request, store, sender, text, mark_of(session.id, given))
        goes_on = store.goes_on(sender)
        return Said(messages, self.entrance.renewed(session, messages[-1]["language"]) if goes_on else None)

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        channel = Blueprint(NAME, NAME)
        self._hear = on_new_message

        @channel.exception(Refused)
        async def refused(request: Request, error: Refused) -> HTTPResponse:
            unserved = getattr(request.app.ctx, "unserved", None)
            danger = await unserved.in_danger(request) if unserved and error.status in NOT_NOW else None
            return error.answer([danger] if danger else [])

        @channel.middleware("response")
        async def share(request: Request, answer: HTTPResponse) -> None:
            answer.headers.update(self.entrance.sharing(request))

        async def preflight(_request: Request) -> HTTPResponse:
            return response.empty()

        for path in ("session", "message"):
            channel.add_route(preflight, f"/{path}", methods=["OPTIONS"], name=f"{path}_preflight")

        @channel.post("/session")
        async def begin(request: Request) -> HTTPResponse:
            language = supported(str(body_of(request, optional=True).get("language") or ""))
            token, messages = await self.open(request, language)
            answer = {"session": token, "language": language, "messages": messages}
            return response.json({**answer, **surroundings.sounding(request, messages)})

        @channel.get("/session")
        async def again(request: Request) -> HTTPResponse:
            language, messages = await self.last_turn(request, bearer(request))
            session = bearer(request) if messages else None
            answer = {"session": session, "language": language, "messages": messages}
            return response.json({**answer, **surroundings.sounding(request, messages)})

        @channel.post("/message")
        async def message(request: Request) -> HTTPResponse:
            body = body_of(request)
            text = body.get("message")
            if not isinstance(text, str):
                raise Refused(400, "message_missing")
            messages, session = await self.say(request, body.get("session"), text, body.get("id"))
            if "text/event-stream" in request.headers.get("accept", ""):
                return as_events(messages, {"session": session})
            return response.json({"messages": messages, "session": session, **surroundings.sounding(request, messages)})

        return channel

    async def last_turn(self, request: Request, token: str) -> tuple[str, list[dict[str, Any]]]:
        """The language of this conversation, and what was said last in it; nothing where it is over."""
        store = surroundings.store(request)
        tracker = store.look(_pseudonym(store, self.entrance.session(token)))
        said = (tracker.get_slot("said") if tracker else None) or []
        language = supported(tracker.get_slot("language") if tracker else self.entrance.language_of(token))
        return language, _reworded(request, said)

    async def _once(
        self, request: Request, store: Any, sender: str, text: str, mark: str | None
    ) -> list[dict[str, Any]]:
        """Hears the message; one with a mark that was heard before gets the same answer and is not heard again."""
        locks = request.app.ctx.__dict__.setdefault("web_locks", WeakValueDictionary())
        lock = locks.setdefault(sender, asyncio.Lock())
        async with lock:
            if mark and (before := await self._said_to(request, store, sender, mark)):
                return before
            out = Collected()
            metadata = {"answers": mark} if mark else {}
            await self._hear(_message(harmless(text), out, sender, metadata))
            if mark and out.messages and not store.goes_on(sender):
                self._endings.keep(mark, out.messages, time.monotonic())
            return out.messages or [await self._failed(request, store, sender, mark)]

    async def _said_to(self, request: Request, store: Any, sender: str, mark: str) -> list[dict[str, Any]] | None:
        """What was said to this message, where it was heard before."""
        said = await store.said_to(sender, mark)
        return self._endings.of(mark, time.monotonic()) if said is None else _reworded(request, json.loads(said))

    async def _failed(self, request: Request, store: Any, sender: str, mark: str | None) -> dict[str, Any]:
        """A turn in which an action broke down says nothing: then a number is said, for nobody may be left without answer.

        It was not answered, so the same message with the same id is heard again.
        """
        if mark:
            store.conversations.unanswered(sender, mark)
        tracker = store.look(sender)
        language = supported(tracker.get_slot("language") if tracker else None)
        answer: dict[str, Any] = surroundings.worder(request).failed(language)
        return answer


def _message(text: str, out: Collected, sender: str, metadata: dict[str, str]) -> UserMessage:
    return UserMessage(text, out, sender, input_channel=NAME, message_id=NO_ID, metadata=metadata)


def _pseudonym(store: Any, session: Session) -> str:
    """The name under which this session's talk is kept today."""
    name: str = store.name_of(session.id, now().date())
    return name


def _reworded(request: Request, said: list[dict[str, Any]]) -> list[dict[str, Any]]:
    worder = surroundings.worder(request)
    return [worder.message(content) for content in said]
