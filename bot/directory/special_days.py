"""Days on which a place may go otherwise than its hours: what it decided itself, and single days that differ."""

from __future__ import annotations

from datetime import date

from bot.model import Service

DECIDED_PER_SERVICE = {(5, 5): "05-05", (12, 24): "12-24", (12, 31): "12-31"}
"""(month, day) and how a file calls it."""
UNEVEN = {*DECIDED_PER_SERVICE, (5, 6), (12, 25), (1, 1)}
"""Those days and the ones after them: a night may go over into them."""
ALWAYS = "24/7"
CLOSED = {"closed": "off"}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def decision_of(service: Service, day: date) -> str:
    """How a day goes: `normal`, `open` (by its hours, holiday or not), `closed` or `unknown`."""
    key = DECIDED_PER_SERVICE.get((day.month, day.day))
    if key is None or day.isoformat() in service.exceptions:
        return "normal"
    return service.holidays.get(key, "normal" if service.hours == ALWAYS else "unknown")


def text_of(service: Service) -> str:
    """Its hours with the single days that differ, as one `opening_hours` text: the last rule for a day wins."""
    if not service.exceptions:
        return service.hours or ""
    days = ((date.fromisoformat(day), hours) for day, hours in sorted(service.exceptions.items()))
    rules = (f"{day.year} {MONTHS[day.month - 1]} {day.day:02d} {CLOSED.get(hours, hours)}" for day, hours in days)
    return "; ".join([service.hours or "", *rules])
