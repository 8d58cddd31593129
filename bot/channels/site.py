"""The website around the chat: the page, the web component with its styles and texts, and the way without a script."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.calendar_file import calendar_file
from bot.channels.card import Card, render_card
from bot.channels.page import render_page
from bot.channels.privacy import render_privacy
from bot.directory import Directory, load
from bot.i18n.catalogue import catalogue
from bot.languages import complete, languages, supported
from bot.paths import WIDGET, gemeente_folder
from bot.sealing import Seal, Sealed, secret_key
from bot.settings import AMSTERDAM, Settings

FILES = {
    "drempelhulp.js": "text/javascript; charset=utf-8",
    "drempelhulp.css": "text/css; charset=utf-8",
    "tokens.css": "text/css; charset=utf-8",
}
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
SHARED = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
"""The component is for any page of the gemeente; there is nothing secret in it."""


def site(settings: Settings) -> Blueprint:
    """Everything that is not the chat itself. Files are read once, when the blueprint is made."""
    pages = Blueprint("site")
    files = {name: (WIDGET / name).read_text(encoding="utf-8") for name in FILES}
    style = CARD_STYLE.read_text(encoding="utf-8")
    directory = load(gemeente_folder(settings.gemeente))
    cards = Seal(secret_key(settings.secret_key, settings.var), "card")

    @pages.get("/")
    async def page(request: Request) -> HTTPResponse:
        language = preferred(request)
        notice = getattr(request.app.ctx, "notice", None)
        return as_page(language, notice.messages(language) if notice else [], None)

    @pages.get(r"/<name:(drempelhulp\.js|drempelhulp\.css|tokens\.css)>", name="file")
    async def file(request: Request, name: str) -> HTTPResponse:
        headers = {**SHARED, "Cache-Control": "max-age=300", "X-Content-Type-Options": "nosniff"}
        return response.text(files[name], content_type=FILES[name], headers=headers)

    @pages.get("/widget/<language:str>", name="texts")
    async def texts(request: Request, language: str) -> HTTPResponse:
        code = supported(language.removesuffix(".json"))
        return response.json(website_texts(code), headers={**SHARED, "Cache-Control": "max-age=300"})

    @pages.get("/hulpkaart.css")
    async def card_style(request: Request) -> HTTPResponse:
        return response.text(style, content_type="text/css; charset=utf-8", headers={"Cache-Control": "max-age=300"})

    @pages.get("/hulpkaart/<token:str>")
    async def card(request: Request, token: str) -> HTTPResponse:
        return _card(token, settings, directory, cards)

    @pages.get("/privacy")
    async def privacy(request: Request) -> HTTPResponse:
        language = preferred(request)
        body = render_privacy(language, directory, settings, catalogue())
        return response.html(body, headers={**SAFE, "Cache-Control": "no-store", "Content-Language": language})

    @pages.post("/praat")
    async def without_script(request: Request) -> HTTPResponse:
        return await _spoken(request)

    return pages


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
        status = 200 if file else 404
        return response.raw(file or b"", status, content_type="text/calendar; charset=utf-8", headers=private)
    address = f"{settings.public_url.rstrip('/')}/hulpkaart/{plain}"
    body = render_card(card, directory, now, address, catalogue())
    return response.html(body, headers={**private, "Content-Language": card.language})


def website_texts(language: str) -> dict[str, Any]:
    """The texts of locales/<language>/website.yml, flat."""
    known = catalogue()
    keys = [key for key in known.texts["nl"] if key.startswith("website.")]
    return {key.removeprefix("website."): known.text(key, language) for key in keys}


async def _spoken(request: Request) -> HTTPResponse:
    """One turn by a plain form: the chat's own way, with the same checks, behind a page instead of a script."""
    channel = request.app.ctx.input_channels[0]
    form = request.form or {}
    token, said = form.get("session"), form.get("message") or ""
    language = supported(form.get("language"))
    token, opening = (token, []) if channel.knows(token) else await channel.open(request, language)
    messages = await channel.say(request, token, said) if said.strip() else opening
    spoken_in = messages[-1]["language"] if messages else language
    return as_page(spoken_in, messages, token)


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
