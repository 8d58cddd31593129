"""From the rows of a sheet to the things of a map, with every mistake of every cell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bot.directory.exchange.columns import SECTION, Column, columns
from bot.directory.exchange.refusal import SheetMistake
from bot.directory.exchange.sheet import EMPTY, Cell, Sheet, letters
from bot.directory.exchange.to_value import CellMistake, value_of
from bot.directory.folder import Record
from bot.directory.mistakes import nearest


@dataclass
class Row:
    """One thing as the file gives it, with what is wrong with it so far."""

    file: str
    number: int
    """0 in a document that has no rows."""
    section: str
    values: dict[str, Any]
    mistakes: list[SheetMistake] = field(default_factory=list)
    wrong: set[str] = field(default_factory=set)
    """Columns of which the value cannot be used."""
    absent: frozenset[str] = frozenset()
    """Columns that the sheet does not have; that is a mistake of the sheet, told once."""
    silent: set[str] = field(default_factory=set)
    """Columns of which nothing more can be said."""

    @property
    def record(self) -> Record:
        return Record(self.section, self.values)

    def mistake(self, column: str, what: str, expected: str, mend: str) -> None:
        """Notes a value that cannot be used."""
        self.mistakes.append(self.line(column, what, expected, mend))
        self.wrong.add(column)

    def line(self, column: str, what: str, expected: str, mend: str) -> SheetMistake:
        thing = "" if self.number else f"{self.section}/{self.values.get('id', '?')}"
        return SheetMistake(self.file, self.number, column, what, expected, mend, thing)


def rows_of(sheet: Sheet, file: str) -> tuple[list[Row], list[SheetMistake]]:
    """The things of a sheet, and what is wrong with its form; where the columns are not known, no row is read."""
    head = [cell.value.strip() if cell.kind == "text" else "" for cell in (sheet.rows or ((),))[0]]
    named, wrong = _head(head, file)
    for place in sheet.merged:
        what = f"merged cells at {place}"
        wrong.append(SheetMistake(file, 0, "", what, "a cell for each value", "unmerge them, fill in each"))
    if not named:
        return [], wrong
    wrong += _nameless(sheet, head, file)
    rows = []
    absent = frozenset(column.name for column in columns()) - {column.name for column in named.values()}
    for number, cells in enumerate(sheet.rows[1:], start=2):
        if all(cell.blank for cell in cells):
            wrong.append(SheetMistake(file, number, "", "the row is empty", "a thing in each row", "delete the row"))
            continue
        rows.append(_row(Row(file, number, "", {}, absent=absent), cells, named))
    return rows, wrong


def _head(head: list[str], file: str) -> tuple[dict[int, Column], list[SheetMistake]]:
    """Which column stands where. Names that are missing, unknown or there twice are mistakes of row 1."""
    known = {column.name: column for column in columns()}
    if not set(head) & known.keys():
        what = "row 1 does not have the names of the columns"
        return {}, [SheetMistake(file, 1, "", what, f"{', '.join(list(known)[:4])} …", "begin with an export")]
    found: dict[int, Column] = {}
    wrong: list[SheetMistake] = []
    for place, name in enumerate(head):
        if name in known and known[name] in found.values():
            wrong.append(SheetMistake(file, 1, name, "the column is there twice", "each once", "delete one of the two"))
        elif name in known:
            found[place] = known[name]
        elif name:
            mend = f"{nearest(name, known)} Else delete the column, or keep it in `note`"
            wrong.append(SheetMistake(file, 1, name, "unknown column", "a column of the export", mend))
    for name in (name for name in known if name not in head):
        mend = "add it, empty if need be; or begin with an export"
        wrong.append(SheetMistake(file, 1, name, "the column is missing", "every column of the export", mend))
    return found, wrong


def _nameless(sheet: Sheet, head: list[str], file: str) -> Iterator[SheetMistake]:
    """Columns in which something stands that nobody would ever read, for row 1 has no name there."""
    first: dict[int, int] = {}
    for number, cells in enumerate(sheet.rows[1:], start=2):
        for place, cell in enumerate(cells):
            if not cell.blank and not (place < len(head) and head[place]):
                first.setdefault(place, number)
    for place, number in sorted(first.items()):
        what = f"column {letters(place)} has no name, and something stands in row {number}"
        yield SheetMistake(file, 1, "", what, "a name in row 1", f"empty the column; look for a shift in row {number}")


def _row(row: Row, cells: tuple[Cell, ...], named: dict[int, Column]) -> Row:
    for place, column in named.items():
        cell = cells[place] if place < len(cells) else EMPTY
        if cell.blank:
            continue
        try:
            _put(row, column, value_of(column, cell, f"{letters(place)}{row.number}"))
        except CellMistake as error:
            if column.name == "id" and cell.kind == "number":
                row.values["id"] = f"{cell.value:g}"  # others may mean it
            row.mistake(column.name, error.what, error.expected, error.mend)
    return row


def _put(row: Row, column: Column, value: Any) -> None:
    if column.name == SECTION:
        row.section = value
    elif column.part:
        row.values.setdefault(column.field, {})[column.part] = value
    elif value != []:
        row.values[column.field] = value
