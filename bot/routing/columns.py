"""The map as columns, one row for each place in the order of ids: a question is answered for all of them at once."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

import numpy as np

from bot.directory.directory import Directory
from bot.model import Service
from bot.routing.door import Coming, Door, schedule
from bot.routing.questions import Column
from bot.routing.rules import Rules

NEVER = 10**7
"""A day that does not come, and a number of steps that nobody walks."""
NUMBERS: dict[str, Callable[[Service], int]] = {
    "checked": lambda service: service.checked.toordinal(),
    "stopped": lambda service: service.stopped.toordinal() if service.stopped else NEVER,
    "age_min": lambda service: 0 if service.age_min is None else service.age_min,
    "age_max": lambda service: NEVER if service.age_max is None else service.age_max,
}
"""Fields that are compared, with what stands for "not known"."""
MOST_KEPT, MOST_CELLS = 4_000, 5_000_000
"""How many columns are kept for a map, and how many cells in all; then they are made anew."""


class Columns:
    """One map under one set of rules. What hangs on the minute is kept for that minute."""

    def __init__(self, directory: Directory, rules: Rules) -> None:
        self.directory = directory
        self.rules = rules
        self.services = directory.in_order
        self.row = {service.id: row for row, service in enumerate(self.services)}
        numbers: dict[tuple[object, ...], int] = {}
        self.schedule = [numbers.setdefault(schedule(service), len(numbers)) for service in self.services]
        """Which places open and close together: the same number."""
        ends = np.cumsum(np.bincount(self.schedule))[:-1]
        self.rows_of_schedule = np.split(np.argsort(self.schedule, kind="stable"), ends)
        self._kept: dict[Hashable, Any] = {}
        self._minute: tuple[float, dict[int, Door]] = (0, {})
        self._coming = [Coming() for _ in numbers]

    def having(self, field: str, value: object) -> Column:
        return self.keep((field, value), lambda: self._having(field, value))

    def numbers(self, field: str) -> Any:
        return self.keep(("numbers", field), lambda: np.array([NUMBERS[field](each) for each in self.services]))

    def steps(self, wijken: frozenset[str]) -> Any:
        """From the farthest of these wijken."""
        each = [self.keep(("steps", wijk), partial(self._steps, wijk)) for wijk in wijken]
        return np.maximum.reduce(each) if each else np.full(len(self.services), NEVER)

    def door(self, schedule: int, moment: datetime) -> Door:
        """The door of all places with one schedule; the same for a whole minute, for hours have no seconds."""
        minute = moment.timestamp() // 60
        kept, doors = self._minute
        if kept != minute:
            doors = {}
            self._minute = (minute, doors)
        door = doors.get(schedule)
        if door is None:
            service = self.services[self.rows_of_schedule[schedule][0]]
            door = doors[schedule] = Door(service, moment.replace(second=0, microsecond=0), self._coming[schedule])
        return door

    def keep(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """What was made for that key before, or now."""
        found = self._kept.get(key)
        if found is None:
            if len(self._kept) > min(MOST_KEPT, MOST_CELLS // len(self.services)):
                self._kept.clear()
            found = self._kept[key] = make()
        return found

    def _having(self, field: str, value: object) -> Column:
        column = np.zeros(len(self.services), dtype=bool)
        column[self.directory.rows.get((field, value), [])] = True
        return column

    def _steps(self, wijk: str) -> Any:
        """From the farthest wijk to the nearest, so that the nearest has the last word."""
        column = np.full(len(self.services), NEVER)
        away = self.directory.steps[wijk]
        for other in sorted(away, key=away.__getitem__, reverse=True):
            column[self.directory.rows.get(("wijken", other), [])] = away[other]
        return column


class View:
    """The columns, with what the clock is taken to say."""

    def __init__(self, columns: Columns, clock: Mapping[str, bool]) -> None:
        self.having, self.numbers, self.steps, self.kept = columns.having, columns.numbers, columns.steps, columns.keep
        self._clock = clock

    def clock(self, word: str) -> Column:
        return np.bool_(self._clock[word])


def columns_of(directory: Directory, rules: Rules) -> Columns:
    """The columns of a map, made once; anew when it is asked by other rules."""
    found: Columns | None = directory.kept.get("columns")
    if found is None or found.rules is not rules:
        found = directory.kept["columns"] = Columns(directory, rules)
    return found
