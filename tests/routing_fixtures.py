"""What the tests of routing share: the two maps, moments of three years, and maps that nobody would draw."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from random import Random
from typing import Any

import yaml

from bot.directory import Directory, load
from bot.model import Need, Service
from bot.paths import DATA, GEMEENTEN
from bot.routing import rules
from bot.settings import AMSTERDAM

CITIES = ("arnhem", "voorbeeldstad")
TAXONOMY: dict[str, Any] = yaml.safe_load((DATA / "taxonomy.yml").read_text(encoding="utf-8"))
SCHEMA: dict[str, Any] = yaml.safe_load((DATA / "schema" / "service.json").read_text(encoding="utf-8"))["properties"]
TOPICS, DREMPELS, LANGUAGES = (sorted(TAXONOMY[part]) for part in ("topics", "drempels", "languages"))
SPECIAL = (
    *("2026-01-01T12:00", "2026-03-29T01:59", "2026-03-29T03:00", "2026-04-06T11:00", "2026-04-27T10:00"),
    *("2026-05-05T10:00", "2026-05-20T09:00", "2026-05-21T09:00", "2026-10-25T02:30", "2026-11-24T10:00"),
    *("2026-11-28T12:00", "2026-12-24T10:00", "2026-12-24T23:59", "2026-12-26T12:00", "2026-12-31T16:00"),
    *("2027-01-01T00:00", "2027-05-05T09:00", "2027-05-06T09:00", "2027-05-17T10:00", "2028-02-29T13:00"),
)
"""Holidays and the days beside them, the changes of the clock, a leap day, and when the facts grow old."""


@cache
def city(name: str) -> Directory:
    return load(GEMEENTEN / name)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM)


@cache
def moments() -> tuple[datetime, ...]:
    """The special ones, and one in every eleven days of the three years, at any hour: a prime number of them."""
    chance = Random(2026)
    start = at("2026-01-01T00:00")
    spread = [start + timedelta(days=day, minutes=chance.randrange(1440)) for day in range(3, 1090, 11)]
    return tuple(sorted([*map(at, SPECIAL), *spread]))


def need_of(row: dict[str, Any]) -> Need:
    """The need of a row of tests/routing/*.yml."""
    return Need(
        topics=tuple(row.get("topics", ())),
        wijken=tuple(row.get("wijken", ())),
        drempels=tuple(row.get("drempels", ())),
        language=row.get("language", "nl"),
        traits=frozenset(row.get("traits", ())),
        declined=frozenset(row.get("declined", ())),
    )


@cache
def traits() -> list[str]:
    """All that the intake can find, and that a place can ask for."""
    return sorted({*SCHEMA["traits"]["items"]["enum"], *rules().traits})


HOURS = (None, "24/7", "Mo-Fr 09:00-17:00; PH off", "Tu[1] 10:00-12:00; PH off", "Sa,Su 20:00-04:00", "We 13:00-16:00")


def strange_map(seed: int) -> Directory:
    """Voorbeeldstad with its places torn apart: a map on which every field of a place may be anything."""
    town, chance = city("voorbeeldstad"), Random(seed)
    made = [_strange(service, chance, sorted(town.wijken), town.floor.id) for service in town.services.values()]
    more = (replace(chance.choice(made), id=f"again-{number}") for number in range(chance.randint(0, 30)))
    kept = {service.id: service for service in (*made, *more)}
    return replace(town, services=kept, floor=kept[town.floor.id])


def _strange(service: Service, chance: Random, wijken: list[str], floor: str) -> Service:
    if service.kind == "crisis" or service.id == floor:
        return service
    team = service.kind == "wijkteam"
    fields: dict[str, Any] = {
        "kind": service.kind if team else chance.choice(("voorziening", "spreekuur", "gemeente")),
        "topics": () if team else _some(TOPICS, 2, chance),
        "wijken": service.wijken if team else _some(wijken, 2, chance),
        "hours": chance.choice(HOURS),
        "holidays": {},
        "exceptions": {"2026-11-24": "closed"} if chance.random() < 0.2 else {},
        "phone": chance.choice((None, "0999-000 99")),
        "phone_of": chance.choice((None, floor)),
        "address": chance.choice((None, "Kerkplein 3")),
        "access": _some(["walk_in", "phone", "message", "home_visit", "via_wijkteam"], 3, chance),
        "checked": date(2026, 1, 1) + timedelta(days=chance.randint(0, 400)),
        "stopped": date(2026, 11, 23) + timedelta(days=chance.randint(-2, 2)) if chance.random() < 0.1 else None,
        "age_min": chance.choice((None, 0, 12, 18)),
        "age_max": chance.choice((None, 4, 17, 27)),
        "eligibility": _some(SCHEMA["eligibility"]["items"]["enum"], 2, chance),
        "traits": _some(traits(), 2, chance) if chance.random() < 0.3 else (),
        "languages": _some(LANGUAGES, 3, chance),
        "removes": _some(DREMPELS, 3, chance),
        "suits": _some(SCHEMA["suits"]["items"]["enum"], 2, chance),
        **{name: chance.choice((None, True, False)) for name in ("free", "anonymous", "independent", "urgent")},
    }
    return replace(service, **{name: value for name, value in fields.items() if chance.random() < 0.7 or team})


def _some(words: list[str], most: int, chance: Random) -> tuple[str, ...]:
    return tuple(chance.sample(words, chance.randint(0, most)))
