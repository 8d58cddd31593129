"""How old the facts of the map are: what nobody checked for 90 or 180 days, and what waits for somebody to call."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from bot.directory.directory import Directory, Unconfirmed
from bot.model import Service, Source

AGEING = 90
"""Days since the last check from which a thing is due."""
OLD = 180
"""Days from which what it says may well have changed."""
DATED = re.compile(r"^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?$")
"""A source's date as far as it is known: a year, a month or a day. Any other text is no date."""


@dataclass(frozen=True)
class Aged:
    """A thing and how many days ago it was checked; less than nothing where that day is still to come."""

    service: Service
    days: int
    source: date | None = None
    """The last day on which its newest dated source can have been written; None where no source has a date."""


@dataclass(frozen=True)
class Staleness:
    """The map by its age on one day. Each thing is in one group of `old`, `ageing`, `future` and `fresh`."""

    today: date
    old: tuple[Aged, ...]
    """Checked 180 days ago or longer, the oldest first."""
    ageing: tuple[Aged, ...]
    """Checked 90 to 179 days ago."""
    future: tuple[Aged, ...]
    """Checked on a day that is still to come: a slip of the pen."""
    fresh: tuple[Aged, ...]
    older_sources: tuple[Aged, ...]
    """Checked in time, but against sources of which the newest is 180 days old or older."""
    undated: tuple[Aged, ...]
    """No source says when it was written."""
    unconfirmed: tuple[Unconfirmed, ...]
    """What residents do not see: it waits for somebody to call."""


def stale(directory: Directory, today: date) -> Staleness:
    """The age of everything that residents see, and what waits to be confirmed. What has stopped is not looked at."""
    shown = [aged(service, today) for service in directory.services.values() if not has_stopped(service, today)]
    shown.sort(key=lambda thing: (-thing.days, thing.service.id))
    checked = [thing for thing in shown if 0 <= thing.days < OLD]
    return Staleness(
        today=today,
        old=tuple(thing for thing in shown if thing.days >= OLD),
        ageing=tuple(thing for thing in shown if AGEING <= thing.days < OLD),
        future=tuple(thing for thing in shown if thing.days < 0),
        fresh=tuple(thing for thing in shown if 0 <= thing.days < AGEING),
        older_sources=tuple(t for t in checked if t.source and (today - t.source).days >= OLD),
        undated=tuple(thing for thing in shown if thing.source is None),
        unconfirmed=tuple(sorted(directory.unconfirmed.values(), key=lambda waiting: waiting.service.id)),
    )


def aged(service: Service, today: date) -> Aged:
    return Aged(service, (today - service.checked).days, newest(service.sources))


def has_stopped(service: Service, today: date) -> bool:
    return service.stopped is not None and service.stopped <= today


def newest(sources: tuple[Source, ...]) -> date | None:
    """The last day on which the newest of these sources can have been written: `2020-03` is 31 March 2020."""
    return max((day for source in sources if (day := last_day(source.date or ""))), default=None)


def last_day(text: str) -> date | None:
    """The last day that a date may mean; None for "ongedateerd", and for a day that the calendar does not have."""
    found = DATED.match(text.strip())
    if not found:
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    try:
        return date(year or 0, month or 12, day or monthrange(year or 0, month or 12)[1])
    except ValueError:
        return None
