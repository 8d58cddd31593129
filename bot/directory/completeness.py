"""What single things of the map leave open: sentences without a translation, facts that a resident needs, empty wijken."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.directory.directory import Directory
from bot.model import Service

SENTENCES = ("say", "not_for", "cost")
"""The fields that hold a sentence by language."""
SOURCE = "nl"
"""The language in which an editor writes."""
LIGHT = ("voorziening", "spreekuur")
"""Kinds that are lighter than the wijkteam."""


@dataclass(frozen=True)
class Untranslated:
    """A sentence that residents who read these languages get in Dutch."""

    service: str
    field: str
    languages: tuple[str, ...]


@dataclass(frozen=True)
class Unknown:
    """A fact that a resident needs there, and that nobody knows; `fact` is a key of UNKNOWN."""

    service: str
    fact: str


@dataclass(frozen=True)
class EmptyWijk:
    """A wijk that has no place of its own where somebody can walk in."""

    wijk: str
    waiting: tuple[str, ...]
    """Ids of unconfirmed places there: call these first."""


def _is_walk_in(service: Service) -> bool:
    return service.kind == "spreekuur" or "walk_in" in service.access


def _needs_a_way_on(service: Service) -> bool:
    """What is reached through the wijkteam or the doctor needs no number of its own."""
    return not {"via_wijkteam", "via_huisarts"} & set(service.access)


UNKNOWN: Mapping[str, Callable[[Service], bool]] = {
    "hours": lambda service: _is_walk_in(service) and service.hours is None,
    "address": lambda service: _is_walk_in(service) and service.address is None,
    "phone": lambda service: _needs_a_way_on(service) and not (service.phone or service.phone_of or service.whatsapp),
    "own_phone": lambda service: _needs_a_way_on(service) and service.phone is None and service.phone_of is not None,
    "url": lambda service: "online" in service.access and service.url is None,
    "cost": lambda service: service.free is False and not service.cost,
}
"""What is missing, and when: `own_phone` where the number of somebody else stands in."""


def untranslated(services: Sequence[Service], languages: Sequence[str]) -> tuple[Untranslated, ...]:
    """Each sentence that stands there in Dutch and not in all of these languages."""
    found = []
    for service in services:
        for field in SENTENCES:
            said = getattr(service, field)
            missing = tuple(code for code in languages if said and code not in said)
            if missing:
                found.append(Untranslated(service.id, field, missing))
    return tuple(found)


def unknown(services: Sequence[Service]) -> tuple[Unknown, ...]:
    return tuple(Unknown(service.id, fact) for service in services for fact, lacks in UNKNOWN.items() if lacks(service))


def empty_wijken(directory: Directory, services: Sequence[Service]) -> tuple[EmptyWijk, ...]:
    """Wijken that no walk-in and no place with an address names. What is for the whole municipality may be far away."""
    waiting = [one.service for one in directory.unconfirmed.values() if one.status != "stopped"]
    return tuple(
        EmptyWijk(wijk, tuple(sorted(one.id for one in waiting if one.kind in LIGHT and wijk in one.wijken)))
        for wijk in directory.wijken
        if not any(_is_place(service) and wijk in service.wijken for service in services)
    )


def _is_place(service: Service) -> bool:
    there = service.address or service.location
    return _is_walk_in(service) or bool(service.kind in LIGHT and there)
