"""The words with which data/routing.yml says what moves up or down: each one a plain question about a place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.directory.hours import next_opening
from bot.model import Need, Service


@dataclass(frozen=True)
class When:
    """The moment of asking, and whether the place is open then (None: nobody knows)."""

    moment: datetime
    open_now: bool | None


SUITS = (
    "women_only",
    "men_only",
    "halal",
    "vegetarian",
    "wheelchair",
    "children_welcome",
    "young_people",
    "older_people",
    "lgbt",
    "quiet_room",
    "own_faith",
)
"""What a place can say of itself, as in data/schema/service.json."""

Feature = Callable[[Service, Need, When], bool]
"""(place, need, when) -> whether the word holds."""


def speaks(service: Service, need: Need) -> bool:
    """Somebody there speaks the resident's language; Dutch is spoken everywhere and sets nothing apart."""
    return need.language != "nl" and need.language in service.languages


def helps_today(service: Service, need: Need, when: When) -> bool:
    """It can help on the same day, and is not closed for the rest of it."""
    if not service.urgent or when.open_now is not False:
        return bool(service.urgent)
    opens = next_opening(service, when.moment)
    return opens is not None and opens.date() == when.moment.date()


def _walk_in(service: Service, need: Need, when: When) -> bool:
    """A door that somebody can find: its hours or its address are known."""
    return "walk_in" in service.access and bool(service.hours or service.address)


def _way_in(way: str) -> Feature:
    return lambda service, need, when: way in service.access


def _says_of_itself(word: str) -> Feature:
    return lambda service, need, when: word in service.suits


def _website_only(service: Service, need: Need, when: When) -> bool:
    """No person and no place: no number of its own or of somebody else, no address."""
    return not (service.phone or service.phone_of or service.address or service.whatsapp)


FEATURES: Mapping[str, Feature] = {
    "anonymous": lambda service, need, when: service.anonymous is True,
    "independent": lambda service, need, when: service.independent is True,
    "free": lambda service, need, when: service.free is True,
    "costs": lambda service, need, when: service.free is False,
    "language": lambda service, need, when: speaks(service, need),
    "interpreter": lambda service, need, when: service.interpreter is True and need.language != "nl",
    "removes": lambda service, need, when: any(drempel in service.removes for drempel in need.drempels),
    "open_now": lambda service, need, when: when.open_now is True,
    "closed_now": lambda service, need, when: when.open_now is False,
    "urgent": helps_today,
    "phone": _way_in("phone"),
    "message": _way_in("message"),
    "walk_in": _walk_in,
    "home_visit": _way_in("home_visit"),
    "website_only": _website_only,
    **{word: _says_of_itself(word) for word in SUITS},
}
