"""When a door or a telephone is open: OSM `opening_hours` in Amsterdam, with Dutch holidays and what a service decided.

The calendar knows the public holidays (`PH`). On 5 May and on 24 and 31 December many places do something of their own:
unless the service decided (`holidays`), its hours on that day are not known, and no opening is announced. `24/7` means
every day. A night belongs to the day on which it began: if 24 December is closed, so are the small hours of the 25th.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, timezone
from functools import lru_cache

from opening_hours import OpeningHours, ParserError, State  # type: ignore[attr-defined]  # its stub lacks ParserError

from bot.directory.special_days import ALWAYS, DECIDED_PER_SERVICE, UNEVEN, decision_of, text_of
from bot.model import Service
from bot.settings import AMSTERDAM

HORIZON = timedelta(days=60)
"""How far ahead somebody is told of an opening; later is as good as not."""
NOON = timedelta(hours=12)
LONGEST = 366
"""Days after which hours that do not change are endless; else the library walks on to the year 9999, for seconds."""

Period = tuple[datetime, datetime]


def hours_mistake(text: str) -> str | None:
    """What is wrong with an `opening_hours` text, in one line; None where it can be read."""
    try:
        _compiled(text, True)
    except ParserError as error:
        return str(error).strip().splitlines()[-1].strip(" =")
    return None


def is_open(service: Service, moment: datetime) -> bool | None:
    """Whether it is open at a moment; None where nobody knows: no hours, or a day on which it did not decide."""
    here = _in_amsterdam(moment)
    if _stopped(service, here.date()):
        return False
    if service.hours is None:
        return None
    decision = decision_of(service, _day_of(service, here))
    if decision in ("unknown", "closed"):
        return None if decision == "unknown" else False
    state, _ = _compiled(text_of(service), decision != "open").state(here)
    return None if state == State.UNKNOWN else bool(state == State.OPEN)


def next_opening(service: Service, moment: datetime) -> datetime | None:
    """The first time after a moment at which it opens, at most sixty days ahead; None where none is known."""
    if service.hours is None or (service.hours == ALWAYS and not (service.holidays or service.exceptions)):
        return None
    here = _in_amsterdam(moment)
    # From the day before, so that an opening that began before midnight is not taken for one that begins now.
    open_until = None
    for start, end in _pieces(service, here.date() - timedelta(days=1), (here + HORIZON).date()):
        if start > here and start != open_until:
            return start if start - here <= HORIZON else None
        open_until = end
    return None


def opening_periods(service: Service, day_from: date, day_to: date) -> tuple[Period, ...]:
    """Each opening from the first day up to and with the last; one over midnight ends with the last day."""
    return tuple(_periods(service, day_from, day_to))


def _periods(service: Service, day_from: date, day_to: date) -> Iterator[Period]:
    """The openings in order, glued where one goes on into the next day."""
    pending: Period | None = None
    for start, end in _pieces(service, day_from, day_to):
        if pending and start <= pending[1]:
            pending = (pending[0], max(end, pending[1]))
            continue
        if pending:
            yield pending
        pending = (start, end)
    if pending:
        yield pending


def _pieces(service: Service, day_from: date, day_to: date) -> Iterator[Period]:
    """The openings between two days; days that were decided otherwise are passed over."""
    if service.hours is None:
        return
    if service.stopped is not None:
        day_to = min(day_to, service.stopped - timedelta(days=1))
    for decision, first, last in _stretches(service, day_from, day_to):
        if decision in ("normal", "open"):
            begin, end = _dawn(service, first), _dawn(service, last + timedelta(days=1))
            for start, stop, state, _ in _compiled(text_of(service), decision == "normal").intervals(begin, end):
                if state == State.OPEN and start < stop:
                    yield start, stop


def _stretches(service: Service, day_from: date, day_to: date) -> Iterator[tuple[str, date, date]]:
    """The days from one to another in stretches that go alike: (decision, first day, last day)."""
    special = (date(year, *key) for year in _years(day_from, day_to) for key in DECIDED_PER_SERVICE)
    begin = day_from
    for day in special:
        if begin <= day <= day_to and decision_of(service, day) != "normal":
            if begin < day:
                yield "normal", begin, day - timedelta(days=1)
            yield decision_of(service, day), day, day
            begin = day + timedelta(days=1)
    if begin <= day_to:
        yield "normal", begin, day_to


def _years(day_from: date, day_to: date) -> range:
    return range(day_from.year, day_to.year + 1)


def _in_amsterdam(moment: datetime) -> datetime:
    """The moment on Amsterdam's clocks; an hour that the clocks skip in March becomes the one after it."""
    return moment.astimezone(timezone.utc).astimezone(AMSTERDAM)


def _day_of(service: Service, here: datetime) -> date:
    """The day to which a moment belongs: before dawn, the day before."""
    today = here.date()
    if (today.month, today.day) not in UNEVEN or here >= _dawn(service, today):
        return today
    return today - timedelta(days=1)


def _dawn(service: Service, day: date) -> datetime:
    """When a day begins: at midnight, or, beside a day that goes differently, when the night before it ends.

    What goes on past noon is no night but a place that is open round the clock.
    """
    midnight = _midnight(day)
    decided = (decision_of(service, near) for near in (day, day - timedelta(days=1)))
    if service.hours is None or all(decision == "normal" for decision in decided):
        return midnight
    hours = _compiled(text_of(service), True)
    if not (hours.is_open(midnight) and hours.is_open(midnight - timedelta(minutes=1))):
        return midnight
    end = hours.next_change(midnight)
    return end if end and end <= midnight + NOON else midnight


def _stopped(service: Service, day: date) -> bool:
    return service.stopped is not None and service.stopped <= day


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), AMSTERDAM)


@lru_cache(maxsize=4096)
def _compiled(text: str, with_holidays: bool) -> OpeningHours:
    """The hours made ready once; without the country no day is a holiday."""
    country = "NL" if with_holidays else None
    return OpeningHours(text, timezone=AMSTERDAM, country=country, max_interval_days=LONGEST)
