"""Excel workbooks: every cell as text on the way out, with words to choose from; on the way in, as Excel made it."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.writer.excel import ExcelWriter

from bot.directory.exchange.archive import WHEN, NotReadable, must_be, parts_of
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

AS_TEXT = "@"
"""Excel's format for text: what somebody types there is not made into a date or a number."""
LONGEST = 32_767
"""Signs that Excel keeps of a cell."""
LONGEST_CHOICE = 255
"""Signs of a list to choose from; with more, Excel calls the file damaged."""
WIDE = 60
EXCEL_CODE = re.compile(r"_x([0-9A-F]{4})_")


def written(sheets: Mapping[str, Sequence[Sequence[str]]], choices: Mapping[str, Sequence[str]]) -> bytes:
    """A workbook with these sheets; `choices` are the words to choose from, by the name of a column of the first."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        _fill(book.create_sheet(name), rows)
    first = book.worksheets[0]
    for number, name in enumerate(sheets[first.title][0], start=1):
        words = f'"{",".join(choices.get(name, ()))}"'
        if name in choices and len(words) <= LONGEST_CHOICE:
            rule = DataValidation("list", formula1=words, allow_blank=True)
            rule.add(f"{get_column_letter(number)}2:{get_column_letter(number)}{MOST_ROWS}")
            first.add_data_validation(rule)
    return _undated(book)


def _undated(book: Workbook) -> bytes:
    """The file, with one time in all of it: the same map gives the same file, and who has it need not fetch it again."""
    book.properties.created = book.properties.modified = datetime(*WHEN)
    written, file = BytesIO(), BytesIO()
    ExcelWriter(book, ZipFile(written, "w", ZIP_DEFLATED)).save()
    with ZipFile(written) as parts, ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for part in parts.infolist():
            archive.writestr(ZipInfo(part.filename, WHEN), parts.read(part), ZIP_DEFLATED)
    return file.getvalue()


def _fill(sheet: Any, rows: Sequence[Sequence[str]]) -> None:
    plain, bold = Font(), Font(bold=True)
    whole, wrapped = Alignment(vertical="top"), Alignment(vertical="top", wrap_text=True)
    for number, row in enumerate(rows, start=1):
        for place, text in enumerate(row, start=1):
            if len(text) > LONGEST:
                name = f"{row[1]}, column {rows[0][place - 1]}"
                raise ValueError(f"{name}: {len(text)} signs; Excel keeps {LONGEST}; shorten it, or export CSV or ODS")
            if text:
                cell = sheet.cell(number, place, text)
                cell.data_type = "s"  # never a formula, however it begins
                cell.number_format = AS_TEXT
                cell.font = plain if number > 1 else bold
                cell.alignment = wrapped if "\n" in text else whole
    for place in range(1, len(rows[0]) + 1):
        longest = max((len(row[place - 1]) for row in rows), default=0)
        column = sheet.column_dimensions[get_column_letter(place)]
        column.width = min(WIDE, longest + 3)
        column.number_format = AS_TEXT
    sheet.freeze_panes = "C2" if len(rows[0]) > 2 else "A2"


def read(data: bytes) -> dict[str, Sheet]:
    """The sheets by name. Raises NotReadable."""
    must_be(data, "xlsx")
    parts_of(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of openpyxl, about parts that nobody needs
            book = load_workbook(BytesIO(data), keep_links=False)
    except NotReadable:
        raise
    except Exception as error:  # openpyxl answers to a damaged file with whatever it stumbles over
        raise NotReadable(f"the file is damaged ({error})", "an Excel workbook", "save it anew in Excel") from error
    return {sheet.title: _sheet(sheet) for sheet in book.worksheets}


def _sheet(sheet: Any) -> Sheet:
    cells = sheet._cells  # by (row, column): only those that are there, however far down the last one stands
    filled = [place for place, cell in cells.items() if cell.value is not None]
    last_row = max((row for row, _ in filled), default=0)
    last_column = max((column for _, column in filled), default=0)
    if last_row > MOST_ROWS or last_column > MOST_COLUMNS:
        far = next(f"{letters(c - 1)}{r}" for r, c in filled if r in (last_row,) or c == last_column)
        what = f"something stands in cell {far}, far from the rest"
        raise NotReadable(what, f"at most {MOST_ROWS} rows and {MOST_COLUMNS} columns", "delete rows and columns there")
    rows = [
        tuple(_cell(cells.get((row, column))) for column in range(1, last_column + 1)) for row in range(1, last_row + 1)
    ]
    return Sheet(without_blank_end(rows), tuple(str(merged) for merged in sheet.merged_cells.ranges))


def _cell(cell: Any) -> Cell:
    value = None if cell is None else cell.value
    if value is None:
        return EMPTY
    if cell.data_type == "f":
        return Cell("formula", str(value))
    if cell.data_type == "e":
        return Cell("error", str(value))
    if isinstance(value, bool):
        return Cell("truth", value)
    if isinstance(value, (int, float)):
        return Cell("number", value)
    if isinstance(value, datetime):
        midnight = (value.hour, value.minute, value.second) == (0, 0, 0)
        return Cell("day", value.date()) if midnight else Cell("moment", value.isoformat(" "))
    if isinstance(value, date):
        return Cell("day", value)
    if not isinstance(value, str):
        return Cell("moment", str(value))
    return text_cell(EXCEL_CODE.sub(lambda code: chr(int(code.group(1), 16)), value))
