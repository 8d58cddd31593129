"""The website around the chat: the page, the web component with its styles and texts, and the way without a script."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels import surroundings
from bot.channels.asking import Refused, form_of
from bot.channels.calendar_file import calendar_file
from bot.channels.card import Card, render_card
from bot.channels.files import File, without_comments
from bot.channels.page import render_page
from bot.channels.privacy import render_privacy
from bot.directory import Directory, load
from bot.i18n.catalogue import catalogue
from bot.languages import complete, languages, supported
from bot.paths import WIDGET, gemeente_folder
from bot.sealing import Seal, Sealed, secret_key
from bot.settings import AMSTERDAM, Settings

FILES = ("drempelhulp.js", "voice.js", "drempelhulp.css", "tokens.css")
KINDS = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
    ),
}
CARD_STYLE = Path(__file__).with_name("card.css")


def site(settings: Settings) -> Blueprint:
    """Everything that is not the chat itself. Files are read once, when the blueprint is made."""
    pages = Blueprint("site")
    sources = {**{name: WIDGET / name for name in FILES}, "hulpkaart.css": CARD_STYLE}
    files = {
        name: File.of(without_comments(path.read_text(encoding="utf-8")), KINDS[path.suffix])
        for name, path in sources.items()
    }
    words = {
        code: File.of(json.dumps(website_texts(code), ensure_ascii=False), "application/json") for code in complete()
    }
    directory = load(gemeente_folder(settings.gemeente))
    cards = Seal(secret_key(settings.secret_key, settings.var), "card")

    @pages.get("/")
    async def page(request: Request) -> HTTPResponse:
        language = preferred(request)
        return as_page(language, surroundings.notice(request, language), None)

    @pages.get(r"/<name:(drempelhulp\.js|voice\.js|drempelhulp\.css|tokens\.css|hulpkaart\.css)>", name="file")
    async def file(request: Request, name: str) -> HTTPResponse:
        return _sent(files[name], request)

    @pages.get("/widget/<language:str>", name="texts")
    async def texts(request: Request, language: str) -> HTTPResponse:
        wanted = [language.removesuffix(".json"), *(request.args.get("or") or "").split(",")]
        return _sent(words[next((code for code in wanted if code in words), supported(None))], request)

    @pages.get("/hulpkaart/<token:str>")
    async def card(request: Request, token: str) -> HTTPResponse:
        return _card(token, settings, directory, cards)

    @pages.get("/privacy")
    async def privacy(request: Request) -> HTTPResponse:
        language = preferred(request)
        body = render_privacy(language, directory, settings, catalogue())
        return response.html(body, headers={**SAFE, "Cache-Control": "no-store", "Content-Language": language})

    @pages.exception(Refused)
    async def refused(request: Request, error: Refused) -> HTTPResponse:
        """Who uses the form gets a page, with a number to call; in a crisis its own."""
        answer: HTTPResponse = await request.app.ctx.unserved.answer(request, "failed", error.status)
        answer.headers.update(error.headers)
        return answer

    @pages.post("/praat")
    async def without_script(request: Request) -> HTTPResponse:
        return await _spoken(request)

    return pages


def _sent(file: File, request: Request) -> HTTPResponse:
    body, headers = file.for_who_takes(request.headers.get("accept-encoding", ""))
    return response.raw(body, content_type=file.kind, headers=headers)


def _card(token: str, settings: Settings, directory: Directory, cards: Seal) -> HTTPResponse:
    """The card that a token is, or its calendar file; nothing of it is kept, cached or sent on."""
    now = settings.moment()
    private = {**SAFE, "Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}
    plain = token.removesuffix(".ics")
    try:
        content = cards.open(plain, now)
    except Sealed:
        return response.text(catalogue().text("card.expired", "nl"), 404, headers=private)
    card = Card.of(content, directory, datetime.fromtimestamp(content["until"], AMSTERDAM))
    if not card.services:  # every place on it is gone, or it never was a card
        return response.text(catalogue().text("card.expired", card.language), 404, headers=private)
    if token.endswith(".ics"):
        file = calendar_file(card.services, now, card.language)
        if not file:  # nothing on it has hours
            return response.text(catalogue().text("card.expired", card.language), 404, headers=private)
        return response.raw(file, content_type="text/calendar; charset=utf-8", headers=private)
    address = f"{settings.public_url.rstrip('/')}/hulpkaart/{plain}"
    body = render_card(card, directory, now, address, catalogue())
    return response.html(body, headers={**private, "Content-Language": card.language})


def website_texts(language: str) -> dict[str, Any]:
    """The texts of locales/<language>/website.yml, flat; `lang` is the language that they are in."""
    known = catalogue()
    keys = [key for key in known.texts["nl"] if key.startswith("website.")]
    return {"lang": language, **{key.removeprefix("website."): known.text(key, language) for key in keys}}


async def _spoken(request: Request) -> HTTPResponse:
    """One turn by a plain form: the chat's own way, with the same checks, behind a page instead of a script."""
    channel = request.app.ctx.input_channels[0]
    form = form_of(request)
    token, said = form.get("session"), form.get("message") or ""
    language = supported(form.get("language"))
    token, opening = (token, []) if channel.entrance.knows(token) else await channel.open(request, language)
    messages, session = await channel.say(request, token, said) if said.strip() else (opening, token)
    spoken_in = messages[-1]["language"] if messages else language
    return as_page(spoken_in, messages, session)


def preferred(request: Request) -> str:
    """What the page's address asks for, else what the browser prefers, else the first of ours."""
    wanted = request.args.get("lang")
    if wanted:
        return supported(wanted)
    accepted = (
        part.split(";")[0].strip().split("-")[0] for part in request.headers.get("accept-language", "").split(",")
    )
    return next((code for code in accepted if code in complete()), supported(None))


def as_page(language: str, messages: list[dict[str, Any]], token: str | None) -> HTTPResponse:
    """The website's page with these messages in it."""
    names = {code: languages()[code].name for code in complete()}
    body = render_page(website_texts(language), language, names, messages, token)
    return response.html(body, headers={**SAFE, "Cache-Control": "no-store", "Content-Language": language})
