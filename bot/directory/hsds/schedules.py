"""Opening hours as schedules of HSDS, whose fields are those of an iCalendar rule, and back where nothing is lost.

Times are those of the clocks of Amsterdam and carry no offset, for none holds the whole year round.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from bot.directory.hsds.identity import Ids
from bot.directory.hsds.week import DAYS, SPAN, Day, Span, Week, text_of, week_of
from bot.directory.hsds.words import text

ICAL = tuple(day.upper() for day in DAYS)
NARROWS = {"valid_from", "valid_to", "until", "count", "byweekno", "bymonthday", "byyearday", "timezone"}
"""Fields that make a schedule hold for a while only, for some weeks, or by another clock."""
CLOCK = re.compile(r"^((?:[01]\d|2[0-3]):[0-5]\d)(?::00)?$")
BYDAY = re.compile(r"^([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)$")
MIDNIGHT = "23:59"
"""How HSDS writes the end of a day."""

Schedule = dict[str, Any]


def schedules(values: dict[str, Any], ids: Ids) -> list[Schedule]:
    """The hours of a thing, the days on which it opens otherwise, and until when it is there."""
    hours = values.get("hours")
    made = [] if hours is None else _regular(hours)
    until = _last_day(values.get("stopped"))
    made = [{**one, "notes": hours, **({"valid_to": until} if until else {})} for one in made]
    for day, said in sorted(values.get("exceptions", {}).items()):
        made += _single_day(day, said)
    same = {"service_id": ids.service, "description": text("clock")}
    return [{"id": ids.part("schedule", str(number)), **same, **one} for number, one in enumerate(made)]


def _regular(hours: str) -> list[Schedule]:
    """One schedule for all days that have a span in common; a single empty one where no rule can say the hours."""
    week = week_of(hours)
    if week is None:
        return [{}]
    alike: dict[tuple[Span, bool], list[Day]] = {}
    for day, spans in sorted(week.spans.items()):
        for span in spans:
            alike.setdefault((span, day[1] != 0), []).append(day)
    return [_rule(span, days, monthly) for (span, monthly), days in alike.items()]


def _rule(span: Span, days: list[Day], monthly: bool) -> Schedule:
    return {
        "freq": "MONTHLY" if monthly else "WEEKLY",
        "byday": ",".join(f"{which or ''}{ICAL[weekday]}" for weekday, which in days),
        "opens_at": span[0],
        "closes_at": MIDNIGHT if span[1] == "24:00" else span[1],
    }


def _single_day(day: str, said: str) -> list[Schedule]:
    """A day with hours of its own, valid on that day alone. A day that is closed has no schedule."""
    when = _day(day)
    if said == "closed" or when is None:
        return []
    once = {"valid_from": day, "valid_to": day, "dtstart": day, "count": 1, "notes": f"{day} {said}"}
    spans = (tuple(span.split("-")) for span in re.findall(SPAN, said))
    return [{**once, **_rule((start, end), [(when.weekday(), 0)], False)} for start, end in spans]


def hours_of(given: Sequence[Schedule]) -> str | None:
    """Schedules of somebody else as `opening_hours`; None where one of them says what a plain week cannot."""
    spans: dict[Day, list[Span]] = {}
    for one in given:
        opens, closes = CLOCK.match(one.get("opens_at", "")), CLOCK.match(one.get("closes_at", ""))
        days = [BYDAY.match(part.strip()) for part in one.get("byday", "").split(",")]
        monthly = one.get("freq") == "MONTHLY"
        narrowed = NARROWS & one.keys() or one.get("interval", 1) != 1 or "freq" not in one
        if narrowed or not opens or not closes or not all(day and bool(day[1]) == monthly for day in days):
            return None
        span = (opens[1], "24:00" if closes[1] == MIDNIGHT else closes[1])
        for day in days:
            if day:
                spans.setdefault((ICAL.index(day[2]), int(day[1] or 0)), []).append(span)
    return text_of(Week({day: tuple(sorted(set(many))) for day, many in spans.items()}))


def _last_day(stopped: str | None) -> str | None:
    first_without = _day(stopped or "")
    return (first_without - timedelta(days=1)).isoformat() if first_without and first_without > date.min else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
