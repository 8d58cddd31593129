"""How large the letters of a printed hulpkaart can be, so that all of it stands on one A4."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from bot.channels.card_place import Place, Row

SIZES = (16, 15, 14, 13, 12, 11.5, 11, 10.5, 10, 9.5, 9, 8.5, 8, 7.5, 7)
"""In points, the largest first; card.css has a class for each."""
READABLE = 9
"""Before letters get smaller than this, what can be missed (`Row.spare`) is left off; the QR code leads to it."""
POINT = 0.3528
"""Millimetres."""
HEIGHT, WIDTH, COLUMNS = 269.0, 190.0, (96.0, 86.0)
"""Millimetres inside the margins of card.css: the page (a little is spared), a line across it, one in each column."""
LETTER = 0.54
"""Mean width of a letter in parts of its size, in a wide typeface: a narrower one leaves some paper white."""
LINE = 1.3
"""Height of a line in parts of the size, as in card.css."""
TITLE_LINES = 7.0
"""Lines of the header where each is short: title, how to use it, the sentence in both languages, what the card is."""
QR = 37.0
"""Millimetres that the QR code takes with what stands under it: the header is at least so high."""
BOLD = 1.15
"""How much wider a bold letter is."""
NAME, PHONE = 1.5, 1.7
"""How much wider than plain letters a place's name and number are."""
EDGES = 4.5
"""Millimetres of the line and the white above and below a place."""


def letters(places: Sequence[Place]) -> str:
    """The classes of card.css for the largest letters with which all places fit; the smallest where none does."""
    whole = next((size for size in SIZES if size >= READABLE and _height(places, size, True) <= HEIGHT), None)
    if whole:
        return f"letters-{whole}".replace(".", "-")
    brief = next((size for size in SIZES if _height(places, size, False) <= HEIGHT), SIZES[-1])
    return f"letters-{brief} brief".replace(".", "-")


def _height(places: Sequence[Place], size: float, whole: bool) -> float:
    """Millimetres of the page with letters of a size; `whole`: with what can be missed."""
    line = LINE * size * POINT
    wraps = 2 * (size >= 11) + (size >= 12) + (size >= 15)  # the sentences of the header go on over more lines
    header = max(QR, (TITLE_LINES + wraps) * line)
    languages = bool(places) * line
    return header + languages + sum(EDGES + _lines(place, size, whole) * line for place in places)


def _lines(place: Place, size: float, whole: bool) -> float:
    """Lines of one place: its heading, then the longer of its columns."""
    heading = len(place.name) * NAME + len(place.phone or "") * PHONE + len(place.where) + len(place.email or "")
    columns = COLUMNS if len(place.sides) > 1 else (WIDTH,)
    sides = zip(place.sides.values(), columns, strict=True)
    rows = max(
        sum(_wrapped(row, _per_line(column, size)) for row in side if whole or not row.spare) for side, column in sides
    )
    return PHONE + ceil((heading + 8) / _per_line(WIDTH, size)) - 1 + rows


def _wrapped(row: Row, per_line: float) -> int:
    """Lines of one row, broken between words as a browser does."""
    lines, filled = 1, len(row.label) * BOLD + 1
    for word in row.text.split():
        if filled and filled + len(word) > per_line:
            lines, filled = lines + 1, 0.0
        filled += len(word) + 1
    return lines if row.text else 0


def _per_line(width: float, size: float) -> float:
    return width / (LETTER * size * POINT)
