"""The next walk-in hour as a calendar file, in the resident's language, with nothing about who goes."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from icalendar import Alarm, Calendar, Event

from bot.directory.hours import next_opening, opening_periods
from bot.i18n.catalogue import Catalogue, catalogue
from bot.i18n.facts import sentence_text, words_text
from bot.model import Service

REMINDERS = {"day": timedelta(days=-1), "hour": timedelta(hours=-1)}
"""When the calendar reminds, by the name of its text in locales/<lang>/card.yml."""
AN_HOUR = timedelta(hours=1)


def calendar_file(services: tuple[Service, ...], now: datetime, language: str = "nl") -> bytes | None:
    """An iCalendar with the next opening of each place that can be walked into; None where there is none."""
    texts = catalogue()
    events = [_event(service, now, language, texts) for service in services if "walk_in" in service.access]
    found = [event for event in events if event]
    if not found:
        return None
    calendar = Calendar()
    calendar.add("prodid", "-//Drempelhulp//hulpkaart//NL")
    calendar.add("version", "2.0")
    for event in found:
        calendar.add_component(event)
    calendar.add_missing_timezones()
    return calendar.to_ical()


def _event(service: Service, now: datetime, language: str, texts: Catalogue) -> Event | None:
    begins = next_opening(service, now)
    if begins is None:
        return None
    event = Event()
    event.add("uid", f"{service.id}-{begins:%Y%m%dT%H%M}@drempelhulp")
    event.add("dtstamp", now.astimezone(timezone.utc))
    event.add("dtstart", begins)
    event.add("dtend", _ends(service, begins))
    event.add("summary", texts.text("card.walk_in", language, name=service.name), {"LANGUAGE": language})
    description = _description(service, language, texts)
    if description:
        event.add("description", description, {"LANGUAGE": language})
    where = ", ".join(filter(None, (service.location, service.address)))
    if where:
        event.add("location", where)
    event.add("class", "PRIVATE")
    for name, before in REMINDERS.items():
        event.add_component(_alarm(before, texts.text(f"card.reminder_{name}", language, name=service.name)))
    return event


def _ends(service: Service, begins: datetime) -> datetime:
    """When that opening ends; an hour later where it is not among the periods of its day."""
    day = begins.date()
    periods = opening_periods(service, day, day + timedelta(days=1))
    return next((end for start, end in periods if start <= begins < end), begins + AN_HOUR)


def _description(service: Service, language: str, texts: Catalogue) -> str:
    """What to bring, what to say there and the number to call, a line each."""
    known = {
        "bring": words_text("bring", service.bring, language, texts),
        "say": sentence_text(service.say, language, texts),
        "phone": service.phone,
    }
    return "\n".join(f"{texts.text(f'card.{name}', language)}: {value}" for name, value in known.items() if value)


def _alarm(before: timedelta, text: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", before)
    alarm.add("description", text)
    return alarm
