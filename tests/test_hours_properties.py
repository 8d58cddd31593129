"""Three years of every door on both maps, against an oracle that walks by the quarter: nothing invented, nothing missed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache

import pytest

from bot.directory import load
from bot.directory.hours import is_open, next_opening, opening_periods
from bot.model import Service
from bot.paths import GEMEENTEN
from bot.settings import AMSTERDAM
from tests.hours_fixtures import FIRST, HOLIDAYS, LAST, Oracle

MINUTE = timedelta(minutes=1)


@cache
def doors() -> dict[str, Service]:
    """Every different door, confirmed or not, by the first place that has it."""
    found: dict[tuple[object, ...], tuple[str, Service]] = {}
    for name in ("arnhem", "voorbeeldstad"):
        directory = load(GEMEENTEN / name)
        hidden = (kept.service for kept in directory.unconfirmed.values())
        for service in (*directory.services.values(), *hidden):
            if service.hours is not None:
                special = tuple(service.holidays.items()), tuple(service.exceptions.items()), service.stopped
                found.setdefault((service.hours, *special), (f"{name}: {service.id}", service))
    return dict(found.values())


def somewhere(text: str, **more: object) -> Service:
    return Service("x", "spreekuur", "X", (), date(2026, 1, 1), "test", hours=text, **more)  # type: ignore[arg-type]


INVENTED = {
    "the last Friday": somewhere("Fr[-1] 13:00-15:00; PH off"),
    "a night, decided closed": somewhere("Mo-Su 22:00-06:00", holidays={"12-24": "closed", "05-05": "open"}),
    "the doctor, decided": somewhere(
        "Mo-Fr 00:00-08:00,17:00-24:00; Sa-Su,PH 00:00-24:00", holidays={"12-31": "open", "12-24": "open"}
    ),
    "always, but not on Christmas Eve": somewhere("24/7", holidays={"12-24": "closed"}),
    "single days": somewhere(
        "Tu 10:00-12:00; PH off",
        exceptions={"2026-11-24": "closed", "2026-11-26": "14:00-16:00", "2026-12-24": "09:00-10:00"},
    ),
    "it ends": somewhere("Mo-Fr 09:00-17:00", stopped=date(2027, 3, 1)),
}
ALL = {**doors(), **INVENTED}


@cache
def oracle(name: str) -> Oracle:
    return Oracle(ALL[name])


def here(moment: datetime) -> datetime:
    return moment.replace(tzinfo=AMSTERDAM)


def naked(moment: datetime | None) -> datetime | None:
    return moment and moment.replace(tzinfo=None)


def within(periods: list[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """Those that lie in the three years, but for the first and the last day, at which a period may be cut."""
    return [period for period in periods if period[0].date() > FIRST and period[1].date() < LAST]


def test_the_calendar_has_the_public_holidays_of_the_law() -> None:
    found = opening_periods(
        somewhere("PH 10:00-11:00", holidays=dict.fromkeys(("05-05", "12-24", "12-31"), "closed")), FIRST, LAST
    )
    assert {start.date() for start, _ in found} == {day for day in HOLIDAYS if FIRST <= day <= LAST}


@pytest.mark.parametrize("name", ALL)
def test_no_hour_is_announced_that_is_not_there_and_none_is_missed(name: str) -> None:
    found = opening_periods(ALL[name], FIRST, LAST)
    announced = within([(start.replace(tzinfo=None), end.replace(tzinfo=None)) for start, end in found])
    there = within(oracle(name).periods)
    assert [period for period in announced if period not in there] == []
    assert [period for period in there if period not in announced] == []


@pytest.mark.parametrize("name", ALL)
def test_a_door_is_open_from_its_first_minute_to_its_last(name: str) -> None:
    service = ALL[name]
    for start, end in within(oracle(name).periods):
        assert is_open(service, here(start)) is True, start
        assert is_open(service, here(start - MINUTE)) is not True, start
        assert is_open(service, here(end - MINUTE)) is True, end
        assert is_open(service, here(end)) is not True, end


@pytest.mark.parametrize("name", ALL)
def test_the_next_opening_is_the_next_one_there_is(name: str) -> None:
    """Asked when it opens, a minute before, and when it closes; of a busy door at every seventh opening."""
    service, truth = ALL[name], oracle(name)
    there = within(truth.periods)
    for start, end in there if len(there) < 200 else there[::7]:
        for moment in (start - MINUTE, start, end):
            assert naked(next_opening(service, here(moment))) == truth.next_opening(here(moment)), moment
