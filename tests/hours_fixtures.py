"""An oracle for opening hours: three years laid out in quarters of an hour, without the library that the project uses.

It reads only the forms of `opening_hours` that stand on the maps, and fails loudly on any other: then it must learn it first.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from datetime import date, datetime, timedelta
from functools import cached_property

from bot.model import Service
from bot.settings import AMSTERDAM

FIRST, LAST = date(2026, 1, 1), date(2028, 12, 31)
HOLIDAYS = frozenset(
    date.fromisoformat(day)
    for day in (
        *("2026-01-01", "2026-04-05", "2026-04-06", "2026-04-27", "2026-05-14", "2026-05-24", "2026-05-25"),
        *("2026-12-25", "2026-12-26", "2027-01-01", "2027-03-28", "2027-03-29", "2027-04-27", "2027-05-06"),
        *("2027-05-16", "2027-05-17", "2027-12-25", "2027-12-26", "2028-01-01", "2028-04-16", "2028-04-17"),
        *("2028-04-27", "2028-05-25", "2028-06-04", "2028-06-05", "2028-12-25", "2028-12-26", "2029-01-01"),
        "2025-12-25",
        "2025-12-26",
    )
)
"""The public holidays of the Netherlands, from the calendar of the government."""
OWN_DECISION = ("05-05", "12-24", "12-31")
WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
RULE = re.compile(r"(?:(?P<months>[A-Z][a-z]{2}(?:-[A-Z][a-z]{2})?) )?(?P<days>[A-Za-z,\[\]0-9-]+) (?P<times>\S+)$")
BEGIN = FIRST - timedelta(days=7)
DAYS = (LAST - FIRST).days + 70
"""Some days more at both ends, so that nights and the search for a next opening do not fall off."""
A_DAY = 96
"""Quarters in a day."""


class Oracle:
    """When one place is open, by walking through the quarters. Times are those on Amsterdam's clocks, without a zone."""

    def __init__(self, service: Service) -> None:
        assert service.hours is not None
        self.service = service
        self.by_hours = self._laid_out(holidays=True)
        self.as_on_any_day = self._laid_out(holidays=False)
        self.quarters = self._decided()

    @cached_property
    def periods(self) -> list[tuple[datetime, datetime]]:
        """Every opening, glued where it goes on over midnight."""
        found, start = [], None
        for number, is_open in enumerate([*self.quarters, 0]):
            if is_open and start is None:
                start = number
            elif not is_open and start is not None:
                found.append((_moment(start), _moment(number)))
                start = None
        return found

    @cached_property
    def starts(self) -> list[datetime]:
        return [start for start, _ in self.periods]

    def is_open(self, moment: datetime) -> bool:
        """At a moment of the three years."""
        here = moment.astimezone(AMSTERDAM).replace(tzinfo=None)
        row = bisect_right(self.starts, here) - 1
        return row >= 0 and here < self.periods[row][1]

    def next_opening(self, moment: datetime) -> datetime | None:
        """The first start after a moment, at most sixty days ahead."""
        here = moment.astimezone(AMSTERDAM).replace(tzinfo=None)
        row = bisect_right(self.starts, here)
        found = self.starts[row] if row < len(self.starts) else None
        return found if found and found - here <= timedelta(days=60) else None

    def opens_between(self, start: datetime, end: datetime) -> bool:
        return bisect_left(self.starts, start) < bisect_right(self.starts, end)

    def _laid_out(self, holidays: bool) -> bytearray:
        """What the hours say for each day, the last rule that fits a day; nights run on into the next."""
        line = bytearray(DAYS * A_DAY)
        for number in range(DAYS):
            day = BEGIN + timedelta(days=number)
            for start, end in _spans(self._times(day, holidays)):
                from_, to = number * A_DAY + start, min(number * A_DAY + end, len(line))
                line[from_:to] = b"\1" * (to - from_)
        return line

    def _times(self, day: date, holidays: bool) -> str:
        if day.isoformat() in self.service.exceptions:
            return self.service.exceptions[day.isoformat()]
        found = "off"
        for rule in str(self.service.hours).split("; "):
            if rule == "24/7":
                found = "00:00-24:00"
                continue
            parts = RULE.match(rule)
            assert parts, f"the oracle does not know {rule!r}: teach it"
            if _in_months(parts["months"], day) and _on_day(parts["days"], day, holidays):
                found = parts["times"]
        return found

    def _decided(self) -> bytearray:
        """The same with the days on which it goes its own way; each begins when the night before it is over."""
        line = bytearray(self.by_hours)
        for number in range(1, DAYS - 1):
            day = BEGIN + timedelta(days=number)
            if self.service.stopped and day >= self.service.stopped:
                line[number * A_DAY :] = bytes(len(line) - number * A_DAY)
                break
            decision = self._decision(day)
            if decision != "normal":
                from_, to = self._dawn(number), self._dawn(number + 1)
                line[from_:to] = self.as_on_any_day[from_:to] if decision == "open" else bytes(to - from_)
        return line

    def _decision(self, day: date) -> str:
        if f"{day:%m-%d}" not in OWN_DECISION or day.isoformat() in self.service.exceptions:
            return "normal"
        return self.service.holidays.get(f"{day:%m-%d}", "normal" if self.service.hours == "24/7" else "unknown")

    def _dawn(self, number: int) -> int:
        """Where a night before this day ends; midnight where it goes on past noon, for that is no night."""
        midnight = number * A_DAY
        end = midnight
        if self.by_hours[midnight - 1]:
            while end < len(self.by_hours) and self.by_hours[end]:
                end += 1
        return end if end - midnight <= A_DAY // 2 else midnight


def _in_months(text: str | None, day: date) -> bool:
    if text is None:
        return True
    first, last = (MONTHS.index(month) + 1 for month in (text.split("-") * 2)[:2])
    return first <= day.month <= last if first <= last else not last < day.month < first


def _on_day(text: str, day: date, holidays: bool) -> bool:
    """Whether a day is one of "Mo-Fr", "Tu[1]", "Sa-Su,PH"."""
    for part in text.split(","):
        if part == "PH":
            if holidays and day in HOLIDAYS:
                return True
        elif part.endswith("]"):
            weekday, nth = part[:2], int(part[3:-1])
            from_end = (_days_in_month(day) - day.day) // 7 + 1
            if WEEKDAYS[day.weekday()] == weekday and nth in ((day.day - 1) // 7 + 1, -from_end):
                return True
        else:
            first, last = (WEEKDAYS.index(name) for name in (part.split("-") * 2)[:2])
            if (day.weekday() - first) % 7 <= (last - first) % 7:
                return True
    return False


def _days_in_month(day: date) -> int:
    return ((day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)).day


def _spans(times: str) -> list[tuple[int, int]]:
    """ "10:00-12:00,22:00-06:00" in quarters of an hour; a night ends on the next day."""
    if times in ("off", "closed", "unknown"):
        return []
    found = []
    for span in times.split(","):
        start, end = (int(clock[:2]) * 4 + int(clock[3:]) / 15 for clock in span.split("-"))
        assert start == int(start) and end == int(end), f"the oracle counts in quarters, {span!r} does not"
        found.append((int(start), int(end if end > start else end + A_DAY)))
    return found


def _moment(quarter: int) -> datetime:
    return datetime.combine(BEGIN, datetime.min.time()) + timedelta(minutes=15 * quarter)
