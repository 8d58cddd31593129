"""Where the map has nothing: for a wijk, topic, language and drempel there is no lighter help, no language, no way over.

It looks at what stands on the map, not at what routing makes of it: a thing helps somebody when it is for this wijk and
topic, for people of any age, and when there is a way in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import product

from bot.directory.completeness import (
    LIGHT,
    SOURCE,
    EmptyWijk,
    Unknown,
    Untranslated,
    empty_wijken,
    unknown,
    untranslated,
)
from bot.directory.directory import Directory
from bot.directory.staleness import has_stopped
from bot.languages import complete
from bot.model import Service
from bot.taxonomy import taxonomy

TAKEN_AWAY_BY: Mapping[str, tuple[str, ...]] = {
    "schaamte": ("anonymous",),
    "niet_vragen": ("anonymous",),
    "angst": ("anonymous",),
    "taal": ("interpreter",),
    "wantrouwen": ("independent",),
    "slechte_ervaring": ("independent",),
    "kosten": ("free",),
    "digitaal": ("walk_in", "home_visit"),
    "papierwerk": ("walk_in", "home_visit"),
    "cultuur": ("halal", "women_only", "men_only", "own_faith", "vegetarian"),
    "bereik": ("home_visit", "message"),
}
"""Plain facts that take a drempel away, beside `removes`: a fact that is true, a way in, or what a place says of itself."""
GROWN_UP = (18, 67)
"""Ages that a thing must be for; for the very young or old alone, it leaves a gap for all others."""
MISSING = ("lighter", "language", "drempel", "together")
"""Nothing lighter than the wijkteam · nobody who speaks it · nothing that takes the drempel away · each of them is there,
but no place has both."""


@dataclass(frozen=True, order=True)
class Gap:
    """One combination for which something is missing; `language` and `drempel` only where they matter."""

    missing: str
    wijk: str
    topic: str
    language: str | None = None
    drempel: str | None = None


@dataclass(frozen=True)
class Gaps:
    """All that is missing on a map."""

    needs: tuple[Gap, ...]
    untranslated: tuple[Untranslated, ...]
    unknown: tuple[Unknown, ...]
    empty: tuple[EmptyWijk, ...]


@dataclass(frozen=True)
class Offer:
    """What many things have in common: for which wijken and topics, and what they do there."""

    wijken: frozenset[str]
    topics: frozenset[str]
    languages: frozenset[str]
    drempels: frozenset[str]
    light: bool


def gaps(directory: Directory, today: date) -> Gaps:
    """What is missing on the map on a day; numbers for a crisis are no help with a topic."""
    shown = [service for service in directory.services.values() if not has_stopped(service, today)]
    others = [code for code in complete() if code != SOURCE]
    return Gaps(
        tuple(sorted(_needs(directory, _offers(directory, shown), others))),
        untranslated(shown, others),
        unknown(shown),
        empty_wijken(directory, shown),
    )


def _offers(directory: Directory, services: Iterable[Service]) -> set[Offer]:
    topics = frozenset(taxonomy().topics)
    return {
        Offer(
            frozenset(service.wijken or directory.wijken),
            frozenset(service.topics) or topics,
            frozenset(service.languages),
            frozenset(drempel for drempel in taxonomy().drempels if takes_away(service, drempel)),
            service.kind in LIGHT and bool({*service.access} - {"via_wijkteam", "via_huisarts"}),
        )
        for service in services
        if helps_anybody(service)
    }


def helps_anybody(service: Service) -> bool:
    """Whether somebody of whom nothing is known can go there: no crisis number, not for some alone, and a way in."""
    youngest, oldest = service.age_min or 0, GROWN_UP[1] if service.age_max is None else service.age_max
    for_all = not service.traits and youngest <= GROWN_UP[0] and oldest >= GROWN_UP[1]
    lost = service.access == ("walk_in",) and service.hours is None
    return for_all and not lost and service.kind != "crisis" and bool(service.topics or not service.crisis)


def takes_away(service: Service, drempel: str) -> bool:
    """Whether a thing takes a drempel away: it says so, or a plain fact does."""
    if drempel in service.removes:
        return True
    facts = TAKEN_AWAY_BY.get(drempel, ())
    return any(getattr(service, fact, None) is True or fact in (*service.access, *service.suits) for fact in facts)


def _needs(directory: Directory, offers: set[Offer], languages: list[str]) -> Iterable[Gap]:
    drempels = taxonomy().drempels
    for wijk, topic in product(directory.wijken, taxonomy().topics):
        here = [offer for offer in offers if wijk in offer.wijken and topic in offer.topics]
        if not any(offer.light for offer in here):
            yield Gap("lighter", wijk, topic)
        spoken = [code for code in languages if any(code in offer.languages for offer in here)]
        open_ways = [drempel for drempel in drempels if any(drempel in offer.drempels for offer in here)]
        yield from (Gap("language", wijk, topic, language=code) for code in languages if code not in spoken)
        yield from (Gap("drempel", wijk, topic, drempel=one) for one in drempels if one not in open_ways)
        both = {pair for offer in here for pair in product(offer.languages, offer.drempels)}
        apart = (pair for pair in product(spoken, open_ways) if pair not in both)
        yield from (Gap("together", wijk, topic, code, drempel) for code, drempel in apart)
