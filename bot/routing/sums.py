"""What one part of a need adds up to for every place of a map: counted once, and kept with the columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

import numpy as np

from bot.routing.columns import Columns, View
from bot.routing.door import Door
from bot.routing.ranking import Part, Term


class Sum:
    """The terms of one part of a need, and what they add up to for every place."""

    def __init__(self, terms: Iterable[Term], columns: Columns) -> None:
        self.terms = tuple(terms)
        self._by_clock = [term for term in self.terms if term.question.words]
        self.timed = [term for term in self._by_clock if term.points]
        """Those that hang on the clock; they are not in `points`."""
        self.words = tuple({word: None for term in self.timed for word in term.question.words})
        self._columns = columns
        self.points = self._added([term for term in self.terms if term.points and not term.question.words], {})
        self._with_clock: dict[tuple[bool, ...], Any] = {}
        self._why: dict[int, frozenset[str]] = {}

    @cached_property
    def most(self) -> Any:
        """The most that the clock can add for each place: what it takes away is left out."""
        best, worst = dict.fromkeys(self.words, True), dict.fromkeys(self.words, False)
        more = self._added([term for term in self.timed if term.points > 0], best)
        return more + self._added([term for term in self.timed if term.points < 0], worst)

    def added_by(self, clock: Mapping[str, bool]) -> Any:
        """What the clock adds or takes away for each place, where it says this of the place."""
        said = tuple(clock[word] for word in self.words)
        if said not in self._with_clock:
            self._with_clock[said] = self._added(self.timed, clock)
        return self._with_clock[said]

    def of(self, row: int, door: Door) -> tuple[float, frozenset[str]]:
        """The points and reasons of the place in one row; the door is its own, or one with the same schedule."""
        service = self._columns.services[row]
        points, why = float(self.points[row]), self._why.get(row)
        if why is None:
            still = (term for term in self.terms if term.why and not term.question.words)
            why = frozenset(each for term in still if term.question.of(service, door) for each in term.why)
            self._why[row] = why
        for term in self._by_clock:
            if term.question.of(service, door):
                points, why = points + term.points, why.union(term.why)
        return points, why

    def _added(self, terms: list[Term], clock: Mapping[str, bool]) -> Any:
        points, view = np.zeros(len(self._columns.services)), View(self._columns, clock)
        for term in terms:
            np.add(points, term.points, out=points, where=term.question.column(view))
        return points


def sum_of(part: Part, columns: Columns) -> Sum:
    """The sum of a part, made once for a map and its rules."""
    found: Sum = columns.keep(part.key, lambda: Sum(part.terms(), columns))
    return found
