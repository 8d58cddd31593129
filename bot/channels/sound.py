"""The website's sound: POST /stem reads a message of ours aloud, POST /luister makes text of what a resident says."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.aloud import HEARD, OURS, Aloud, Marks
from bot.channels.asking import Refused, address_of, is_welcome
from bot.channels.session import RateLimit, Sealed, Sessions
from bot.i18n.catalogue import Catalogue, catalogue
from bot.i18n.speech import spoken, spoken_again
from bot.i18n.wording import Wording
from bot.languages import complete, supported
from bot.sealing import secret_key
from bot.settings import AMSTERDAM, Settings
from bot.voice.audio import FORMATS
from bot.voice.listening import Listener, listener_of, trusted
from bot.voice.process import EngineFailed
from bot.voice.voice import MOST_LETTERS, TooBusy, Voice, voice_of

logger = logging.getLogger(__name__)
MOST_AUDIO = 1_500_000
"""Bytes: a minute as any browser records it."""
TALKS_A_MINUTE = 12
AGAIN = 2
"""Seconds after which who was one too many may ask again."""
LastTurn = Callable[[Request, str], Awaitable[tuple[str, list[dict[str, Any]]]]]
"""Language and messages of the last turn of the session with this token, as the website's channel has them."""


async def no_turn(request: Request, token: str) -> tuple[str, list[dict[str, Any]]]:
    return supported(None), []


class Sounds:
    """Both ways of sound, for one municipality."""

    def __init__(self, settings: Settings, last_turn: LastTurn = no_turn) -> None:
        secret = secret_key(settings.secret_key, settings.var)
        self.voice: Voice = voice_of(settings)
        self.listener: Listener = listener_of(settings)
        self.marks = Marks(secret)
        self._texts: Catalogue = catalogue()
        self.aloud = Aloud(self.marks, self.voice, self._texts)
        self._wording = Wording(self._texts, {})
        self._sessions = Sessions(secret, settings.conversation_hours)
        self._per_session = RateLimit(TALKS_A_MINUTE)
        self._per_address = RateLimit(settings.rate_per_address)
        self._last_turn = last_turn
        self._settings = settings

    def hears(self) -> list[str]:
        """The languages in which a resident may speak."""
        return [code for code in complete() if self.listener.hears(code)]

    async def said(self, request: Request) -> HTTPResponse:
        """The sound of a text that bears our mark."""
        self.welcome(request)
        text, language, mark, form = _asked(request)
        whose = self.marks.whose(text, language, mark)
        if whose is None:
            raise Refused(403, "not_ours")
        if not self.voice.speaks(language):
            raise Refused(404, "no_voice")
        self._bounded(request)
        try:
            sound = await self.voice.sound(text, language, form, datetime.now(AMSTERDAM), keep=whose == OURS)
        except TooBusy:
            raise Refused(503, "busy", AGAIN) from None
        return response.raw(sound, content_type=FORMATS[form].mime)

    async def heard(self, request: Request) -> HTTPResponse:
        """ "Ik hoorde: … Klopt dat?" with two choices, or why not, with the choices of the turn as numbers."""
        self.welcome(request)
        if request.body and not (request.form or request.files):
            raise Refused(400, "form_expected")
        token = str((request.form or {}).get("session") or "")
        self._known(token)
        language = supported((request.form or {}).get("language"))
        if not self.listener.hears(language):
            return await self._instead(request, token, "cannot", language)
        words = await self._listened(request, language)
        if words is None:
            return await self._instead(request, token, "unclear", language)
        return response.json({"heard": words, "messages": self.aloud.given([self._asking(words, language)], HEARD)})

    async def _listened(self, request: Request, language: str) -> str | None:
        audio = request.files.get("audio") if request.files else None
        if audio is None or not audio.body:
            raise Refused(400, "audio_missing")
        if len(audio.body) > MOST_AUDIO:
            raise Refused(413, "too_long")
        heard = trusted(await self.listener.hear(audio.body, language))
        return heard.lstrip("/").strip()[:1000] or None if heard else None

    def _asking(self, words: str, language: str) -> dict[str, Any]:
        """What was heard goes out to be confirmed; it comes back as an ordinary message, or not at all."""
        text = self._texts.text("voice.heard", language, heard=words.rstrip(".?! "))
        pairs = (("right", words), ("wrong", ""))
        buttons = [{"title": self._texts.text(f"voice.{key}", language), "payload": payload} for key, payload in pairs]
        return self._message(text, buttons, language, spoken)

    async def _instead(self, request: Request, token: str, key: str, language: str) -> HTTPResponse:
        _, last = await self._last_turn(request, token)
        buttons = [button for message in last[-1:] for button in message.get("buttons", ())]
        said = self._message(self._texts.text(f"voice.{key}", language), buttons, language)
        numbered = [f"{number}. {button['title']}" for number, button in enumerate(buttons, 1)]
        shown = {**said, "text": "\n".join((said["text"], *numbered))}
        [aloud] = self.aloud.given([said])  # the voice counts the choices itself
        return response.json({"heard": None, "messages": [{**aloud, "text": shown["text"]}]})

    def _message(
        self,
        text: str,
        buttons: list[dict[str, str]],
        language: str,
        spoken: Callable[[str], str] = spoken_again,
    ) -> dict[str, Any]:
        said = {"text": text, "spoken": self._wording.aloud(text, buttons, language, spoken), "language": language}
        return {**said, "buttons": buttons} if buttons else said

    def welcome(self, request: Request) -> None:
        if not is_welcome(request, self._settings):
            raise Refused(403, "origin_unknown")

    def _known(self, token: str) -> None:
        try:
            session = self._sessions.read(token, datetime.now(AMSTERDAM)).id
        except Sealed:
            raise Refused(401, "session_unknown") from None
        wait = self._per_session.wait(session, time.monotonic())
        if wait:
            raise Refused(429, "too_many", wait)

    def _bounded(self, request: Request) -> None:
        wait = self._per_address.wait(address_of(request), time.monotonic())
        if wait:
            raise Refused(429, "too_many", wait)

    async def stop(self) -> None:
        await asyncio.gather(self.voice.stop(), self.listener.stop())


def _asked(request: Request) -> tuple[str, str, str, str]:
    """Text, language, mark and format of a question for sound."""
    try:
        body = json.loads(request.body)
        values = tuple(body[name] for name in ("text", "language", "mark", "format"))
    except (ValueError, RecursionError, LookupError, TypeError):
        raise Refused(400, "text_language_mark_format_expected") from None
    if not all(isinstance(value, str) for value in values) or values[3] not in FORMATS or len(values[0]) > MOST_LETTERS:
        raise Refused(400, "text_language_mark_format_expected")
    return values[0], values[1], values[2], values[3]


def sound(sounds: Sounds) -> Blueprint:
    """The two routes, for a Sanic application. Both are simple requests: no preflight costs a slow phone a round trip."""
    both = Blueprint("sound")

    @both.exception(Refused)
    async def unsaid(_request: Request, error: Refused) -> HTTPResponse:
        return error.answer([])

    @both.exception(EngineFailed)
    async def failed(_request: Request, error: EngineFailed) -> HTTPResponse:
        logger.error("an engine gave no answer: %s", error)
        return response.json({"error": "no_answer"}, 503, headers={"Retry-After": str(AGAIN)})

    @both.middleware("response")
    async def share(request: Request, answer: HTTPResponse) -> None:
        answer.headers.update({"Cache-Control": "no-store", "Vary": "Origin", "X-Content-Type-Options": "nosniff"})
        origin = request.headers.get("origin")
        if origin and answer.status != 403:
            answer.headers["Access-Control-Allow-Origin"] = origin

    @both.listener("after_server_stop")
    async def end(_app: Sanic, _loop: object) -> None:
        await sounds.stop()

    @both.post("/stem")
    async def say(request: Request) -> HTTPResponse:
        return await sounds.said(request)

    @both.post("/luister")
    async def listen(request: Request) -> HTTPResponse:
        return await sounds.heard(request)

    return both
