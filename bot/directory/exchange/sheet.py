"""What any kind of spreadsheet comes down to: rows of cells, each with what the program behind it made of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["empty", "text", "number", "truth", "day", "moment", "formula", "error"]
MOST_ROWS = 20_000
MOST_COLUMNS = 300
MOST_BYTES = 10_000_000
"""Of a sheet, as it lies on the disk. A map of a thousand things has about one million."""
MOST_BYTES_OF_JSON = 100_000_000
"""Of a document, which says more of each thing."""


@dataclass(frozen=True)
class Cell:
    """One cell. `value` is text, a number, true or false, or a day, as `kind` says; text for what is none of them."""

    kind: Kind
    value: Any = None

    @property
    def blank(self) -> bool:
        return self.kind == "empty" or (self.kind == "text" and not self.value.strip())


EMPTY = Cell("empty")


def text_cell(text: str | None) -> Cell:
    """A text, its line ends as everywhere else."""
    return Cell("text", text.replace("\r\n", "\n").replace("\r", "\n")) if text else EMPTY


@dataclass(frozen=True)
class Sheet:
    """The rows of one sheet from the first on, the last filled one at the end."""

    rows: tuple[tuple[Cell, ...], ...]
    merged: tuple[str, ...] = ()
    """Places where cells were merged: `A3:B4`."""


def letters(column: int) -> str:
    """How a spreadsheet calls a column, counted from 0: A, B, … Z, AA."""
    name = ""
    while column >= 0:
        name = chr(ord("A") + column % 26) + name
        column = column // 26 - 1
    return name


def without_blank_end(rows: list[tuple[Cell, ...]]) -> tuple[tuple[Cell, ...], ...]:
    """The rows up to the last one in which something stands."""
    last = max((number for number, row in enumerate(rows) if not all(cell.blank for cell in row)), default=-1)
    return tuple(rows[: last + 1])
