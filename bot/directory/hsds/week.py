"""Opening hours as a plain week: on which weekday, or which of a month, from when to when.

It holds what both OpenStreetMap's `opening_hours` and the recurrence rules of HSDS can say. Whatever goes further
(months, sunrise, holidays, comments) has no week, and is never bent into one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
Day = tuple[int, int]
"""(weekday from Monday 0, which of the month: 1 the first, -1 the last, 0 every week)."""
Span = tuple[str, str]
"""(from, to) on the clocks of Amsterdam; `to` before `from` is on the next day, `24:00` the end of this one."""

TIME = r"(?:[01]\d|2[0-3]):[0-5]\d"
SPAN = rf"{TIME}-(?:{TIME}|24:00)"
RULE = re.compile(rf"^(?P<days>[A-Z][A-Za-z0-9,\[\]-]*) (?P<times>{SPAN}(?:,{SPAN})*|off|closed)$")
DAY = re.compile(
    r"^(?P<first>Mo|Tu|We|Th|Fr|Sa|Su)(?:-(?P<last>Mo|Tu|We|Th|Fr|Sa|Su)|\[(?P<nth>-?[1-5](?:,-?[1-5])*)\])?$"
)
HOLIDAYS = re.compile(r"^PH (off|closed|unknown|open)$")


@dataclass
class Week:
    """Which spans each day has; a day that is not named is closed."""

    spans: dict[Day, tuple[Span, ...]] = field(default_factory=dict)

    def put(self, days: Sequence[Day], spans: tuple[Span, ...]) -> None:
        """As in `opening_hours`, what is said last of a day replaces what was said before."""
        for day in days:
            self.spans[day] = spans

    @property
    def plain(self) -> bool:
        """No two rules speak of the same day: the first Tuesday beside every Tuesday, the last beside the fourth."""
        nth = {weekday: {which for day, which in self.spans if day == weekday} for weekday in range(7)}
        return all(len({(which > 0) - (which < 0) for which in many}) <= 1 for many in nth.values())


def week_of(hours: str) -> Week | None:
    """The week of an `opening_hours` text, without what it says of holidays; None where it says more than a week."""
    week = Week()
    if hours == "24/7":
        week.put([(day, 0) for day in range(7)], (("00:00", "24:00"),))
        return week
    for rule in hours.split(";"):
        if HOLIDAYS.match(rule.strip()):
            continue
        found = RULE.match(rule.strip())
        days = list(_days(found["days"])) if found else [None]
        if found is None or None in days:
            return None
        times = found["times"]
        spans = () if times in ("off", "closed") else tuple(_span(text) for text in times.split(","))
        week.put([day for day in days if day is not None], spans)
    return week if week.plain and any(week.spans.values()) else None


def text_of(week: Week) -> str | None:
    """The week as `opening_hours`, holidays unknown; None where it cannot be said plainly."""
    alike: dict[tuple[tuple[Span, ...], bool], list[Day]] = {}
    for day, spans in sorted(week.spans.items()):
        alike.setdefault((spans, day[1] != 0), []).append(day)
    if not week.plain or not alike:
        return None
    rules = (f"{','.join(map(_name, days))} {_times(spans)}" for (spans, _), days in alike.items())
    return "; ".join([*rules, "PH unknown"])


def _times(spans: tuple[Span, ...]) -> str:
    return ",".join("-".join(span) for span in spans)


def _name(day: Day) -> str:
    weekday, which = day
    return f"{DAYS[weekday]}[{which}]" if which else DAYS[weekday]


def _span(text: str) -> Span:
    start, _, end = text.partition("-")
    return start, end


def _days(text: str) -> Iterator[Day | None]:
    """The days of `Mo-We,Fr` or `Tu[1,3]`; nothing for holidays, None for a word that is no day."""
    for part in re.split(r",(?![^\[]*\])", text):
        found = DAY.match(part)
        if part == "PH":
            continue
        if not found:
            yield None
        elif found["nth"]:
            yield from ((DAYS.index(found["first"]), int(which)) for which in found["nth"].split(","))
        else:
            first, last = DAYS.index(found["first"]), DAYS.index(found["last"] or found["first"])
            yield from ((day % 7, 0) for day in range(first, last + 1 if last >= first else last + 8))
