"""One thing of the map: every field that is filled in, what is not known, its sources, and the file to edit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from bot.dashboard.map_words import day_name, kind_name
from bot.dashboard.markup import Html, tag, together
from bot.dashboard.pages.social_map.parts import HOME, checked, part_choice, section
from bot.dashboard.pages.social_map.values import shown
from bot.dashboard.social_map import SocialMap, Thing
from bot.dashboard.words import word
from bot.directory.hours import next_opening
from bot.directory.schema import schema
from bot.model import Service, Source

APART = ("name", "kind", "status", "why_unconfirmed", "sources", "checked", "checked_by")
"""Fields that the page tells elsewhere than in the list."""
HOPED_FOR = (
    "phone", "address", "hours", "languages", "free", "say", "not_for", "bring", "access", "anonymous", "interpreter",
    "independent", "url", "removes",
)  # fmt: skip
"""Fields of which the page says that nobody filled them in."""


def one_thing(social_map: SocialMap, id_: str, moment: datetime) -> tuple[str, Html]:
    """The page of a thing. Raises LookupError where there is none of that id."""
    thing = social_map.things[id_]
    service = thing.service
    facts = [_term(name, value) for name, value in _facts(social_map, service, moment)]
    stands_in = ("phone",) if service.phone_of else ()
    missing = (name for name in HOPED_FOR if name not in stands_in and _is_empty(getattr(service, name)))
    left = [word(f"map.fields.{name}") for name in missing]
    unknown = tag("p", word("map.thing.unknown_text", labels=", ".join(left)), class_="intro") if left else ""
    sources = tag("ul", *(tag("li", _source(source)) for source in service.sources), class_="story")
    parts = [
        part_choice(""),
        tag("p", kind_name(service.kind), class_="lead"),
        _not_shown(thing),
        section("bekend", word("map.thing.facts"), "", tag("dl", *facts, class_="facts"), unknown),
        section(
            "bronnen",
            word("map.thing.sources"),
            word("map.checked_by", checked=checked(thing), by=service.checked_by),
            sources,
        ),
        section("bestand", word("map.thing.file"), "", tag("p", tag("code", thing.path))),
        tag("p", tag("a", word("map.thing.back"), href=HOME)),
    ]
    return service.name, together(parts)


def _term(name: str, value: object) -> Html:
    return tag("div", tag("dt", name), tag("dd", value))


def _not_shown(thing: Thing) -> Html | str:
    """That no resident sees it, and why."""
    if not thing.status:
        return ""
    said = word("map.thing.not_shown", status=word(f"map.statuses.{thing.status}"))
    return tag("p", tag("strong", said), " ", thing.why or "", class_="warning")


def _facts(social_map: SocialMap, service: Service, moment: datetime) -> Iterator[tuple[str, object]]:
    """What is filled in, by the name of its field, in the order in which the files have them."""
    for name in schema("service")["properties"]:
        value = None if name in APART else getattr(service, name)
        if _is_empty(value):
            continue
        yield word(f"map.fields.{name}"), shown(social_map, name, value)
        if name == "hours":
            opens = next_opening(service, moment)
            yield word("map.thing.next"), _moment(opens) if opens else word("map.thing.next_none")


def _is_empty(value: Any) -> bool:
    return value is None or value in ((), {}, "")


def _moment(opens: datetime) -> str:
    return f"{day_name(opens.date())}, {opens:%H:%M}"


def _source(source: Source) -> Html:
    title = tag("a", source.title, href=source.url, rel="noreferrer") if source.url else source.title
    return together([title, ", ", source.date or word("map.thing.undated")])
