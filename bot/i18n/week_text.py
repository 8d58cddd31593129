"""The week of a place in plain words: "Maandag tot en met vrijdag van 9 tot 17 uur. Gesloten op feestdagen." """

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from bot.i18n.catalogue import Catalogue
from bot.i18n.opening import date_text
from bot.i18n.week import ALWAYS, DAY, DAYS, LAST, Spans, Week, spans_of, week_of
from bot.model import Service

NTH = {1: "first", 2: "second", 3: "third", 4: "fourth", LAST: "last"}
MOST_LINES = 4
"""Of different days; more is no longer plain."""
MOST_EXCEPTIONS = 3
AHEAD = timedelta(days=60)
"""How far ahead a day that differs is told."""
HOLIDAY = len(DAYS)
"""The eighth kind of day, where holidays have hours of their own."""
SHORTEST_RANGE = 3
"""Two days are named, three become "from … to …"."""


def week_text(service: Service, today: date, language: str, catalogue: Catalogue) -> str | None:
    """The week as one to a few short sentences; None where the hours are not known, or cannot be said plainly."""
    usual = _usual(service.hours, language, catalogue) if service.hours and service.hours != ALWAYS else None
    return " ".join([*usual, *_exceptions(service, today, Lines(language, catalogue))]) if usual else None


@lru_cache(maxsize=4096)
def _usual(hours: str, language: str, catalogue: Catalogue) -> tuple[str, ...]:
    """The sentences of an ordinary week, which change with nothing but these words; none where they cannot be plain."""
    week = week_of(hours)
    said = Lines(language, catalogue).of(week) if week else []
    if not week or len(said) > MOST_LINES:
        return ()
    if said and week.holidays in ("off", "unknown"):
        said.append(catalogue.text(f"facts.week.holidays_{week.holidays}", language))
    return tuple(said)


def _exceptions(service: Service, today: date, lines: Lines) -> list[str]:
    days = {date.fromisoformat(day): what for day, what in service.exceptions.items()}
    near = sorted(day for day in days if today <= day <= today + AHEAD)
    return [lines.exception(day, days[day]) for day in near[:MOST_EXCEPTIONS]]


class Lines:
    """Sentences about days and hours in one language."""

    def __init__(self, language: str, catalogue: Catalogue) -> None:
        self.language = language
        self.catalogue = catalogue

    def of(self, week: Week) -> list[str]:
        """A sentence for each set of days that have the same hours, by their first day; then those of a month."""
        hours: dict[Spans, list[int]] = {}
        for day, spans in enumerate([*week.days, week.on_holidays]):
            if spans:
                hours.setdefault(spans, []).append(day)
        said = [self._sentence(self._days(days), spans) for spans, days in hours.items()]
        months: dict[Spans, list[str]] = {}
        for row in week.monthly:
            months.setdefault(row.spans, []).append(self._text(f"{NTH[row.nth]}.{row.day}"))
        return said + [self._sentence(self._text("monthly", days=self._both(d)), spans) for spans, d in months.items()]

    def exception(self, day: date, what: str) -> str:
        said = date_text(day, self.language, self.catalogue)
        spans = spans_of(what)
        if not spans:
            return self._text("closed_on", date=said)
        return self._text("open_on", date=said, times=self.times(spans))

    def times(self, spans: Spans) -> str:
        """ "van 10 tot 13 uur en van 16:30 tot 19 uur" """
        if spans == ((0, DAY),):
            return self._text("day_and_night")
        both = [self._text("span", begin=self.clock(begin), end=self.clock(end)) for begin, end in spans]
        return self._both(both)

    def clock(self, minutes: int) -> str:
        hour, minute = divmod(minutes if minutes <= DAY else minutes - DAY, 60)
        return self._text("clock" if minute else "hour", hour=hour, minute=f"{minute:02d}")

    def _days(self, days: list[int]) -> str:
        runs = _runs([day for day in days if day != HOLIDAY])
        parts = [part for run in runs for part in self._run(run)]
        return self._both(parts + ([self._text("on_holidays")] if HOLIDAY in days else []))

    def _run(self, run: list[int]) -> list[str]:
        if len(run) == len(DAYS):
            return [self._text("every_day")]
        if len(run) < SHORTEST_RANGE:
            return [self._text(f"single.{day}") for day in run]
        return [self._text("range", first=self._text(f"first_day.{run[0]}"), last=self._text(f"last_day.{run[-1]}"))]

    def _sentence(self, days: str, spans: Spans) -> str:
        sentence = self._text("line", days=days, times=self.times(spans))
        return sentence[:1].upper() + sentence[1:]

    def _both(self, parts: list[str]) -> str:
        """ "a", "a en b", "a, b en c" """
        both = f" {self._text('and')} "
        return both.join(filter(None, [", ".join(parts[:-1]), parts[-1]]))

    def _text(self, key: str, **values: object) -> str:
        return self.catalogue.text(f"facts.week.{key}", self.language, **values)


def _runs(days: list[int]) -> list[list[int]]:
    """Days that follow each other, together."""
    runs: list[list[int]] = []
    for day in days:
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return runs
