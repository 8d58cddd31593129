"""Reads OpenDocument sheets: each cell as what LibreOffice made of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from xml.etree import ElementTree

from bot.directory.exchange.archive import NotReadable, must_be, parts_of
from bot.directory.exchange.ods_writing import SPACES
from bot.directory.exchange.sheet import (
    EMPTY,
    MOST_COLUMNS,
    MOST_ROWS,
    Cell,
    Sheet,
    letters,
    text_cell,
    without_blank_end,
)


def read(data: bytes) -> dict[str, Sheet]:
    """The sheets by name. Raises NotReadable."""
    must_be(data, "ods")
    try:
        root = ElementTree.fromstring(parts_of(data)["content.xml"])
    except (KeyError, ElementTree.ParseError) as error:
        raise NotReadable(f"the file is damaged ({error})", "an OpenDocument sheet", "save it anew") from error
    return {table.get(tag("table:name"), ""): _sheet(table) for table in root.iter(tag("table:table"))}


def tag(name: str) -> str:
    """`table:name` as ElementTree calls it."""
    space, local = name.split(":")
    return f"{{{SPACES[space]}}}{local}"


def _sheet(table: ElementTree.Element) -> Sheet:
    rows: list[tuple[Cell, ...]] = []
    merged: list[str] = []
    for element in table.iter(tag("table:table-row")):
        times = _times(element, "table:number-rows-repeated")
        row = _row(element, len(rows) + 1, merged)
        if len(rows) + times > MOST_ROWS and row:
            raise NotReadable(f"more than {MOST_ROWS} rows", "the map of one municipality", "take out empty rows")
        rows += [row] * min(times, MOST_ROWS - len(rows))
    return Sheet(without_blank_end(rows), tuple(merged))


def _row(element: ElementTree.Element, number: int, merged: list[str]) -> tuple[Cell, ...]:
    cells: list[Cell] = []
    for item in element:
        if item.tag not in (tag("table:table-cell"), tag("table:covered-table-cell")):
            continue
        times = min(_times(item, "table:number-columns-repeated"), max(0, MOST_COLUMNS - len(cells)))
        if any(_times(item, f"table:number-{side}-spanned") > 1 for side in ("rows", "columns")):
            merged.append(f"{letters(len(cells))}{number}")
        cells += [_read_cell(item)] * times
    while cells and cells[-1].blank:
        cells.pop()
    return tuple(cells)


def _times(element: ElementTree.Element, name: str) -> int:
    text = element.get(tag(name), "1")
    return int(text) if text.isdigit() else 1


def _read_cell(item: ElementTree.Element) -> Cell:
    kind = item.get(tag("office:value-type"))
    if item.get(tag("table:formula")) is not None:
        return Cell("formula", item.get(tag("table:formula")))
    if kind in ("float", "percentage", "currency"):
        return _number(item.get(tag("office:value"), ""))
    if kind == "boolean":
        return Cell("truth", item.get(tag("office:boolean-value")) == "true")
    if kind == "date":
        return _day(item.get(tag("office:date-value"), ""))
    if kind == "time":
        return Cell("moment", item.get(tag("office:time-value"), ""))
    written_in = item.get(tag("office:string-value"))
    text = "\n".join(_text(line) for line in item.findall(tag("text:p")))
    return text_cell(text or written_in) if text or written_in else EMPTY


def _number(text: str) -> Cell:
    try:
        return Cell("number", float(text))
    except ValueError:
        return Cell("error", text)


def _day(text: str) -> Cell:
    found = re.fullmatch(r"(\d{4}-\d\d-\d\d)(T00:00:00(\.0+)?)?", text)
    try:
        return Cell("day", date.fromisoformat(found.group(1))) if found else Cell("moment", text)
    except ValueError:
        return Cell("moment", text)


def _text(line: ElementTree.Element) -> str:
    return "".join(_pieces(line))


def _pieces(element: ElementTree.Element) -> Iterator[str]:
    """What a paragraph says; spaces count only where ODF says so, and remarks in the margin not at all."""
    yield re.sub(r"[ \t\r\n]+", " ", element.text or "")
    for child in element:
        if child.tag == tag("text:s"):
            yield " " * min(_times(child, "text:c"), MOST_ROWS)
        elif child.tag in (tag("text:tab"), tag("text:line-break")):
            yield "\t" if child.tag == tag("text:tab") else "\n"
        elif child.tag != tag("office:annotation"):
            yield from _pieces(child)
        yield re.sub(r"[ \t\r\n]+", " ", child.tail or "")
