"""The words of the domain: what a resident needs, what the map holds, where somebody is sent, what is counted.

Every id (topic, drempel, crisis, route kind) is one of the public contract, data/taxonomy.yml. Frozen, typed, and without
any knowledge of Rasa, HTTP or a database.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True)
class Need:
    """What one resident needs, as far as it is known: ids only, nothing that tells who."""

    topics: tuple[str, ...] = ()
    """Topic ids, the weightiest first."""
    wijken: tuple[str, ...] = ()
    """The wijk somebody lives in; several where a postcode lies in several; empty where it is not known."""
    drempels: tuple[str, ...] = ()
    """What holds somebody back, in the order in which it was heard."""
    language: str = "nl"
    traits: frozenset[str] = frozenset()
    """What the short intake found, by the ids of data/topics.yml: `dringend`, `vandaag_geen_eten`, `kind` …"""
    declined: frozenset[str] = frozenset()
    """Ids of places that were offered already and did not help."""


@dataclass(frozen=True)
class Source:
    """Where a fact was read."""

    title: str
    url: str | None = None
    date: str | None = None


@dataclass(frozen=True)
class Service:
    """One thing on the map: a voorziening, spreekuur, wijkteam, desk of the gemeente, or a number to call.

    A field that is not known is None or empty; nothing is ever guessed.
    """

    id: str
    kind: str
    """`crisis`, `voorziening`, `spreekuur`, `wijkteam` or `gemeente`."""
    name: str
    sources: tuple[Source, ...]
    checked: date
    """When somebody last checked this file against its source."""
    checked_by: str
    topics: tuple[str, ...] = ()
    """What it helps with; empty for a team or desk that helps with everything."""
    crisis: tuple[str, ...] = ()
    """Crisis ids it answers."""
    wijken: tuple[str, ...] = ()
    """The wijken it is for; empty: the whole municipality (or country)."""
    spoken_name: str | None = None
    """A shorter name by which people know it too; read aloud in the place of `name`."""
    organisation: str | None = None
    phone: str | None = None
    whatsapp: str | None = None
    email: str | None = None
    address: str | None = None
    location: str | None = None
    """The building in which it is, by the name on its door: `MFC Klarendal`."""
    url: str | None = None
    hours: str | None = None
    """OSM `opening_hours` of the door or the telephone, Europe/Amsterdam."""
    holidays: dict[str, str] = field(default_factory=dict)
    """Decided per service: `05-05`, `12-24`, `12-31` -> `open` or `closed`; on a day not named nobody knows."""
    exceptions: dict[str, str] = field(default_factory=dict)
    """Single days that differ: `2026-12-27` -> `closed`, or the hours of that day, `10:00-12:00`."""
    stopped: date | None = None
    """Since when it is no longer there."""
    access: tuple[str, ...] = ()
    """Ways in: `walk_in`, `phone`, `message`, `appointment`, `home_visit`, `online`, `via_wijkteam`, `via_huisarts`."""
    languages: tuple[str, ...] = ()
    """Languages in which somebody is confirmed to answer."""
    documents: tuple[str, ...] = ()
    """Languages in which its letters and folders are written."""
    interpreter: bool | None = None
    free: bool | None = None
    anonymous: bool | None = None
    independent: bool | None = None
    """Stands apart from the municipality (for distrust and bad experience)."""
    urgent: bool | None = None
    """Can help today."""
    age_min: int | None = None
    """Youngest that it is for, in whole years, inclusive."""
    age_max: int | None = None
    """Oldest that it is for, in whole years, inclusive."""
    eligibility: tuple[str, ...] = ()
    """For whom it is, in controlled words of locales/<lang>/facts.yml: `resident`, `low_income` …"""
    traits: tuple[str, ...] = ()
    """Only for somebody with one of these intake traits (`kind`, `arbeidsmigrant` …); empty: for everybody."""
    suits: tuple[str, ...] = ()
    """What it says of itself: `women_only`, `halal`, `wheelchair` …"""
    removes: tuple[str, ...] = ()
    """Drempels that it takes away."""
    bring: tuple[str, ...] = ()
    """Controlled words of locales/<lang>/facts.yml: `identity`, `letters` …"""
    say: dict[str, str] = field(default_factory=dict)
    """A sentence to say there, by language."""
    not_for: dict[str, str] = field(default_factory=dict)
    """What it does not do, by language."""
    cost: dict[str, str] = field(default_factory=dict)
    """What it costs, where it is not free, by language."""
    note: str | None = None
    """A remark for whoever keeps the map; residents never see it."""
    ask_for: str | None = None
    """Where the number is a general one: whom to ask for."""
    phone_of: str | None = None
    """Where the team's own number is not known: id of the service whose number stands in."""
    phone_alt: str | None = None
    """A second number of the same line: the short `113` beside `0800-0113`."""


@dataclass(frozen=True)
class Wijk:
    """A neighbourhood of the municipality, as CBS draws it."""

    id: str
    name: str
    gebied: str
    spoken_names: tuple[str, ...] = ()
    neighbours: tuple[str, ...] = ()
    cbs_code: str | None = None
    """Its code at CBS: `WK020207`."""


@dataclass(frozen=True)
class Route:
    """One place where a need can go, with the reasons, before it is put into words."""

    kind: str
    service: Service
    why: tuple[str, ...]
    """Reason codes, the strongest first; locales/<lang>/reasons.yml says each as a sentence."""
    phone: str | None = None
    """The number to call: the service's own, or the one that stands in for it."""
    ask_for: str | None = None
    """Whom to ask for at that number, where it is a general one."""
    open_now: bool | None = None
    """None where the hours are not known."""
    next_open: datetime | None = None
    """When it opens next, if it is closed now and the hours are known."""


@dataclass(frozen=True)
class FinishedConversation:
    """What a conversation leaves to the count when it is over: ids and small numbers, nothing else."""

    ended: datetime
    language: str
    channel: str
    wijk: str | None = None
    topics: tuple[str, ...] = ()
    drempels: tuple[tuple[str, str], ...] = ()
    """(drempel id, how it came up: `heard`, `asked` (chosen when asked) ); ("", "skipped") where the question was skipped."""
    routes: tuple[str, ...] = ()
    """Kinds of the routes that were shown, the first one first."""
    unmet: tuple[str, ...] = ()
    """What was missing for a need: `language`, `hour`, `place`, `service`, `halal`, `women_only`."""
    outcome: str | None = None
    """`ja`, `beetje` or `nee` to "helpt dit?"."""
    turns_to_route: int | None = None
    not_understood: int = 0
    crisis: tuple[str, ...] = ()
