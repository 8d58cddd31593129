"""The next walk-in hour as a calendar file, with nothing in it about the person who goes."""

from __future__ import annotations

from datetime import datetime, timedelta

from icalendar import Calendar, Event

from bot.directory.hours import next_opening, opening_periods
from bot.model import Service


def calendar_file(services: tuple[Service, ...], now: datetime) -> bytes | None:
    """An iCalendar with the next opening of each place that can be walked into; None where there is none."""
    calendar = Calendar()
    calendar.add("prodid", "-//Drempelhulp//hulpkaart//NL")
    calendar.add("version", "2.0")
    for service in services:
        event = _event(service, now) if "walk_in" in service.access else None
        if event:
            calendar.add_component(event)
    return calendar.to_ical() if calendar.subcomponents else None


def _event(service: Service, now: datetime) -> Event | None:
    begins = next_opening(service, now)
    if begins is None:
        return None
    day = begins.date()
    ends = next(
        (end for start, end in opening_periods(service, day, day + timedelta(days=1)) if start <= begins < end), None
    )
    event = Event()
    event.add("uid", f"{service.id}-{begins:%Y%m%dT%H%M}@drempelhulp")
    event.add("dtstamp", now)
    event.add("dtstart", begins)
    event.add("dtend", ends or begins + timedelta(hours=1))
    event.add("summary", service.name)
    if service.address:
        event.add("location", service.address)
    return event
