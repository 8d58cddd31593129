"""When a place is open, as a sentence in each language."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from bot.i18n.catalogue import Catalogue
from bot.i18n.week import ALWAYS, DAY, Week, closing, spans_of, week_of
from bot.model import Route, Service


def time_text(moment: datetime, language: str, catalogue: Catalogue) -> str:
    return _time(moment.hour, moment.minute, language, catalogue)


def date_text(day: date, language: str, catalogue: Catalogue) -> str:
    """ "1 december", without the year: for a day that is no further away than sixty days."""
    return catalogue.text("facts.date", language, day=day.day, month=_month(day, language, catalogue))


def full_date_text(day: date, language: str, catalogue: Catalogue) -> str:
    """ "1 december 2026": for a day that may be long ago, or on paper."""
    month = _month(day, language, catalogue)
    return catalogue.text("facts.full_date", language, day=day.day, month=month, year=day.year)


def hours_text(route: Route, moment: datetime, language: str, catalogue: Catalogue) -> str | None:
    """ "Nu open tot 17:00 uur.", "Morgen, dinsdag, open om 10:00 uur."; None where the hours are not known."""
    if route.open_now:
        return _open_text(route, moment, language, catalogue)
    return opens_text(route.next_open, moment, language, catalogue) if route.next_open else None


def opens_text(opens: datetime, moment: datetime, language: str, catalogue: Catalogue) -> str:
    """When it opens, seen from a moment: today, tomorrow, or on a date."""
    if opens.date() == moment.date():
        key = "opens_today"
    else:
        key = "opens_tomorrow" if opens.date() == moment.date() + timedelta(days=1) else "opens_on"
    return _opens(key, opens, language, catalogue)


def next_text(opens: datetime, language: str, catalogue: Catalogue) -> str:
    """When it opens next, with its date: for paper, on which "tomorrow" would soon be untrue."""
    return _opens("next", opens, language, catalogue)


def _opens(key: str, opens: datetime, language: str, catalogue: Catalogue) -> str:
    values = {
        "time": time_text(opens, language, catalogue),
        "day": catalogue.text(f"facts.days.{opens.weekday()}", language),
        "date": date_text(opens.date(), language, catalogue),
    }
    return catalogue.text(f"facts.hours.{key}", language, **values)


def _open_text(route: Route, moment: datetime, language: str, catalogue: Catalogue) -> str:
    if day_and_night(route.service):
        return catalogue.text("facts.hours.open_always", language)
    ends = _closes(route, moment)
    if ends is None:
        return catalogue.text("facts.hours.open_now", language)
    hour, minute = divmod(ends if ends <= DAY else ends - DAY, 60)
    return catalogue.text("facts.hours.open_until", language, time=_time(hour, minute, language, catalogue))


def day_and_night(service: Service) -> bool:
    """Whether it is always open, without any day on which it is not."""
    return service.hours == ALWAYS and not service.exceptions and "closed" not in service.holidays.values()


def _closes(route: Route, moment: datetime) -> int | None:
    """When an open place closes, as `closing` tells it; None where that is not certain, as on a day that differs."""
    service, today = route.service, moment.date()
    special = {day for day in service.exceptions if abs((date.fromisoformat(day) - today).days) <= 1}
    if special == {today.isoformat()}:
        spans = spans_of(service.exceptions[today.isoformat()]) or ()
        return closing(_only(today, spans), moment)
    week = week_of(service.hours) if service.hours and not special else None
    return closing(week, moment) if week else None


def _only(day: date, spans: tuple[tuple[int, int], ...]) -> Week:
    """A week that is open on one day of it alone."""
    week = Week()
    week.days[day.weekday()] = spans
    return week


def _month(day: date, language: str, catalogue: Catalogue) -> str:
    return catalogue.text(f"facts.months.{day.month - 1}", language)


def _time(hour: int, minute: int, language: str, catalogue: Catalogue) -> str:
    return catalogue.text("facts.time", language, hour=hour, minute=f"{minute:02d}")
