"""An attacker who has every release and every table, knows how they belong together, and asks a solver for the rest."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from bot.statistics.measures import MEASURE
from bot.statistics.schema import PUBLISHED
from bot.statistics.store import Store
from tests.disclosure_relations import Key, Published, Relations

MOST = 10_000_000
"""Conversations; no number is larger."""


def published_in(store: Store) -> Published:
    """All that was ever shown, as the finest periods; what is coarser is the sum of these, and tells nothing more."""
    with store.engine.begin() as connection:
        rows = connection.execute(PUBLISHED.select()).all()
    return {(row.name, row.period, row.side, row.id): row.n for row in rows}


def line_of(key: Key) -> Key | tuple[str, str]:
    """The line with which a cell is shown or withheld."""
    name, period, _, id_ = key
    if name in ("channels", "turns", "outcome", "not_understood"):
        return (name, period)
    return (name, period, "", id_) if MEASURE[name].by else key


def maybe_withheld(published: Published, counters: dict[Key, int]) -> set[Key]:
    """Hidden cells of which a reader of the program cannot know that they are small: those withheld, and silent lines."""
    shown = {line_of(key) for key, n in published.items() if n is not None}
    silent = {key for key, n in published.items() if n is None and line_of(key) not in shown and line_of(key) != key}
    return silent | {key for key, n in published.items() if n is None and counters.get(key, 0) >= 10}


class Attacker(Relations):
    """Asks of each hidden cell how small and how large it can be in a world that agrees with all that is known."""

    def solve(self, goal: np.ndarray) -> np.ndarray | None:
        """A whole-number world that agrees with all that is known and makes the goal least; None where there is none."""
        if not hasattr(self, "_constraint"):
            entries = [(factor, number, place) for number, row in enumerate(self.rows) for place, factor in row.items()]
            factors, rows, places = zip(*entries, strict=True)
            matrix = csr_array((factors, (rows, places)), shape=(len(self.rows), len(self.place)))
            self._constraint = LinearConstraint(matrix, np.where(self.equal, 0, -np.inf), 0)
            low, high = np.array(self.rooms, dtype=float).T
            self._bounds = Bounds(low, np.minimum(high, MOST))
        found = milp(
            goal, constraints=self._constraint, bounds=self._bounds, integrality=1, options={"presolve": False}
        )
        return found.x if found.success else None

    def narrowed(self, small: set[Key]) -> Iterator[tuple[Key, str]]:
        """Hidden cells with fewer than ten candidates; of `small`, which are 0 to 9, those that cannot be each of these.

        Sums of whole numbers leave no gap between the least and the most.
        """
        own = [key for key in self.hidden if key in small]
        yield from ((key, "cannot be 0") for key in self._ends(own, 1, 0))
        yield from ((key, "cannot be 9") for key in self._ends(own, -1, 9))
        for key in self.hidden:
            if key not in small and self.candidates(key) < 10:
                yield key, "was withheld, and has fewer than ten candidates"

    def candidates(self, key: Key) -> float:
        """How many numbers a hidden cell can still be."""
        return self._end(key, -1) - self._end(key, 1) + 1

    def _ends(self, keys: list[Key], sign: int, end: int) -> list[Key]:
        """Those of the keys that cannot reach the end: tried all together first, for one world may show it of many."""
        left = keys
        while left:
            world = self._world(left, sign)
            reached = {key for key in left if sign * world[self.place[key]] <= sign * end + 0.5}
            left = [key for key in left if key not in reached]
            if not reached:
                break
        return [key for key in left if sign * self._end(key, sign) > sign * end + 0.5]

    def _end(self, key: Key, sign: int) -> float:
        return float(self._world([key], sign)[self.place[key]])

    def _world(self, keys: list[Key], sign: int) -> np.ndarray:
        goal = np.zeros(len(self.place))
        goal[[self.place[key] for key in keys]] = sign
        world = self.solve(goal)
        assert world is not None, "what the attacker knows is true, so one world at least agrees with it"
        return world
