"""What a cell holds, as the value of a field again; or why it cannot be."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from bot.directory.exchange.cells import parted, unescaped, unguarded
from bot.directory.exchange.columns import Column
from bot.directory.exchange.sheet import Cell
from bot.directory.exchange.to_text import ROW_PARTS

YES = ("true", "ja", "waar", "yes")
NO = ("false", "nee", "onwaar", "no")
FIRST_DAY = date(1899, 12, 30)
"""From here a spreadsheet counts its days."""
TEXT_CELL = "make the cell text (format of the cell: Text) and type it again"


class CellMistake(Exception):
    """A cell that cannot be read: what stands there, what was expected, how to mend it."""

    def __init__(self, what: str, expected: str, mend: str) -> None:
        super().__init__(what)
        self.what, self.expected, self.mend = what, expected, mend


def value_of(column: Column, cell: Cell, place: str) -> Any:
    """The value of a cell that is not blank; `place` is its name in the spreadsheet: `G7`. Raises CellMistake."""
    if cell.kind == "text":
        return READ[column.form](column, unguarded(cell.value.strip()))
    if cell.kind == "truth" and column.form == "truth":
        return cell.value
    if cell.kind == "number" and column.form == "number" and float(cell.value).is_integer():
        return int(cell.value)
    if cell.kind == "day" and column.form == "day":
        return cell.value.isoformat()
    raise _not_text(column, cell, place)


def _not_text(column: Column, cell: Cell, place: str) -> CellMistake:
    """What the spreadsheet made of it, in words."""
    what = f"cell {place} holds "
    if cell.kind == "formula":
        return CellMistake(f"{what}a formula", "what it comes to, as text", "paste it as a value (Paste Special)")
    if cell.kind == "error":
        return CellMistake(f"{what}the error {cell.value}", column.meaning, "type what is meant")
    if cell.kind == "number":
        return _number(column, cell.value, what)
    made = {"truth": "true or false", "day": "a date", "moment": "a date or time"}[cell.kind]
    shown = cell.value.isoformat() if isinstance(cell.value, date) else cell.value
    return CellMistake(f"{what}{made} ({shown}), not text", column.meaning, TEXT_CELL)


def _number(column: Column, number: float, what: str) -> CellMistake:
    shown = str(int(number)) if float(number).is_integer() else str(number)
    what = f"{what}the number {shown}, not text"
    if column.form == "phone":
        return CellMistake(what, column.meaning, _with_zero(column, shown) or TEXT_CELL)
    if column.form == "day" and 20_000 < number < 80_000:
        day = (FIRST_DAY + timedelta(days=int(number))).isoformat()
        return CellMistake(what, column.meaning, f"write {day}, if that is the day")
    return CellMistake(what, column.meaning, TEXT_CELL)


def _text(column: Column, text: str) -> str:
    return unescaped(text)


def _day(column: Column, text: str) -> str:
    """A day, left as it is where it is ISO; a Dutch or American way of writing it is not guessed at."""
    found = re.fullmatch(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})", text)
    if found is None:
        return unescaped(text)
    day, month, year = (int(part) for part in found.groups())
    ways = dict.fromkeys(f"{year}-{m:02d}-{d:02d}" for d, m in ((day, month), (month, day)) if m <= 12 and d <= 31)
    raise CellMistake(f"{column.name} is {text!r}", column.meaning, f"write {' or '.join(ways) or '2026-11-21'}")


def _phone(column: Column, text: str) -> str:
    meant = unescaped(text)
    mend = None if re.search(column.rule["pattern"], meant) else _with_zero(column, meant)
    if mend:
        raise CellMistake(f"{column.name} is {meant!r}", column.meaning, mend)
    return meant


def _with_zero(column: Column, text: str) -> str | None:
    """How to mend a number that lost its first zero, or came with +31; None where that is not what is wrong."""
    digits = re.sub(r"[ .()-]", "", re.sub(r"^(\+|00)31", "", text))
    for whole in (digits, f"0{digits}"):
        ways = (f"{whole[:at]}-{whole[at:]}" for at in (2, 3, 4))
        fitting = [way for way in ways if re.search(column.rule["pattern"], way)]
        if fitting:
            lost = "the first 0 got lost: " if whole != digits and not text.startswith(("+", "00")) else ""
            return f"{lost}write {' or '.join(fitting)}, in a cell that is text"
    return None


def _whole(column: Column, text: str) -> int:
    if not re.fullmatch(r"-?[0-9]{1,9}([.,]0+)?", text):
        raise CellMistake(f"{column.name} is {text!r}", column.meaning, "write a whole number, such as 12")
    return int(re.split("[.,]", text)[0])


def _truth(column: Column, text: str) -> bool:
    if text.lower() not in YES + NO:
        mend = "write true or false (ja and nee are understood too), or leave it empty"
        raise CellMistake(f"{column.name} is {text!r}", column.meaning, mend)
    return text.lower() in YES


def _list(column: Column, text: str) -> list[str]:
    items = [item for item in parted(text, ";\n") if item]
    for item in items:
        words = parted(item, ",")
        if len(words) > 1:
            expected, mend = "one word, or several with ; between them", f"write {'; '.join(words)}"
            raise CellMistake(f"{column.name} is {item!r}", expected, mend)
    return [unescaped(item) for item in items]


def _pairs(column: Column, text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for item in (item for item in parted(text, ";\n") if item):
        key, *rest = parted(item, ":")
        if not rest:
            mend = 'for example "2026-12-27: 10:00-12:00; 2026-12-28: closed"'
            raise CellMistake(f"{column.name} has {item!r}", "a day, a colon, and what is the matter then", mend)
        if unescaped(key) in found:
            raise CellMistake(f"{column.name} has {key} twice", "each day once", "leave one of the two out")
        found[unescaped(key)] = unescaped(item[len(key) :].lstrip()[1:].strip())
    return found


def _rows(column: Column, text: str) -> list[dict[str, str]]:
    rows = []
    for line in (line for line in parted(text, "\n") if line):
        parts = [unescaped(part) for part in parted(line, "|")]
        if len(parts) > len(ROW_PARTS) or not parts[0]:
            mend = f"write {' | '.join(ROW_PARTS)}, each source on a line of its own"
            raise CellMistake(f"{column.name} has {line!r}", column.meaning, mend)
        rows.append({name: part for name, part in zip(ROW_PARTS, parts, strict=False) if part})
    return rows


READ: dict[str, Callable[[Column, str], Any]] = {
    "text": _text,
    "day": _day,
    "phone": _phone,
    "number": _whole,
    "truth": _truth,
    "list": _list,
    "pairs": _pairs,
    "rows": _rows,
}
