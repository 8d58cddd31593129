"""The same order as plain.py, without looking at every place: still points for all at once, hours only where they matter.

Points that do not hang on the clock are added up for the whole map, and kept for each part of a need. To them comes the most
that the clock could still add: no place can have more. The place with the highest such bound is looked at first, and with it
all that have the same hours; when the highest bound is a place whose hours are known already, nobody can come before it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from bot.model import Service
from bot.routing.case import Case
from bot.routing.columns import View, columns_of
from bot.routing.door import Door
from bot.routing.fitting import fitting
from bot.routing.order import anyhow
from bot.routing.questions import Question
from bot.routing.ranking import Ranked, Term, parts_of
from bot.routing.sums import Sum, sum_of

OUT = -np.inf
"""The points of a place that does not fit, or was not asked for."""


class Quick:
    """An Order over the columns of a map."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._columns = columns_of(case.directory, case.rules)
        self._view = View(self._columns, {})
        self._fits = np.array(fitting(case).column(self._view))
        self._make_room_for_team()
        self._sums: list[Sum] = []
        self._timed: list[Sum] = []
        self._words: tuple[str, ...] = ()
        self._still = self._bound = np.zeros(0)
        """Points without those that hang on the clock; the same with the most that the clock can add."""
        self._exact: dict[tuple[bool, ...], Any] = {}
        """What the points are of a place of which the clock says this of each of `_words`."""
        self._known: set[int] = set()
        """Schedules that were looked at: their bounds are exact."""

    def some(self, question: Question) -> bool:
        return bool((self._fits & question.column(self._view)).any())

    def by(self, more: list[Term]) -> None:
        self._sums = [sum_of(part, self._columns) for part in parts_of(self._case)]
        self._sums.append(Sum(more, self._columns))
        self._timed = [sum_ for sum_ in self._sums if sum_.timed]
        self._words = tuple({word: None for sum_ in self._timed for word in sum_.words})
        self._still = np.where(self._fits, self._sums[0].points, OUT)
        for sum_ in self._sums[1:]:
            self._still += sum_.points
        self._bound = self._still.copy()
        for sum_ in self._timed:
            self._bound += sum_.most

    def first(self, question: Question, enough: Callable[[Door], bool] = anyhow) -> Service | None:
        left = np.where(question.column(self._view), self._bound, OUT)
        while (row := self._top(left)) is not None:
            schedule = self._columns.schedule[row]
            if enough(self._columns.door(schedule, self._case.moment)):
                return self._columns.services[row]
            left[self._columns.rows_of_schedule[schedule]] = OUT
        return None

    def ranked(self, service: Service) -> Ranked:
        row = self._columns.row[service.id]
        door = self._columns.door(self._columns.schedule[row], self._case.moment)
        each = [sum_.of(row, door) for sum_ in self._sums]
        why = frozenset[str]().union(*(why for _, why in each))
        return Ranked(service, sum(points for points, _ in each), why, door)

    def _make_room_for_team(self) -> None:
        """The number of the gemeente stands in for a wijkteam that is not known, and for no other."""
        team, row = self._case.team, self._columns.row
        if team and self._fits[row[team.id]]:
            self._fits[row[self._case.directory.floor.id]] = False

    def _top(self, left: Any) -> int | None:
        """The row of the best place that is left; of equals the first by id, for argmax takes the lowest row."""
        while True:
            row = int(left.argmax())
            if left[row] == OUT:
                return None
            schedule = self._columns.schedule[row]
            if schedule in self._known:
                return row
            rows = self._columns.rows_of_schedule[schedule]
            left[rows] = np.minimum(left[rows], self._look(schedule, rows))

    def _look(self, schedule: int, rows: Any) -> Any:
        """Looks at the clock for all places with one schedule: their points, exact from now on."""
        door = self._columns.door(schedule, self._case.moment)
        said = tuple([door.holds(word) for word in self._words])
        if said not in self._exact:
            self._exact[said] = self._with_clock(dict(zip(self._words, said, strict=True)))
        exact = self._bound[rows] = self._exact[said][rows]
        self._known.add(schedule)
        return exact

    def _with_clock(self, clock: Mapping[str, bool]) -> Any:
        """The points that all places would have, if the clock said this of each of them."""
        points = self._still.copy()
        for sum_ in self._timed:
            points += sum_.added_by(clock)
        return points
