"""What a map is asked all the time, looked up once when it is made: who has what, and how far the wijken lie apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bot.model import Service, Wijk

GIVEN = "*"
"""Stands for any value: the services of which the field is known."""
LISTS = ("topics", "wijken", "crisis", "access", "languages", "traits", "eligibility", "suits", "removes")
VALUES = ("id", "kind", "interpreter", "free", "anonymous", "independent", "urgent")
TEXTS = ("hours", "phone", "phone_of", "address", "location", "whatsapp", "url")

Rows = dict[tuple[str, Any], list[int]]
"""(field, value) -> the rows of the services that have it, or (field, GIVEN) -> those of which it is known."""


def rows_of(services: Iterable[Service]) -> Rows:
    """Who has what; the row of a service is its place in the order of ids."""
    found: Rows = {}
    for row, service in enumerate(services):
        for key in _keys(service):
            found.setdefault(key, []).append(row)
    return found


def _keys(service: Service) -> Iterable[tuple[str, Any]]:
    for name in LISTS:
        values = getattr(service, name)
        if values:
            yield name, GIVEN
        yield from ((name, value) for value in dict.fromkeys(values))
    yield from ((name, value) for name in VALUES if (value := getattr(service, name)) is not None)
    yield from ((name, GIVEN) for name in TEXTS if getattr(service, name))


def steps_between(wijken: Mapping[str, Wijk]) -> dict[str, dict[str, int]]:
    """From each wijk to each that can be reached over neighbouring wijken: 0 is itself, 1 is beside it, and so on."""
    return {wijk: _steps_from(wijk, wijken) for wijk in wijken}


def _steps_from(start: str, wijken: Mapping[str, Wijk]) -> dict[str, int]:
    """Breadth first, so that the first way to a wijk is the shortest."""
    steps = {start: 0}
    edge = [start]
    while edge:
        near = [wijk for here in edge for wijk in wijken[here].neighbours if wijk in wijken]
        edge = [wijk for wijk in dict.fromkeys(near) if wijk not in steps]
        steps |= dict.fromkeys(edge, max(steps.values()) + 1)
    return steps
