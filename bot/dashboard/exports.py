"""A published table as a file: CSV that a Dutch spreadsheet opens as it is, and ODS. A hidden cell is a dot in both."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO
from typing import Any

from pyexcel_ods3 import save_data

from bot.statistics.tables import Table

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet would run."""
HIDDEN = "."


def as_rows(table: Table) -> list[list[Any]]:
    """The head and the rows: period, grain, wijk or language, id, n, as far as the table has them."""
    head = ["period", "grain", *table["columns"], "n"]
    body = ([row[name] for name in head[:-1]] + [_number(row["cell"]["n"])] for row in table["rows"])
    return [head, *body]


def as_csv(table: Table) -> bytes:
    """UTF-8 with the mark that spreadsheets look for, cells apart by semicolons."""
    text = StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerows([harmless(value) for value in row] for row in as_rows(table))
    return text.getvalue().encode("utf-8-sig")


def as_ods(table: Table) -> bytes:
    file = BytesIO()
    save_data(file, {table["name"]: as_rows(table)})
    return file.getvalue()


def harmless(value: Any) -> Any:
    """A text that a spreadsheet would take for a formula begins with an apostrophe."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def _number(n: int | None) -> int | str:
    return HIDDEN if n is None else n
