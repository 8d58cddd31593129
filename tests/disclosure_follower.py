"""A reader of the program: tries every small world, keeps those of which it would show the same, and looks what is left.

No solver and no reasoning of bot/statistics/disclosure.py: only its answers. What it shows depends on each count as it
is gated by itself, so worlds that are gated alike are asked once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from bot.statistics.disclosure import Cell, Line, of_month, of_quarter

Numbers = tuple[int, ...]
Shown = tuple[int | None, ...]
World = tuple[range, Numbers]
"""How many conversations there can be in all, and the counts of the cells."""
ALL = frozenset(range(10))
"""What a hidden cell must be able to be."""
TABLES = ("topics", "drempels", "unmet", "routes", "outcome", "turns", "not_understood", "channels")


@dataclass
class Left:
    """The worlds of which one same thing is shown: their totals, and what each cell is in them."""

    totals: set[int] = field(default_factory=set)
    cells: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))


def cells_of(shown: Sequence[int | None]) -> list[Cell]:
    """Weeks or months of which this is shown already."""
    return [Cell.gated(0) if n is None else Cell.of(n) for n in shown]


def bounds(cells: Iterable[Cell]) -> tuple[int, int]:
    cells = list(cells)
    return int(sum(cell.low for cell in cells)), int(sum(cell.high for cell in cells))


def narrowed(parts: Sequence[Cell], worlds: Iterable[World], show: Callable[[list[Cell]], Shown]) -> Iterator[str]:
    """Every hidden cell that cannot be each of 0 to 9, in some world or other. `parts`: what the total is the sum of."""
    answers: dict[tuple[int | None, ...], Shown] = {}
    found: dict[Shown, Left] = defaultdict(Left)
    for totals, counts in worlds:
        gated = [Cell.gated(n) for n in counts]
        alike = tuple(cell.shown for cell in gated)
        if alike not in answers:
            answers[alike] = show(gated)
        left = found[answers[alike]]
        left.totals.update(totals)
        for place, n in enumerate(counts):
            left.cells[place].add(n)
    for shown, left in found.items():
        for place, n in enumerate(shown):
            if n is None and not left.cells[place] >= ALL:
                yield f"{shown}: cell {place} is {sorted(left.cells[place])[:12]}"
        for place, part in enumerate(parts):
            low, high = bounds(other for number, other in enumerate(parts) if number != place)
            can = {n for n in ALL if any(low <= total - n <= high for total in left.totals)}
            if part.shown is None and can != ALL:
                yield f"{shown}: part {place} is {sorted(can)}"


def a_quarter(months: Sequence[int | None]) -> Iterator[str]:
    """One topic in a quarter: two wijken and two languages, each two the sum of the months."""
    parts = cells_of(months)
    low, high = bounds(parts)
    worlds = (
        (range(total, total + 1), (one, total - one, other, total - other))
        for total in range(low, high + 1)
        for one in range(total + 1)
        for other in range(total + 1)
    )

    def show(cells: list[Cell]) -> Shown:
        lines = of_quarter(parts, [float("inf")] * len(parts), [_line(cells[:2]), _line(cells[2:])])
        return tuple(cell.shown for line in lines for cell in line.values())

    return narrowed(parts, worlds, show)


def a_month(weeks: Sequence[int | None]) -> Iterator[str]:
    """Two channels, which are all conversations, and a topic, which is some of them."""
    parts = cells_of(weeks)
    low, high = bounds(parts)
    worlds = (
        (range(total, total + 1), (web, total - web, topic))
        for total in range(low, high + 1)
        for web in range(total + 1)
        for topic in range(total + 1)
    )
    return narrowed(parts, worlds, lambda cells: _month(parts, channels=cells[:2], topics=cells[2:]))


def a_month_of_routes(weeks: Sequence[int | None]) -> Iterator[str]:
    """Two rows of turns, which are all that had a route, and two kinds: each at most these, and together at least."""
    parts = cells_of(weeks)
    low, high = bounds(parts)
    worlds = (
        (range(max(low, routed), high + 1), (first, routed - first, one, other))
        for routed in range(high + 1)
        for first in range(routed + 1)
        for one in range(routed + 1)
        for other in range(routed - one, routed + 1)
    )
    return narrowed(parts, worlds, lambda cells: _month(parts, turns=cells[:2], routes=cells[2:]))


def _month(weeks: Sequence[Cell], **lines: list[Cell]) -> Shown:
    shown = of_month(weeks, {name: _line(lines.get(name, [])) for name in TABLES})
    return tuple(cell.shown for name in lines for cell in shown[name].values())


def _line(cells: Sequence[Cell]) -> Line:
    return {(str(number), ""): cell for number, cell in enumerate(cells)}
