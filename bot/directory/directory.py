"""The map of one municipality, as it is used: services, wijken, postcodes, and where a route ends at the latest."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bot.directory.indexes import Rows, rows_of, steps_between
from bot.model import Service, Wijk


@dataclass(frozen=True)
class Gebied:
    """A part of the municipality with one wijkteam."""

    id: str
    name: str
    team: str
    """Id of its wijkteam."""
    wijken: tuple[str, ...] = ()


@dataclass(frozen=True)
class Postcode:
    """The wijken in which a postcode (four digits, or six signs) lies, the likeliest first."""

    code: str
    wijken: tuple[str, ...]
    ask: bool = False
    """It lies in several gebieden, or its edge is uncertain: ask which wijk it is before naming a wijkteam."""


@dataclass(frozen=True)
class Unconfirmed:
    """A thing that nobody has confirmed, that is only planned, or that has stopped: read and checked, never routed."""

    service: Service
    status: str
    why: str


@dataclass(frozen=True)
class Directory:
    """What a municipality has to offer. Made by `load`, never changed."""

    id: str
    name: str
    cbs_code: str | None
    floor: Service
    """The number at which every route ends when nothing else is left."""
    services: dict[str, Service]
    wijken: dict[str, Wijk]
    gebieden: dict[str, Gebied]
    postcodes: dict[str, Postcode]
    unconfirmed: dict[str, Unconfirmed] = field(default_factory=dict)
    fictional: bool = False
    by_topic: dict[str, tuple[Service, ...]] = field(init=False, repr=False, compare=False)
    """The services that name a topic."""
    for_everything: tuple[Service, ...] = field(init=False, repr=False, compare=False)
    """The teams, desks and walk-in hours that name no topic, for they help with all."""
    in_order: tuple[Service, ...] = field(init=False, repr=False, compare=False)
    """All services in the order of their ids: the rows of `rows`."""
    rows: Rows = field(init=False, repr=False, compare=False)
    """Who has what: (field, value) -> places in `in_order`."""
    steps: dict[str, dict[str, int]] = field(init=False, repr=False, compare=False)
    """From wijk to wijk, over neighbouring wijken: 0 the same, 1 beside it; a wijk that cannot be reached is not there."""
    kept: dict[str, Any] = field(init=False, repr=False, compare=False, default_factory=dict)
    """What a reader of the map made of it once and keeps beside it, by the reader's name."""
    _teams: dict[str, Service] = field(init=False, repr=False, compare=False)
    _crisis: dict[str, tuple[Service, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        listed = tuple(self.services.values())
        routed = tuple(service for service in listed if service.kind != "crisis")
        topics = sorted({topic for service in routed for topic in service.topics})
        crises = sorted({crisis for service in listed for crisis in service.crisis})
        in_order = tuple(sorted(listed, key=lambda service: service.id))
        indexes = {
            "in_order": in_order,
            "rows": rows_of(in_order),
            "steps": steps_between(self.wijken),
            "by_topic": {topic: tuple(service for service in routed if topic in service.topics) for topic in topics},
            "for_everything": tuple(service for service in routed if not service.topics and not service.crisis),
            "_teams": {wijk: self.services[gebied.team] for gebied in self.gebieden.values() for wijk in gebied.wijken},
            "_crisis": {crisis: tuple(service for service in listed if crisis in service.crisis) for crisis in crises},
        }
        for name, index in indexes.items():
            object.__setattr__(self, name, index)

    def team_of(self, wijk: str) -> Service | None:
        """The wijkteam of a wijk; None for a wijk that is not here."""
        return self._teams.get(wijk)

    def postcode(self, text: str) -> Postcode | None:
        """What is known of "6822AB", "6822 ab" or "6822": the six signs where they are listed, else the four digits."""
        code = "".join(text.split()).upper()
        return self.postcodes.get(code) or self.postcodes.get(code[:4])

    def wijken_of_postcode(self, text: str) -> tuple[str, ...]:
        """The wijken in which a postcode may lie; empty where it is not in this municipality."""
        found = self.postcode(text)
        return found.wijken if found else ()

    def crisis(self, crisis: str) -> tuple[Service, ...]:
        """Every number that answers a crisis; the order in which they are offered is data/routing.yml's."""
        return self._crisis.get(crisis, ())
