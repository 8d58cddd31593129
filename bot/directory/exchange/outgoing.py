"""The things of a map as a file for others: CSV, Excel, OpenDocument, or HSDS."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from bot.directory.exchange import csv_sheet, ods_writing, workbook
from bot.directory.exchange.columns import SECTION, columns
from bot.directory.exchange.explanation import explanation, sheet_names
from bot.directory.exchange.to_text import text_of
from bot.directory.folder import Record
from bot.model import Wijk


def outgoing(
    records: Sequence[Record], ending: str, gemeente: str, wijken: Iterable[Wijk] = (), today: date | None = None
) -> bytes:
    """The file with that ending: `.csv`, `.xlsx`, `.ods`, `.json`. Raises ValueError: another, or too long a text.

    HSDS tells its services apart by the municipality's id, calls areas by the names of `wijken`, and says of what stops
    later that it is still there `today`.
    """
    if ending == ".json":
        from bot.directory.hsds import export

        document = export(list(records), gemeente, wijken, today)
        return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()
    rows = as_table(records)
    if ending == ".csv":
        return csv_sheet.written(rows)
    sheets = {sheet_names().map: rows, sheet_names().explanation: explanation()}
    if ending == ".xlsx":
        one_word = {column.name: column.words for column in columns() if column.words and column.form != "list"}
        return workbook.written(sheets, one_word)
    if ending == ".ods":
        return ods_writing.written(sheets)
    raise ValueError(f"ending {ending!r} is not known; expected .csv, .xlsx, .ods or .json")


def as_table(records: Sequence[Record]) -> list[list[str]]:
    """The names of the columns, and a row for each thing."""
    return [[column.name for column in columns()], *(_row(record) for record in records)]


def _row(record: Record) -> list[str]:
    whole = {**record.values, SECTION: record.section}
    values = ((column, whole.get(column.field)) for column in columns())
    return [text_of(column, value.get(column.part) if column.part and value else value) for column, value in values]


def save(path: Path, data: bytes) -> None:
    """Writes the file whole, or leaves the one that was there."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_bytes(data)
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)
