"""The one gate before anything is shown: no cell about fewer than ten conversations, and no way to work one out.

A cell by itself is hidden under ten, and else rounded to five. Cells together could still give a hidden one away: the
channels of a month add up to its weeks, the wijken of a quarter to its months. So a line of cells joins what is shown
only if every hidden cell can then still be anything from 0 to 9; else all of it is withheld, and looks like any hidden
cells. docs/decisions/0004-disclosure-control.md has the proof, and what this does not stop.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from math import inf

LEAST = 10
"""Fewest conversations that a cell may be about. Five with rounding to five is known to leak."""
STEP = 5
SLACK = STEP // 2
"""How far a rounded number can be from the true one."""
SMALL = LEAST - 1
"""Most that a hidden cell can be, and so the room that it must keep."""


@dataclass(frozen=True)
class Cell:
    """What is shown of one count (None: hidden), and between which numbers anybody can then place it."""

    shown: int | None
    low: float
    high: float

    @classmethod
    def gated(cls, n: int) -> Cell:
        """One count as it may be shown by itself."""
        return cls(None, 0, SMALL) if n < LEAST else cls.of((n + SLACK) // STEP * STEP)

    @classmethod
    def of(cls, shown: int) -> Cell:
        return cls(shown, max(LEAST, shown - SLACK), shown + SLACK)


WITHHELD = Cell(None, 0, inf)
"""A cell that is hidden for another's sake: it can be anything."""

Line = dict[tuple[str, str], Cell]
"""Cells that belong together: (wijk or language or nothing, id) -> cell."""


def total(shown: Iterable[int | None]) -> int | None:
    """The sum of what is shown, which is all that a total may be; hidden where nothing is."""
    numbers = [n for n in shown if n is not None]
    return sum(numbers) if numbers else None


@dataclass(frozen=True)
class Sum:
    """Between which numbers anybody can place a sum of cells, and the room that its least certain cell must keep."""

    low: float
    high: float
    room: float

    @classmethod
    def of(cls, cells: Iterable[Cell], keep_shown: bool = False) -> Sum:
        """`keep_shown`: cells that are shown must not be narrowed either, for other sums are worked out from them."""
        cells = list(cells)
        small = SMALL if any(cell.shown is None and cell.high < inf for cell in cells) else 0
        shown = max((cell.high - cell.low for cell in cells if cell.shown is not None), default=0) if keep_shown else 0
        return cls(sum(cell.low for cell in cells), sum(cell.high for cell in cells), max(small, shown))


def leaves_room(part: Sum, whole: Sum) -> bool:
    """Whether knowing that the part is at most the whole narrows no cell of either."""
    return whole.high - part.low >= max(part.room, whole.room)


def allowed(line: Line, parts: Sequence[Sum] = (), wholes: Sequence[Sum] = ()) -> Line:
    """The line, or none of it: each of `parts` is at most its sum, and its sum at most each of `wholes`.

    To withhold only its smallest cells would tell a reader of this program between which numbers those are, and so what
    is left for the others.
    """
    own = Sum.of(line.values())
    fits = all(leaves_room(part, own) for part in parts) and all(leaves_room(own, whole) for whole in wholes)
    return dict(line) if fits else dict.fromkeys(line, WITHHELD)


def of_month(weeks: Iterable[Cell], lines: Mapping[str, Line]) -> dict[str, Line]:
    """What may be shown of a month's tables, after its weeks. `lines`: every cell gated by itself.

    What is known of them: nothing is more than the conversations of the month, and the channels are all of them; who
    answered "helpt dit?" or missed something had a route; who had a route had at least one kind of it.
    """
    city = Sum.of(weeks)
    shown = {name: _each(lines[name], [city]) for name in ("topics", "drempels", "routes")}
    most = [city, Sum.of(shown["routes"].values(), keep_shown=True)]
    shown["unmet"] = _each(lines["unmet"], most)
    kinds = [Sum.of([cell]) for cell in shown["routes"].values()]
    missed = [Sum.of([cell]) for cell in shown["unmet"].values()]
    shown["not_understood"] = allowed(lines["not_understood"], wholes=[city])
    shown["outcome"] = allowed(lines["outcome"], wholes=most)
    answered = Sum.of(shown["outcome"].values())
    shown["turns"] = allowed(lines["turns"], parts=[*kinds, *missed, answered], wholes=most)
    if WITHHELD in shown["routes"].values():  # a kind that was withheld is large: what is at most it would say so
        shown |= {name: dict.fromkeys(lines[name], WITHHELD) for name in ("unmet", "outcome", "turns")}
    singles = [Sum.of([cell]) for name in ("topics", "drempels", "unmet", "routes") for cell in shown[name].values()]
    sums = [Sum.of(shown[name].values()) for name in ("not_understood", "outcome", "turns")]
    shown["channels"] = allowed(lines["channels"], parts=[city, *singles, *sums], wholes=[city])
    return shown


def _each(line: Line, wholes: Sequence[Sum]) -> Line:
    """Cells that overlap: each is a line of its own."""
    return {key: cell for own in line for key, cell in allowed({own: line[own]}, wholes=wholes).items()}


def of_quarter(months: Sequence[Cell], ceilings: Sequence[float], lines: Sequence[Line]) -> list[Line]:
    """What may be shown of one id's lines over a quarter, its wijken and its languages: each adds up to its months.

    `ceilings`: the most that the month itself can be. A month that was withheld could be worked out from the lines, so
    they are withheld with it. The lines go together: that only one is shown would tell why the other is not.
    """
    capped = [Cell(month.shown, month.low, min(month.high, top)) for month, top in zip(months, ceilings, strict=True)]
    sums = [Sum.of(capped, keep_shown=True), *(Sum.of(line.values()) for line in lines)]
    fits = WITHHELD not in months and all(leaves_room(*pair) for pair in permutations(sums, 2))
    return [dict(line) if fits else dict.fromkeys(line, WITHHELD) for line in lines]


def crowded(missed: Line, drempel: Line, between: float) -> bool:
    """Whether a thing that was missing, by wijk, is too near the drempel that each of its cells is at most.

    `between`: by how much the months of the drempel can be more than those of what was missing. Where a cell of the
    drempel stands above that of what was missing, so much of it is taken; a hidden cell needs room in the rest.
    """
    most = {side: cell.high for (side, _), cell in missed.items()}
    taken = sum(max(0, cell.low - most.get(side, 0)) for (side, _), cell in drempel.items())
    return taken > 0 and between < taken + SMALL
