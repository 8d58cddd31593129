"""One place on the hulpkaart: what is the same in every language, and its facts as rows for each language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any

from bot.directory import Directory
from bot.directory.hours import next_opening
from bot.i18n.catalogue import Catalogue
from bot.i18n.facts import FREE_SENTENCES, SOURCE
from bot.i18n.opening import day_and_night, full_date_text, next_text
from bot.i18n.present import present
from bot.model import Route, Service
from bot.routing.direct import direct

ROWS = {
    "hours": "hours",
    "access": "access_text",
    "bring": "bring",
    "say": "say",
    "for_whom": "for_whom",
    "price": "price",
    "languages": "languages_text",
    "documents": "documents_text",
    "good_to_know": "good_to_know",
    "not_for": "not_for",
}
"""Labels of locales/<lang>/card.yml in the order of the page, and the fact that each holds."""
SPARE = ("documents", "good_to_know")


@dataclass(frozen=True)
class Row:
    """One fact: `text` is what stands on paper, to reckon with; `html` is the whole row, escaped.

    `spare`: can be missed on paper, where there is very much to tell.
    """

    label: str
    text: str
    html: str
    spare: bool = False


@dataclass(frozen=True)
class Place:
    """A place as the card shows it. `sides`: its rows by language."""

    name: str
    phone: str | None
    where: str
    email: str | None
    walk_in: bool
    """Its next walk-in hour is known and can go into a calendar."""
    sides: dict[str, list[Row]]


def place_of(
    service: Service, languages: tuple[str, ...], directory: Directory, now: datetime, catalogue: Catalogue
) -> Place:
    route = direct(service, directory, now, ())
    opens = next_opening(service, now)
    sides = {language: list(_rows(route, opens, language, now, catalogue)) for language in languages}
    where = ", ".join(filter(None, (service.location, service.address)))
    walk_in = "walk_in" in service.access and opens is not None
    return Place(service.name, route.phone, where, service.email, walk_in, sides)


def _rows(route: Route, opens: datetime | None, language: str, now: datetime, catalogue: Catalogue) -> Iterator[Row]:
    """The facts that are known, in the order of ROWS, and last when they were checked."""
    facts = present(route, now, language, catalogue)
    facts["price"] = _price(facts, language, catalogue)
    facts["good_to_know"] = _good_to_know(facts, language, catalogue)
    for label, name in ROWS.items():
        word = catalogue.text(f"card.{label}", language)
        if label == "hours":
            paper, html = _hours(route, facts, opens, language, catalogue)
            yield from [_row(word, paper, html)] if html else []
        elif facts.get(name):
            html = _marked(facts[name], route.service, facts.get("untranslated", []))
            yield _row(word, facts[name], html, label in SPARE)
    day = full_date_text(route.service.checked, language, catalogue)
    checked = catalogue.text("card.checked", language, date=day)
    yield Row("", checked, f'<p class="small">{escape(checked)}</p>')


def _row(label: str, paper: str, html: str, spare: bool = False) -> Row:
    css = ' class="spare"' if spare else "" if paper else ' class="screen"'
    return Row(label, paper, f"<div{css}><dt>{escape(label)}</dt> <dd>{html}</dd></div>", spare)


def _hours(
    route: Route, facts: Mapping[str, Any], opens: datetime | None, language: str, catalogue: Catalogue
) -> tuple[str, str]:
    """What stands on paper, and the HTML: "now" and "tomorrow" are for the screen, paper gets a date."""
    service, known = route.service, facts.get("hours_text", "")
    week = known if day_and_night(service) else facts.get("hours_week")
    always = [week] if week else []
    tells_next = opens is not None and ("walk_in" in service.access or not always)
    paper = [next_text(opens, language, catalogue)] if opens and tells_next else []
    sure = [facts["call_first"]] if "call_first" in facts else []
    screen = [known] if known and known not in always else []
    parts = [(screen, ' class="screen"'), (always, ""), (paper, ' class="paper"'), (sure, "")]
    html = " ".join(f"<span{css}>{escape(text)}</span>" for texts, css in parts for text in texts)
    return " ".join([*always, *paper, *sure]), html


def _price(facts: Mapping[str, Any], language: str, catalogue: Catalogue) -> str | None:
    if facts.get("free") is None:
        return facts.get("cost")
    return facts.get("cost") or catalogue.text("facts.free" if facts["free"] else "facts.not_free", language)


def _good_to_know(facts: Mapping[str, Any], language: str, catalogue: Catalogue) -> str:
    said = [catalogue.text(f"facts.{name}", language) for name in ("interpreter", "anonymous") if facts.get(name)]
    return ", ".join([*said, *filter(None, [facts.get("suits_text")])])


def _marked(text: str, service: Service, untranslated: list[str]) -> str:
    """The text, in which a sentence that is only there in Dutch is marked as Dutch, so that it is read aloud well."""
    html = escape(text)
    for name in set(FREE_SENTENCES) & set(untranslated):
        dutch = escape(getattr(service, name)[SOURCE])
        html = html.replace(dutch, f'<span lang="{SOURCE}">{dutch}</span>')
    return html
