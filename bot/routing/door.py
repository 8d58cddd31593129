"""How a place stands at the moment of asking: open, closed, or nobody knows; its hours are looked at when it matters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from bot.directory.hours import is_open, next_opening
from bot.model import Service


@dataclass
class Coming:
    """The next opening of one schedule that somebody asked for before: it stays the next one until it is there."""

    known: tuple[datetime, datetime] | None = None
    """(since when it is the next one, when it is)"""

    def at(self, moment: datetime) -> datetime | None:
        """The next opening at a moment at which it is not open, where it is known already."""
        return self.known[1] if self.known and self.known[0] <= moment < self.known[1] else None


class Door:
    """A place at a moment. Places with the same `schedule` stand alike: one door can be shared."""

    def __init__(self, service: Service, moment: datetime, coming: Coming | None = None) -> None:
        self.service = service
        self.moment = moment
        self._coming = coming or Coming()

    @cached_property
    def open_now(self) -> bool | None:
        """None where nobody knows."""
        return is_open(self.service, self.moment)

    @cached_property
    def opens(self) -> datetime | None:
        """When it opens next; None where it is open now, or no opening is known."""
        if self.open_now:
            return None
        found = self._coming.at(self.moment)
        if found is None:
            found = next_opening(self.service, self.moment)
            self._coming.known = (self.moment, found) if found else None
        return found

    def opens_within(self, time: timedelta) -> bool:
        """Whether a coming opening is known, and is near."""
        return self.opens is not None and self.opens - self.moment <= time

    def helps_today(self) -> bool:
        """It can help on the same day, and is not closed for the rest of it; where nobody knows, it is taken to be."""
        if not self.service.urgent or self.open_now is not False:
            return bool(self.service.urgent)
        return self.opens is not None and self.opens.date() == self.moment.date()

    def holds(self, word: str) -> bool:
        """Whether one of the CLOCK words holds."""
        return CLOCK[word](self)


CLOCK = {
    "open_now": lambda door: door.open_now is True,
    "closed_now": lambda door: door.open_now is False,
    "not_closed": lambda door: door.open_now is not False,
    "helps_today": Door.helps_today,
}
"""What only the clock can tell of a place."""


def schedule(service: Service) -> tuple[object, ...]:
    """All that its door depends on: services with the same stand open and closed together."""
    special = tuple(service.holidays.items()), tuple(service.exceptions.items())
    return service.hours, *special, service.stopped, bool(service.urgent)
