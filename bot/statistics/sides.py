"""What a quarter's tables by wijk, or by language, say together: each conversation stands on one side, with all its ids.

The conversations of a wijk are at least what its largest cell says, and those of all wijken are the conversations of the
quarter. Where the largest cells leave little of these, a small wijk's hidden cells are bounded by what is left. So lines
are withheld until one world that agrees with all that is shown leaves room for any hidden cell to be 9.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TypeVar

from bot.statistics.disclosure import SMALL, WITHHELD, Line

Name = TypeVar("Name", bound=Hashable)


def needed(lines: Mapping[Name, Line], leasts: Mapping[Name, float]) -> float:
    """How many conversations there are in one world that agrees with what is shown; others may do with fewer.

    A side has as many as its largest shown cell says. What a line must add up to besides (`leasts`) goes into its hidden
    cells, first on the sides that are large already.
    """
    sides: dict[str, float] = {}
    for line in lines.values():
        for (side, _), cell in line.items():
            sides[side] = max(sides.get(side, 0), cell.low if cell.shown is not None else 0)
    for name in sorted(lines, key=lambda name: -leasts[name]):
        hidden = {side: cell.high for (side, _), cell in lines[name].items() if cell.shown is None}
        left = leasts[name] - sum(cell.high for cell in lines[name].values() if cell.shown is not None)
        for side in sorted(hidden, key=lambda side: -sides[side]):
            share = max(0, min(left, hidden[side], max(SMALL, sides[side])))
            left -= share
            sides[side] = max(sides[side], share)
        if left > 0:  # only what was withheld can hold more
            sides[max(hidden, key=lambda side: hidden[side], default="")] = left + max(sides.values())
    return sum(sides.values())


def with_room(lines: Mapping[Name, Line], leasts: Mapping[Name, float], whole: float) -> dict[Name, Line]:
    """The lines as far as they leave room within `whole`, the most conversations there can be; the largest give way first."""
    kept = dict(lines)
    shown = {name: sum(cell.low for cell in line.values() if cell.shown is not None) for name, line in kept.items()}
    for name in sorted((name for name in kept if shown[name]), key=lambda name: -shown[name]):
        if needed(kept, leasts) + SMALL <= whole:
            break
        kept[name] = dict.fromkeys(kept[name], WITHHELD)
    return kept
