"""The one gate before anything is shown: no cell about fewer than ten conversations, and no way to work one out.

A cell by itself is hidden under ten, and else rounded to five. Cells together could still give a hidden one away: the
channels of a month add up to its weeks, the wijken of a quarter to its months. So a line of cells joins what is shown
only as far as every hidden cell can then still be anything from 0 to 9; its smallest cells are withheld until that is
so, and look like any hidden one. docs/decisions/0004-disclosure-control.md has the proof, and what this does not stop.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, inf

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
    """What of a line may join what is shown: each of `parts` is at most its sum, and its sum at most each of `wholes`."""
    if _silence_tells(line, parts):
        return dict.fromkeys(line, WITHHELD)
    line = dict(line)
    for key in sorted((key for key in line if line[key].shown is not None), key=lambda key: line[key].low):
        own = Sum.of(line.values())
        if all(leaves_room(part, own) for part in parts) and all(leaves_room(own, whole) for whole in wholes):
            break
        line[key] = WITHHELD
    return line


def _silence_tells(line: Line, parts: Sequence[Sum]) -> bool:
    """Whether the line must be withheld because hiding it only when it is small would say how small.

    Where `parts` need nearly all that cells of 0 to 9 can add up to, a line that is hidden throughout would say that none
    of them is 0. There the line is shown only with a cell in it that is larger than all the others would have to be if
    one were 0; so hidden cells can be larger than 9, and one of them can be 0 again.
    """
    small = SMALL * len(line)
    tight = [part.low for part in parts if 0 <= small - part.low < SMALL]
    if not tight:
        return False
    others = ceil(max(tight) / max(1, len(line) - 1))
    return all(cell.low <= others for cell in line.values())


def of_month(weeks: Iterable[Cell], lines: Mapping[str, Line]) -> dict[str, Line]:
    """What may be shown of a month's tables, after its weeks. `lines`: every cell gated by itself.

    What is known of them: nothing is more than the conversations of the month, and the channels are all of them; who
    answered "helpt dit?" or missed something had a route; who had a route had at least one kind of it.
    """
    city = Sum.of(weeks)
    shown: dict[str, Line] = {}
    for name in ("topics", "drempels", "routes", "unmet"):  # these overlap: each cell is a line of its own
        wholes = [city, Sum.of(shown["routes"].values(), keep_shown=True)] if name == "unmet" else [city]
        each = (allowed({key: cell}, wholes=wholes) for key, cell in lines[name].items())
        shown[name] = {key: cell for line in each for key, cell in line.items()}
    missed = [Sum.of([cell]) for cell in shown["unmet"].values()]
    kinds = [Sum.of([cell]) for cell in shown["routes"].values()]
    most = [city, Sum.of(shown["routes"].values(), keep_shown=True)]
    shown["not_understood"] = allowed(lines["not_understood"], wholes=[city])
    shown["outcome"] = allowed(lines["outcome"], wholes=most)
    answered = Sum.of(shown["outcome"].values())
    shown["turns"] = allowed(lines["turns"], parts=[*kinds, *missed, answered], wholes=most)
    singles = [Sum.of([cell]) for name in ("topics", "drempels", "unmet") for cell in shown[name].values()]
    sums = [Sum.of(shown[name].values()) for name in ("not_understood", "outcome", "turns")]
    shown["channels"] = allowed(lines["channels"], parts=[city, *singles, *kinds, *sums], wholes=[city])
    return shown


def of_quarter(months: Sequence[Cell], ceilings: Sequence[float], lines: Sequence[Line]) -> list[Line]:
    """What may be shown of one id's lines over a quarter, its wijken and its languages: each adds up to its months.

    `ceilings`: the most that the month itself can be. A month that was withheld could be worked out from the lines, so
    they are withheld with it.
    """
    if any(month == WITHHELD for month in months):
        return [dict.fromkeys(line, WITHHELD) for line in lines]
    capped = [Cell(month.shown, month.low, min(month.high, top)) for month, top in zip(months, ceilings, strict=True)]
    known, shown = [Sum.of(capped, keep_shown=True)], list[Line]()
    for line in lines:
        shown.append(allowed(line, known, known))
        known.append(Sum.of(shown[-1].values()))
    return shown
