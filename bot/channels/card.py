"""The hulpkaart: one page to keep or show, in the resident's language with Dutch beside it. The token is the card."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime
from html import escape
from pathlib import Path
from string import Template
from typing import Any

import segno

from bot.channels.card_letters import letters
from bot.channels.card_place import Place, Row, place_of
from bot.directory import Directory
from bot.i18n.catalogue import Catalogue
from bot.i18n.opening import full_date_text
from bot.languages import languages, supported
from bot.model import Service

TEMPLATE = Path(__file__).with_name("card.html")
DUTCH = "nl"
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

    @property
    def sides(self) -> tuple[str, ...]:
        """The languages that stand beside each other."""
        return (DUTCH,) if self.language == DUTCH else (self.language, DUTCH)

    def still_there(self, now: datetime) -> list[Service]:
        """Its places but those that have stopped since."""
        return [service for service in self.services if not (service.stopped and service.stopped <= now.date())]


def render_card(card: Card, directory: Directory, now: datetime, address: str, catalogue: Catalogue) -> str:
    """The whole page; `address` is the card's own, for its QR code."""
    texts = {key: escape(text) for key, text in catalogue.group("card", card.language).items()}
    places = [place_of(service, card.sides, directory, now, catalogue) for service in card.still_there(now)]
    values = {
        **texts,
        "lang": card.language,
        "dir": "rtl" if languages()[card.language].rtl else "ltr",
        "letters": letters(places),
        "qr": _qr(address, texts["scan"]),
        "places": "".join(_place(place, card, catalogue) for place in places) or f"<p>{texts['gone']}</p>",
        "calendar_link": _calendar_link(address, texts["calendar"]) if any(place.walk_in for place in places) else "",
        "expires": escape(_expires(card, catalogue)),
        "interpreter": _interpreter(card, catalogue),
        "leave": escape(catalogue.text("website.leave", card.language)),
    }
    return Template(TEMPLATE.read_text(encoding="utf-8")).substitute(values)


def _expires(card: Card, catalogue: Catalogue) -> str:
    day = full_date_text(card.until.date(), card.language, catalogue)
    return catalogue.text("card.expires", card.language, date=day)


def _qr(address: str, label: str) -> str:
    drawn = io.BytesIO()
    segno.make_qr(address, error="l").save(drawn, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=2)
    return drawn.getvalue().decode().replace("<svg ", f'<svg role="img" aria-label="{label}" ', 1)


def _interpreter(card: Card, catalogue: Catalogue) -> str:
    """A sentence in Dutch to point at, for who speaks another language, and what it says."""
    if card.language == DUTCH:
        return ""
    dutch, own = (escape(catalogue.text("card.interpreter", language)) for language in (DUTCH, card.language))
    return f'<p class="say-first"><strong lang="nl">{dutch}</strong> <span>{own}</span></p>'


def _calendar_link(address: str, label: str) -> str:
    """To the calendar file of all walk-in hours on this card; paper has no use for it."""
    return f'<p class="screen"><a class="press" href="{escape(address)}.ics">{label}</a></p>'


def _place(place: Place, card: Card, catalogue: Catalogue) -> str:
    """One place with its name, how to reach it, and its facts in each language."""
    heading = f'<div class="heading" lang="nl"><h2>{escape(place.name)}</h2>{_reach(place)}</div>'
    sections = "".join(_side(language, rows, card, catalogue) for language, rows in place.sides.items())
    both = " both" if len(place.sides) > 1 else ""
    return f'<article class="place">{heading}<div class="sides{both}">{sections}</div></article>'


def _reach(place: Place) -> str:
    """Telephone, address and e-mail: the same in every language."""
    phone = escape(place.phone or "")
    parts = [f'<a class="phone" href="tel:{phone.replace(" ", "")}">{phone}</a>' if phone else ""]
    parts += [f"<span>{escape(text)}</span>" for text in (place.where, place.email) if text]
    return f'<p class="reach">{" ".join(filter(None, parts))}</p>' if any(parts) else ""


def _side(language: str, rows: list[Row], card: Card, catalogue: Catalogue) -> str:
    name = escape(languages()[language].name)
    if language == DUTCH and card.language != DUTCH:
        name += f", {escape(catalogue.text('card.for_helper', DUTCH))}"
    heading = f"<h3>{name}</h3>" if len(card.sides) > 1 else ""
    labelled = "".join(row.html for row in rows if row.label)
    plain = "".join(row.html for row in rows if not row.label)
    return f'<section lang="{language}">{heading}<dl>{labelled}</dl>{plain}</section>'
