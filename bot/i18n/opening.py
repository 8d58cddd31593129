"""When a place is open, as a sentence in each language."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from bot.i18n.catalogue import Catalogue


def time_text(moment: datetime, language: str, catalogue: Catalogue) -> str:
    return catalogue.text("facts.time", language, hour=moment.hour, minute=f"{moment.minute:02d}")


def date_text(day: date, language: str, catalogue: Catalogue) -> str:
    """ "1 december", without the year: nothing that we say is further away than sixty days."""
    month = catalogue.text(f"facts.months.{day.month - 1}", language)
    return catalogue.text("facts.date", language, day=day.day, month=month)


def hours_text(
    open_now: bool | None, next_open: datetime | None, moment: datetime, language: str, catalogue: Catalogue
) -> str | None:
    """ "Morgen, dinsdag, open om 10:00 uur." or None where the hours are not known."""
    if open_now:
        return catalogue.text("facts.hours.open_now", language)
    if next_open is None:
        return None
    day = catalogue.text(f"facts.days.{next_open.weekday()}", language)
    values = {
        "time": time_text(next_open, language, catalogue),
        "day": day,
        "date": date_text(next_open.date(), language, catalogue),
    }
    if next_open.date() == moment.date():
        return catalogue.text("facts.hours.opens_today", language, **values)
    if next_open.date() == moment.date() + timedelta(days=1):
        return catalogue.text("facts.hours.opens_tomorrow", language, **values)
    return catalogue.text("facts.hours.opens_on", language, **values)
