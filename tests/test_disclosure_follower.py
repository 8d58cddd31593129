"""Whoever has the program, and guesses what it withheld and why, learns nothing about a number under ten either.

`python -m bench.statistics.follower` tries many more weeks and months.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import pytest

from bot.statistics import disclosure
from bot.statistics.disclosure import WITHHELD, Line, Sum, leaves_room
from tests import disclosure_follower
from tests.disclosure_follower import a_month, a_month_of_routes, a_quarter

Try = Callable[[Sequence[int | None]], Iterator[str]]


@pytest.mark.parametrize(
    ("tried", "parts"),
    [
        (a_quarter, (None, None, 10)),
        (a_quarter, (None, 10, 20)),
        (a_quarter, (10, 15, 15)),
        (a_quarter, (15, 15, 20)),
        (a_month, (None, None, None, None)),
        (a_month, (None, None, 10, 15)),
        (a_month, (15, 15, 15, 15)),
        (a_month_of_routes, (None, None, None, None)),
        (a_month_of_routes, (None, 10, 10)),
    ],
)
def test_every_hidden_cell_can_be_anything_from_0_to_9_to_who_knows_the_program(
    tried: Try, parts: tuple[int | None, ...]
) -> None:
    assert list(tried(parts)) == []


def smallest_first(line: Line, parts: Sequence[Sum] = (), wholes: Sequence[Sum] = ()) -> Line:
    """Withholds a line's smallest cells until there is room: what seems to cost less."""
    kept = dict(line)
    for key in sorted((key for key in line if line[key].shown is not None), key=lambda key: line[key].low):
        own = Sum.of(kept.values())
        if all(leaves_room(part, own) for part in parts) and all(leaves_room(own, whole) for whole in wholes):
            break
        kept[key] = WITHHELD
    return kept


def test_it_would_find_what_withholding_only_the_smallest_cells_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    def line_by_line(months: Sequence[disclosure.Cell], _: object, lines: Sequence[Line]) -> list[Line]:
        known, shown = [Sum.of(months, keep_shown=True)], list[Line]()
        for line in lines:
            shown.append(smallest_first(line, known, known))
            known.append(Sum.of(shown[-1].values()))
        return shown

    monkeypatch.setattr(disclosure_follower, "of_quarter", line_by_line)
    assert list(a_quarter((None, None, 10)))


def test_it_would_find_what_a_large_kind_that_was_withheld_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    def with_turns(weeks: Sequence[disclosure.Cell], lines: Mapping[str, Line]) -> dict[str, Line]:
        return disclosure.of_month(weeks, lines) | {"turns": lines["turns"]}

    monkeypatch.setattr(disclosure_follower, "of_month", with_turns)
    assert list(a_month_of_routes((None, None, None, None)))
