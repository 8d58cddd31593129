"""The ordinary week that an OSM `opening_hours` text tells, for the shapes that one plain line can say truly."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
ALWAYS = "24/7"
DAY = 24 * 60
LAST = -1
"""The last such day of a month, beside 1, 2, 3 and 4. A fifth is not said: many months have none."""
_NAME = "|".join(DAYS)
_NTH = r"(?:[1-4]|-1)"
_ITEM = rf"(?:PH|(?:{_NAME})(?:-(?:{_NAME})|\[{_NTH}(?:,{_NTH})*\])?)"
_LIST = re.compile(rf"{_ITEM}(?:,{_ITEM})*")
_SPAN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|24:00)")

Span = tuple[int, int]
"""From and to in minutes after midnight; an end past 24 hours lies on the next day."""
Spans = tuple[Span, ...]


@dataclass(frozen=True)
class Monthly:
    """Hours on one day of each month: the first Tuesday."""

    nth: int
    day: int
    spans: Spans


@dataclass
class Week:
    """What each day of an ordinary week holds, Monday first, and what holidays do."""

    days: list[Spans] = field(default_factory=lambda: [()] * len(DAYS))
    monthly: list[Monthly] = field(default_factory=list)
    holidays: str = "usual"
    """`usual` (as any other day), `off`, `unknown`, or `own` (the hours of `on_holidays`)."""
    on_holidays: Spans = ()

    @property
    def nights(self) -> bool:
        """Whether any hours go on after midnight."""
        rows = [*self.days, *(row.spans for row in self.monthly), self.on_holidays]
        return any(end > DAY for spans in rows for _, end in spans)

    def on(self, day: date) -> Spans:
        """The hours that begin on a day that is no holiday and no exception."""
        nth = {(day.day - 1) // 7 + 1} | ({LAST} if (day + timedelta(days=7)).month != day.month else set())
        of_month = (row.spans for row in self.monthly if row.day == day.weekday() and row.nth in nth)
        return next(of_month, self.days[day.weekday()])


@lru_cache(maxsize=4096)
def week_of(text: str) -> Week | None:
    """The week of an `opening_hours` text; None for a shape that a plain line cannot say truly.

    It hangs on the text alone, and nobody changes a week that was read: each is read once.
    """
    week = Week()
    rules = [rule.strip() for rule in text.split(";") if rule.strip()]
    if not rules or not all(_take(week, rule) for rule in rules):
        return None
    of_days = [rule for rule in rules if not rule.startswith("PH ")]
    plain = not _may_meet(week) and (len(of_days) == 1 or not week.nights)
    return week if plain else None  # what a later rule does to a night that began before it, no plain line can say


def spans_of(text: str) -> Spans | None:
    """The hours of one day, `10:00-12:00,13:00-15:00`, in order; None where they touch or cannot be read."""
    if text == ALWAYS:
        return ((0, DAY),)
    found = [_SPAN.fullmatch(part) for part in text.split(",")]
    spans = sorted(_minutes(part) for part in found if part)
    apart = all(before[1] < after[0] for before, after in zip(spans, spans[1:], strict=False))
    return tuple(spans) if len(spans) == len(found) and apart else None


def closing(week: Week, moment: datetime) -> int | None:
    """Minutes after midnight at which an open place closes, past 24 hours for tomorrow; None: not certain."""
    if week.holidays == "own" or (week.holidays != "usual" and week.nights):
        return None  # whether today or tomorrow is a holiday is not known here
    today, minute = moment.date(), moment.hour * 60 + moment.minute
    before = [(begin - DAY, end - DAY) for begin, end in week.on(today - timedelta(days=1))]
    ends = [end for begin, end in (*before, *week.on(today)) if begin <= minute < end]
    tomorrow = week.on(today + timedelta(days=1))
    goes_on = bool(ends) and any(begin + DAY <= ends[0] for begin, _ in tomorrow)
    return ends[0] if ends and not goes_on else None


def _minutes(found: re.Match[str]) -> Span:
    begin = int(found[1]) * 60 + int(found[2])
    end = int(found[3]) * 60 + int(found[4]) if found[3] else DAY
    return begin, end if end > begin else end + DAY


def _take(week: Week, rule: str) -> bool:
    """Adds one rule to the week; False where it cannot be said."""
    days, _, what = rule.rpartition(" ")
    if what == ALWAYS and days:
        return False
    days = days or "Mo-Su"
    if not _LIST.fullmatch(days) or week.holidays != "usual":  # a rule after the one for holidays would overrule it
        return False
    spans = () if what in ("off", "closed", "unknown") else spans_of(what)
    if spans is None:
        return False
    return all(_take_days(week, item, spans, what) for item in re.findall(_ITEM, days))


def _take_days(week: Week, item: str, spans: Spans, what: str) -> bool:
    """One item of a rule's days: `PH`, `Mo`, `Mo-Fr` or `Tu[1,3]`."""
    if item == "PH":
        week.holidays = "own" if spans else "unknown" if what == "unknown" else "off"
        week.on_holidays = spans
        return True
    if what == "unknown":
        return False
    first, last = DAYS.index(item[:2]), DAYS.index(item[3:5]) if "-" in item[:3] else DAYS.index(item[:2])
    if "[" in item:
        week.monthly += [Monthly(int(nth), first, spans) for nth in item[3:-1].split(",")]
        return bool(spans) and not week.days[first]
    taken = [(first + step) % len(DAYS) for step in range((last - first) % len(DAYS) + 1)]
    for day in taken:
        week.days[day] = spans
    return not any(row.day in taken for row in week.monthly)


def _may_meet(week: Week) -> bool:
    """Whether a night runs into the hours of the next day, or two monthly rules may fall on the same day."""
    pairs = zip(week.days, [*week.days[1:], week.days[0]], strict=True)
    meet = any(end - DAY > begin for today, tomorrow in pairs for _, end in today for begin, _ in tomorrow)
    named = [row.day for row in week.monthly]
    twice = len({(row.nth, row.day) for row in week.monthly}) != len(named)
    return meet or twice or any(row.nth == LAST and named.count(row.day) > 1 for row in week.monthly)
