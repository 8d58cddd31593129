"""When a door is open: holidays, nights, the changes of the clock, and an oracle that walks by the quarter."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.directory.hours import HORIZON, hours_mistake, is_open, next_opening, opening_periods
from bot.model import Service
from bot.settings import AMSTERDAM

OFFICE = "Mo-Fr 09:00-17:00; PH off"
MONTHLY = "Tu[1] 10:00-12:00; PH off"
NIGHT = "Mo-Su 22:00-06:00"
DOCTOR = "Mo-Fr 00:00-08:00,17:00-24:00; Sa-Su,PH 00:00-24:00"
DECIDED_OPEN = {"05-05": "open", "12-24": "open", "12-31": "open"}
DECIDED_CLOSED = {"05-05": "closed", "12-24": "closed", "12-31": "closed"}


def place(hours: str | None, holidays: dict[str, str] | None = None, stopped: date | None = None) -> Service:
    return Service(
        "x", "spreekuur", "X", (), date(2026, 1, 1), "test", hours=hours, holidays=holidays or {}, stopped=stopped
    )


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM)


@pytest.mark.parametrize(
    ("situation", "hours", "holidays", "moment", "open_now", "opens"),
    [
        ("an ordinary Monday", OFFICE, None, "2026-11-23T10:00", True, "2026-11-24T09:00"),
        ("the minute of opening", OFFICE, None, "2026-11-23T09:00", True, "2026-11-24T09:00"),
        ("the minute of closing", OFFICE, None, "2026-11-23T17:00", False, "2026-11-24T09:00"),
        ("the weekend", OFFICE, None, "2026-11-21T20:00", False, "2026-11-23T09:00"),
        ("monthly, eleven days before", MONTHLY, None, "2026-11-21T20:00", False, "2026-12-01T10:00"),
        ("monthly, just over", MONTHLY, None, "2026-12-01T12:00", False, "2027-01-05T10:00"),
        (
            "monthly, on a day without decision",
            "Tu[1] 10:00-12:00; PH off",
            None,
            "2026-04-30T10:00",
            False,
            "2026-06-02T10:00",
        ),
        ("King's Day", OFFICE, None, "2026-04-27T10:00", False, "2026-04-28T09:00"),
        ("Liberation Day, nobody decided", OFFICE, None, "2026-05-05T10:00", None, "2026-05-06T09:00"),
        ("Liberation Day, decided open", OFFICE, DECIDED_OPEN, "2026-05-05T10:00", True, "2026-05-06T09:00"),
        ("Liberation Day, decided closed", OFFICE, DECIDED_CLOSED, "2026-05-05T10:00", False, "2026-05-06T09:00"),
        ("Liberation Day, the evening before", OFFICE, None, "2026-05-04T20:00", False, "2026-05-06T09:00"),
        (
            "Liberation Day, the evening before, decided open",
            OFFICE,
            DECIDED_OPEN,
            "2026-05-04T20:00",
            False,
            "2026-05-05T09:00",
        ),
        ("Whit Monday", OFFICE, None, "2026-05-25T10:00", False, "2026-05-26T09:00"),
        ("Ascension Day", OFFICE, None, "2026-05-14T10:00", False, "2026-05-15T09:00"),
        ("Christmas Eve, nobody decided", OFFICE, None, "2026-12-24T10:00", None, "2026-12-28T09:00"),
        ("Christmas Eve, decided open", OFFICE, DECIDED_OPEN, "2026-12-23T20:00", False, "2026-12-24T09:00"),
        ("Christmas", OFFICE, DECIDED_OPEN, "2026-12-25T10:00", False, "2026-12-28T09:00"),
        ("New Year's Eve, nobody decided", OFFICE, None, "2026-12-31T10:00", None, "2027-01-04T09:00"),
        ("New Year's Eve, decided closed", OFFICE, DECIDED_CLOSED, "2026-12-31T10:00", False, "2027-01-04T09:00"),
        ("a listening line on Christmas Eve", "24/7", None, "2026-12-24T22:00", True, None),
        (
            "a listening line that decided to close",
            "24/7",
            DECIDED_CLOSED,
            "2026-12-24T22:00",
            False,
            "2026-12-25T00:00",
        ),
        ("night, before midnight", NIGHT, None, "2026-11-23T23:00", True, "2026-11-24T22:00"),
        ("night, after midnight", NIGHT, None, "2026-11-24T03:00", True, "2026-11-24T22:00"),
        ("night that began the day before Christmas Eve", NIGHT, None, "2026-12-24T03:00", True, "2026-12-25T22:00"),
        ("night that began on an undecided Christmas Eve", NIGHT, None, "2026-12-25T03:00", None, "2026-12-25T22:00"),
        (
            "night that began on a closed Christmas Eve",
            NIGHT,
            DECIDED_CLOSED,
            "2026-12-25T03:00",
            False,
            "2026-12-25T22:00",
        ),
        (
            "night that began on an open Christmas Eve",
            NIGHT,
            DECIDED_OPEN,
            "2026-12-25T03:00",
            True,
            "2026-12-25T22:00",
        ),
        ("doctor's post in the weekend", DOCTOR, None, "2026-11-21T12:00", True, "2026-11-23T17:00"),
        ("doctor's post on Christmas", DOCTOR, None, "2026-12-25T12:00", True, "2026-12-28T17:00"),
        ("doctor's post on Monday night", DOCTOR, None, "2026-11-23T03:00", True, "2026-11-23T17:00"),
        (
            "the hour that is left out in March",
            "Mo-Su 02:15-02:45",
            None,
            "2026-03-28T22:00",
            False,
            "2026-03-30T02:15",
        ),
        ("over the hour that is left out", "Mo-Su 02:30-05:00", None, "2026-03-28T22:00", False, "2026-03-29T03:00"),
        ("the night that is an hour longer", NIGHT, None, "2026-10-25T02:30", True, "2026-10-25T22:00"),
        ("holidays unknown", "Mo-Su 10:00-13:00; PH unknown", None, "2026-12-25T11:00", None, "2026-12-27T10:00"),
        ("never closed, written out", "Mo-Su 00:00-24:00", DECIDED_OPEN, "2026-11-23T10:00", True, None),
        ("no hours", None, None, "2026-11-23T10:00", None, None),
        ("open in summer only", "Jun-Aug Mo-Su 10:00-12:00", None, "2026-11-23T10:00", False, None),
    ],
)
def test_hours(
    situation: str,
    hours: str | None,
    holidays: dict[str, str] | None,
    moment: str,
    open_now: bool | None,
    opens: str | None,
) -> None:
    service = place(hours, holidays)
    assert is_open(service, at(moment)) is open_now, situation
    assert next_opening(service, at(moment)) == (at(opens) if opens else None), situation


def test_a_moment_from_elsewhere_is_taken_to_amsterdam() -> None:
    summer = datetime(2026, 7, 6, 7, 30, tzinfo=timezone.utc)
    winter = datetime(2026, 11, 23, 7, 30, tzinfo=timezone.utc)
    assert is_open(place(OFFICE), summer) is True
    assert is_open(place(OFFICE), winter) is False


def test_what_has_stopped_is_never_open_again() -> None:
    service = place("24/7", stopped=date(2026, 11, 23))
    assert is_open(service, at("2026-11-22T23:59")) is True
    assert is_open(service, at("2026-11-23T00:00")) is False
    assert next_opening(place(OFFICE, stopped=date(2026, 11, 23)), at("2026-11-21T12:00")) is None


def test_the_periods_of_a_week_with_christmas() -> None:
    found = opening_periods(place(OFFICE, DECIDED_OPEN), date(2026, 12, 21), date(2026, 12, 28))
    assert [f"{start:%d %H:%M}-{end:%H:%M}" for start, end in found] == [
        f"{day} 09:00-17:00" for day in (21, 22, 23, 24, 28)
    ]


def test_a_night_is_one_period() -> None:
    found = opening_periods(place(NIGHT), date(2026, 11, 23), date(2026, 11, 24))
    assert (at("2026-11-23T22:00"), at("2026-11-24T06:00")) in found


def test_the_periods_of_a_place_without_hours_are_none() -> None:
    assert opening_periods(place(None), date(2026, 1, 1), date(2026, 12, 31)) == ()


@pytest.mark.parametrize("text", ["maandag 10:00", "Mo-Fr 9-17", "", "Mo 10:00-12:00; XX off"])
def test_what_is_no_opening_hours_is_refused(text: str) -> None:
    assert hours_mistake(text)


DAYS = st.sets(st.sampled_from(["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su", "Tu[1]", "Fr[-1]"]), min_size=1)
SPANS = st.sampled_from(["09:00-17:00", "10:00-12:00,13:00-15:30", "22:00-06:00", "00:00-24:00", "19:30-21:15"])
HOURS = st.builds(
    lambda days, span, rest: f"{','.join(sorted(days))} {span}{rest}", DAYS, SPANS, st.sampled_from(["", "; PH off"])
)
HOLIDAYS = st.dictionaries(st.sampled_from(["05-05", "12-24", "12-31"]), st.sampled_from(["open", "closed"]))
MINUTES = st.integers(0, 3 * 366 * 24 * 60)
"""Three years, so that leap days, both changes of the clock and all holidays are among them."""


@settings(max_examples=50, deadline=None)
@given(HOURS, HOLIDAYS, MINUTES)
def test_the_next_opening_is_one_and_none_earlier_was_missed(
    hours: str, holidays: dict[str, str], minutes: int
) -> None:
    service = place(hours, holidays)
    moment = at("2025-01-01T00:00") + timedelta(minutes=minutes)
    opens = next_opening(service, moment)
    quarter = timedelta(minutes=15)
    end = opens or moment + HORIZON
    if opens:
        assert moment < opens <= moment + HORIZON
        assert is_open(service, opens) is True
    step = moment.replace(minute=moment.minute // 15 * 15, second=0) + quarter
    while step < min(end, moment + timedelta(days=35)):
        came_open = is_open(service, step) is True and is_open(service, step - quarter) is False
        assert not came_open, step
        step += quarter


@settings(max_examples=100, deadline=None)
@given(HOURS, HOLIDAYS, MINUTES)
def test_inside_a_period_it_is_open(hours: str, holidays: dict[str, str], minutes: int) -> None:
    service = place(hours, holidays)
    day = (at("2025-01-01T00:00") + timedelta(minutes=minutes)).date()
    for start, end in opening_periods(service, day, day + timedelta(days=14)):
        assert is_open(service, start) is True
        assert is_open(service, end - timedelta(minutes=1)) is True


EXCEPTIONS = [
    # what differs on single days, the day, the openings of that day
    ({"2026-12-28": "closed"}, date(2026, 12, 28), []),
    ({"2026-12-28": "closed"}, date(2026, 12, 29), ["09:00-17:00"]),
    ({"2026-12-25": "10:00-12:00"}, date(2026, 12, 25), ["10:00-12:00"]),
    ({"2026-12-24": "09:00-10:00,11:00-12:00"}, date(2026, 12, 24), ["09:00-10:00", "11:00-12:00"]),
    ({"2026-12-26": "10:00-11:00"}, date(2026, 12, 26), ["10:00-11:00"]),
]


@pytest.mark.parametrize(("exceptions", "day", "expected"), EXCEPTIONS)
def test_a_single_day_that_differs_wins_over_hours_and_holidays(
    exceptions: dict[str, str], day: date, expected: list[str]
) -> None:
    service = replace(place(OFFICE), exceptions=exceptions)
    found = [f"{start:%H:%M}-{end:%H:%M}" for start, end in opening_periods(service, day, day)]
    assert found == expected
    assert is_open(service, datetime.combine(day, time(8, 59), AMSTERDAM)) is False
