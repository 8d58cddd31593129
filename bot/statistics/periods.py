"""ISO weeks and what they add up to. A week belongs whole to the month, quarter and year of its Thursday.

Written so that text sorts as time does: `2026-W48`, `2026-11`, `2026-Q4`, `2026`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import takewhile

from bot.settings import AMSTERDAM

GRAINS = ("week", "month", "quarter", "year")
"""Finest first; each is made of whole periods of the one before it."""
THURSDAY = 4


def week_of(moment: datetime) -> str:
    """The ISO week of a moment, by the calendar of Amsterdam. A moment without a zone is local there."""
    local = moment.astimezone(AMSTERDAM) if moment.tzinfo else moment
    year, week, _ = local.isocalendar()
    return f"{year}-W{week:02}"


def thursday(week: str) -> date:
    """The day that decides to which month, quarter and year a week belongs. Raises ValueError for what is no week."""
    year, number = week.split("-W")
    return date.fromisocalendar(int(year), int(number), THURSDAY)


def middle_of(week: str) -> datetime:
    """A moment that stands for a whole week, where nothing finer may be known."""
    return datetime.combine(thursday(week), time(12), AMSTERDAM)


def period_of(week: str, grain: str) -> str:
    """The period of that grain in which a week lies."""
    day = thursday(week)
    return {
        "week": week,
        "month": f"{day.year}-{day.month:02}",
        "quarter": f"{day.year}-Q{(day.month + 2) // 3}",
        "year": f"{day.year}",
    }[grain]


def next_week(week: str) -> str:
    return week_of(middle_of(week) + timedelta(days=7))


def weeks_until(first: str, end: str) -> Iterator[str]:
    """The weeks from `first` up to `end`, without `end`."""
    week = first
    while week < end:
        yield week
        week = next_week(week)


def grain_of(period: str) -> str:
    """Which grain a written period has."""
    if "W" in period:
        return "week"
    if "Q" in period:
        return "quarter"
    return "month" if "-" in period else "year"


def first_week(period: str) -> str:
    """The first ISO week of a period of any grain."""
    if grain_of(period) == "week":
        return period
    year, _, rest = period.partition("-")
    month = 3 * int(rest[1:]) - 2 if rest.startswith("Q") else int(rest or 1)
    first = date(int(year), month, 1)
    day = first + timedelta(days=(THURSDAY - first.isoweekday()) % 7)
    return week_of(datetime.combine(day, time(12)))


def weeks_of(period: str) -> tuple[str, ...]:
    """All ISO weeks of a period of any grain."""
    grain, first = grain_of(period), first_week(period)
    following = weeks_until(first, f"{int(first[:4]) + 2}-W01")
    return tuple(takewhile(lambda week: period_of(week, grain) == period, following))


def parts_of(period: str) -> tuple[str, ...]:
    """The periods one grain finer that make up this one: the weeks of a month, the months of a quarter."""
    finer = GRAINS[GRAINS.index(grain_of(period)) - 1]
    return tuple(dict.fromkeys(period_of(week, finer) for week in weeks_of(period)))


def starts(period: str) -> date:
    """The Monday on which a period begins."""
    return thursday(first_week(period)) - timedelta(days=3)
