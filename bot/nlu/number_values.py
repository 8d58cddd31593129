"""The grammar of numbers in five languages: tens and units in either order, hundreds, also 68 of them, thousands."""

from __future__ import annotations

from collections.abc import Sequence

JOIN = -1
"""Stands for "and" among the values of a number: 8, JOIN, 60."""


def whole(values: Sequence[int]) -> int | None:
    """The one number below ten thousand that these values say; None where they are none, or several."""
    if 1000 not in values:
        return below_thousand(values)
    before, after = _sides(values, 1000)
    thousands = below_thousand(before) if before else 1
    rest = below_thousand(after) if after else 0
    return thousands * 1000 + rest if thousands and thousands < 10 and rest is not None else None


def below_thousand(values: Sequence[int]) -> int | None:
    """Also with tens of hundreds: achtenzestighonderd."""
    values = _without_join(values)
    if 100 in values:
        before, after = _sides(values, 100)
        hundreds = below_hundred(before) if before else 1
        rest = below_hundred(after) if after else 0
        return hundreds * 100 + rest if hundreds and rest is not None else None
    if values and 100 < values[0] < 1000:
        rest = below_hundred(values[1:]) if len(values) > 1 else 0
        return values[0] + rest if rest is not None else None
    return below_hundred(values)


def below_hundred(values: Sequence[int]) -> int | None:
    """One word, tens and a unit, or a unit "and" tens."""
    values = _without_join(values)
    if len(values) == 1:
        return values[0] if 0 <= values[0] < 100 else None
    parts = [value for value in values if value != JOIN]
    if len(parts) != 2 or len(values) > 3 or values[-1] == JOIN:
        return None
    one, two = parts
    if 0 < two < 10 <= one < 100 and one % 10 == 0:
        return one + two
    return one + two if len(values) == 3 and 0 < one < 10 < two < 100 else None


def may_grow(values: Sequence[int]) -> bool:
    """Whether values that are no number yet may become one with the next word."""
    return len(values) > 1 and values[-1] == JOIN


def _sides(values: Sequence[int], middle: int) -> tuple[Sequence[int], Sequence[int]]:
    cut = list(values).index(middle)
    return values[:cut], values[cut + 1 :]


def _without_join(values: Sequence[int]) -> Sequence[int]:
    return values[1:] if len(values) > 1 and values[0] == JOIN else values
