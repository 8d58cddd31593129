"""The hulpkaart: one page to keep, print or show, in the resident's language with Dutch beside it. The token is the card."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime
from html import escape
from pathlib import Path
from string import Template
from typing import Any

import segno

from bot.directory import Directory
from bot.directory.hours import is_open, next_opening
from bot.i18n.catalogue import Catalogue
from bot.i18n.opening import date_text
from bot.i18n.present import present
from bot.languages import languages, supported
from bot.model import Route, Service

TEMPLATE = Path(__file__).with_name("card.html")
DUTCH = "nl"
ROWS = ("phone", "address", "hours_text", "bring", "say", "languages", "free", "not_for", "checked")
LABELS = {"hours_text": "hours"}
MOST = 3


@dataclass(frozen=True)
class Card:
    """What a token holds: ids and a language, nothing that tells who."""

    services: tuple[Service, ...]
    language: str
    until: datetime

    @classmethod
    def of(cls, content: dict[str, Any], directory: Directory, until: datetime) -> Card:
        """From a token's content; a place that is no longer on the map is left out."""
        known = (directory.services.get(name) for name in content.get("s", ())[:MOST])
        return cls(tuple(service for service in known if service), supported(content.get("l")), until)


def render_card(card: Card, directory: Directory, now: datetime, address: str, catalogue: Catalogue) -> str:
    """The whole page; `address` is the card's own, for its QR code."""
    texts = catalogue.group("card", card.language)
    expires = catalogue.text("card.expires", card.language, date=date_text(card.until.date(), card.language, catalogue))
    values = {
        "lang": card.language,
        "dir": "rtl" if languages()[card.language].rtl else "ltr",
        "title": escape(texts["title"]),
        "qr": _qr(address),
        "places": "".join(_place(service, card, directory, now, address, catalogue) for service in card.services),
        "nothing_about_you": escape(texts["nothing_about_you"]),
        "expires": escape(expires),
        "interpreter": _interpreter(card, catalogue),
    }
    return Template(TEMPLATE.read_text(encoding="utf-8")).substitute(values)


def _qr(address: str) -> str:
    drawn = io.BytesIO()
    segno.make_qr(address, error="l").save(drawn, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=2)
    return drawn.getvalue().decode()


def _interpreter(card: Card, catalogue: Catalogue) -> str:
    """A sentence in Dutch to point at, for who speaks another language."""
    if card.language == DUTCH:
        return ""
    return f'<p lang="nl"><strong>{escape(catalogue.text("card.interpreter", DUTCH))}</strong></p>'


def _place(
    service: Service, card: Card, directory: Directory, now: datetime, address: str, catalogue: Catalogue
) -> str:
    sides = [card.language] if card.language == DUTCH else [card.language, DUTCH]
    shown = "".join(_side(_route(service, directory, now), language, now, catalogue) for language in sides)
    both = " both" if len(sides) > 1 else ""
    calendar = ""
    if "walk_in" in service.access and next_opening(service, now):
        label = escape(catalogue.text("card.calendar", card.language))
        calendar = f'<p class="no-print"><a href="{escape(address)}.ics">{label}</a></p>'
    return f'<article class="place"><h2>{escape(service.name)}</h2><div class="sides{both}">{shown}</div>{calendar}</article>'


def _route(service: Service, directory: Directory, now: datetime) -> Route:
    other = directory.services.get(service.phone_of or "")
    open_now = is_open(service, now)
    opens = None if open_now else next_opening(service, now)
    phone = service.phone or (other.phone if other else None)
    return Route(service.kind, service, (), phone, service.ask_for if other else None, open_now, opens)


def _side(route: Route, language: str, now: datetime, catalogue: Catalogue) -> str:
    facts = present(route, now, language, catalogue)
    rows = "".join(_row(name, facts[name], language, catalogue) for name in ROWS if facts.get(name))
    heading = escape(languages()[language].name)
    return f'<section lang="{language}"><h3>{heading}</h3><dl>{rows}</dl></section>'


def _row(name: str, value: Any, language: str, catalogue: Catalogue) -> str:
    if name == "checked":
        day = date_text(datetime.fromisoformat(value).date(), language, catalogue)
        return f"<dd><small>{escape(catalogue.text('card.checked', language, date=day))}</small></dd>"
    label = escape(catalogue.text(f"card.{LABELS.get(name, name)}", language))
    if name == "phone":
        return f'<dt>{label}</dt><dd><a class="phone" href="tel:{escape(value)}">{escape(value)}</a></dd>'
    if name == "languages":
        known = catalogue.group("facts.languages", language)
        value = ", ".join(known.get(code, code) for code in value)
    if name == "free":
        value = catalogue.text("facts.free", language)
    return f"<dt>{label}</dt><dd>{escape(str(value))}</dd>"
