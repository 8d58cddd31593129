"""How the value of each field of a thing is put into words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from bot.dashboard.map_words import day_name, language_name, named
from bot.dashboard.markup import Html, tag, together
from bot.dashboard.pages.social_map.parts import thing_link
from bot.dashboard.social_map import SocialMap
from bot.dashboard.words import id_name, word

SENTENCES = ("say", "not_for", "cost")
WORDS = ("access", "suits", "eligibility", "bring", "traits")
YEARS = ("age_min", "age_max")


def shown(social_map: SocialMap, name: str, value: Any) -> object:
    """The value of a field as an editor reads it."""
    return SHOWN.get(name, _plain)(social_map, name, value)


def _plain(social_map: SocialMap, name: str, value: Any) -> object:
    if isinstance(value, bool):
        return word(f"map.thing.{'yes_' if value else 'no_'}")
    if isinstance(value, date):
        return day_name(value)
    return ", ".join(value) if isinstance(value, tuple) else value


def _controlled(social_map: SocialMap, name: str, value: tuple[str, ...]) -> str:
    return ", ".join(named(name, one) for one in value)


def _ids(social_map: SocialMap, name: str, value: tuple[str, ...]) -> str:
    table = "drempels" if name == "removes" else name
    return ", ".join(id_name(table, one) for one in value)


def _languages(social_map: SocialMap, name: str, value: tuple[str, ...]) -> str:
    return ", ".join(map(language_name, value))


def _wijken(social_map: SocialMap, name: str, value: tuple[str, ...]) -> str:
    known = social_map.directory.wijken
    return ", ".join(known[one].name if one in known else one for one in value)


def _sentences(social_map: SocialMap, name: str, value: dict[str, str]) -> Html:
    lines = (
        tag("li", tag("span", f"{language_name(code)}: ", class_="language"), tag("span", text, lang=code))
        for code, text in value.items()
    )
    return tag("ul", *lines, class_="plain")


def _days(social_map: SocialMap, name: str, value: dict[str, str]) -> Html:
    """Special days: `05-05` or `2026-12-27` with what was decided."""
    lines = (tag("li", f"{_day(day)}: {_decided(decided)}") for day, decided in value.items())
    return tag("ul", *lines, class_="plain")


def _day(text: str) -> str:
    *year, month, day = text.split("-")
    return " ".join((str(int(day)), word(f"grains.months.{month}"), *year))


def _decided(text: str) -> str:
    return word(f"map.thing.{text}") if text in ("open", "closed") else text


def _years(social_map: SocialMap, name: str, value: int) -> str:
    return word("map.thing.years", n=value)


def _code(social_map: SocialMap, name: str, value: str) -> Html:
    return tag("code", value)


def _address(social_map: SocialMap, name: str, value: str) -> Html:
    return tag("a", value, href=value, rel="noreferrer")


def _other(social_map: SocialMap, name: str, value: str) -> object:
    """A thing whose number stands in, with that number."""
    other = social_map.things.get(value)
    return together([thing_link(value, other.service.name), " ", other.service.phone]) if other else value


SHOWN: dict[str, Callable[[SocialMap, str, Any], object]] = {
    **dict.fromkeys(WORDS, _controlled),
    **dict.fromkeys(("topics", "crisis", "removes"), _ids),
    **dict.fromkeys(("languages", "documents"), _languages),
    **dict.fromkeys(SENTENCES, _sentences),
    **dict.fromkeys(("holidays", "exceptions"), _days),
    **dict.fromkeys(YEARS, _years),
    "wijken": _wijken,
    "hours": _code,
    "id": _code,
    "url": _address,
    "phone_of": _other,
}
