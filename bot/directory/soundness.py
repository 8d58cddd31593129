"""What one file of the map must agree with itself on, beyond its schema: days that exist, readable hours, ages in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from bot.directory.entry import Entry
from bot.directory.hours import hours_mistake
from bot.directory.mistakes import Mistake


def _identity(entry: Entry) -> Iterator[Mistake]:
    stem = entry.file.path.stem
    if entry.service.id != stem:
        what = f"id {entry.service.id!r} differs from the file name"
        yield entry.mistake("id", what, f"{stem!r}", "give both the same name")
    if "kind" in entry.file.value and entry.file.path.parent.name != "nummers":
        yield entry.mistake("kind", "kind is given", f"the folder to say it ({entry.folder_kind})", "leave `kind` out")


def _status(entry: Entry) -> Iterator[Mistake]:
    if entry.status and not entry.why:
        yield entry.mistake(
            "status", "status without a reason", "what is not certain about it", "add 'why_unconfirmed'"
        )
    if entry.why and not entry.status:
        yield entry.mistake(
            "why_unconfirmed", "a reason without a status", "why it is not shown", "add `status: unconfirmed`"
        )


def _days(entry: Entry) -> Iterator[Mistake]:
    for field in ("checked", "stopped"):
        if getattr(entry.service, field) == date.min:
            yield entry.mistake(
                field, f"{entry.file.value[field]} is no day", "a day of the calendar", "look at the month"
            )


def _hours(entry: Entry) -> Iterator[Mistake]:
    problem = hours_mistake(entry.service.hours) if entry.service.hours is not None else None
    if problem:
        mend = 'for example "Mo-Fr 09:00-17:00; PH off" or "Tu[1] 10:00-12:00; PH off"'
        yield entry.mistake("hours", f"hours cannot be read: {problem}", "OpenStreetMap opening_hours", mend)
    for field in ("holidays", "exceptions"):
        if getattr(entry.service, field) and entry.service.hours is None:
            yield entry.mistake(field, f"{field} without hours", "hours to which they apply", "add 'hours'")
    for day, hours in entry.service.exceptions.items():
        if not _is_day(day) or (hours != "closed" and hours_mistake(hours)):
            yield entry.mistake("exceptions", f"{day}: {hours} is no day with its hours", "a day of the calendar",
                                'for example "2026-12-27": "10:00-12:00"')  # fmt: skip


def _is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


def _ages(entry: Entry) -> Iterator[Mistake]:
    youngest, oldest = entry.service.age_min, entry.service.age_max
    if youngest is not None and oldest is not None and youngest > oldest:
        what = f"age_min {youngest} is more than age_max {oldest}"
        yield entry.mistake("age_min", what, "the youngest first", "change the two about")


def _price(entry: Entry) -> Iterator[Mistake]:
    if entry.service.cost and entry.service.free:
        yield entry.mistake(
            "cost", "it is free and costs something", "one of the two", "leave `cost` out, or `free: false`"
        )


def _purpose(entry: Entry) -> Iterator[Mistake]:
    service = entry.service
    if not entry.status and service.kind == "voorziening" and not (service.topics or service.crisis):
        yield entry.mistake("topics", "topics is missing", "what it helps with", "add 'topics' (or 'crisis')")
    if service.kind == "crisis" and not service.crisis:
        yield entry.mistake("crisis", "crisis is missing", "the crisis that it answers", "add 'crisis'")
    if service.kind == "wijkteam" and not service.wijken:
        yield entry.mistake("wijken", "wijken is missing", "the wijken of the team", "add 'wijken'")


EACH: tuple[Callable[[Entry], Iterator[Mistake]], ...] = (_identity, _status, _days, _hours, _ages, _price, _purpose)
