"""A file from outside as the things of a map, or refused with all its mistakes. Nothing is written here."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from bot.directory.exchange import csv_sheet, ods_reading, workbook
from bot.directory.exchange.archive import NotReadable
from bot.directory.exchange.explanation import sheet_names
from bot.directory.exchange.reading import Row, rows_of
from bot.directory.exchange.refusal import Refused, SheetMistake
from bot.directory.exchange.sheet import MOST_BYTES, MOST_BYTES_OF_JSON, Sheet
from bot.directory.exchange.trial import as_rows, mistakes_of
from bot.directory.folder import Record
from bot.directory.mistakes import DirectoryErrors

Reader = Callable[[bytes], dict[str, Sheet]]
READERS: dict[str, Reader] = {
    ".csv": lambda data: {"": csv_sheet.read(data)},
    ".xlsx": workbook.read,
    ".ods": ods_reading.read,
}
ENDINGS = (*READERS, ".json")


def incoming(path: Path, folder: Path, remove: bool = False) -> list[Record]:
    """The things that a file wants on the map of a folder.

    Raises Refused with every mistake of the file; DirectoryErrors where the map in force is itself not in order.
    """
    wrong: list[SheetMistake] = []
    rows = _things(path) if path.suffix.lower() == ".json" else _sheet_rows(path, wrong)
    if not rows and not wrong:
        wrong.append(_whole(path, "there is nothing in it", "a row for each thing", "export the map first"))
    found = [*wrong, *(mistakes_of(rows, folder, remove) if rows else ())]
    if found:
        raise Refused(found)
    return [row.record for row in rows]


def _sheet_rows(path: Path, wrong: list[SheetMistake]) -> list[Row]:
    data = _bytes(path)
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise Refused([_whole(path, f"ending {path.suffix!r} is not known", ", ".join(ENDINGS), "save it as .xlsx")])
    try:
        sheets = reader(data)
    except NotReadable as error:
        raise Refused([_whole(path, error.what, error.expected, error.mend)]) from error
    if not sheets:
        raise Refused([_whole(path, "it has no sheet", "a sheet with things", "begin with an export")])
    name = _map_sheet(sheets)
    for other, sheet in sheets.items():
        if other not in (name, sheet_names().explanation) and sheet.rows:
            what = f"sheet {other!r} would not be read"
            wrong.append(_whole(path, what, f"one sheet with things, {name!r}", "put its rows there, or delete it"))
    rows, form = rows_of(sheets[name], path.name)
    wrong += form
    return rows


def _map_sheet(sheets: dict[str, Sheet]) -> str:
    """The sheet with the things: by its name, else the first."""
    name = sheet_names().map
    return name if name in sheets else next(iter(sheets))


def _things(path: Path) -> list[Row]:
    """The things of an HSDS document."""
    from bot.directory.hsds import read

    try:
        found = read(json.loads(_bytes(path).decode("utf-8-sig")), Path(path.name))
    except DirectoryErrors as errors:
        raise Refused(errors.mistakes) from errors
    except (ValueError, RecursionError) as error:
        raise Refused([_whole(path, f"it cannot be read ({error})", "an HSDS 3 document", "export one")]) from error
    return as_rows(((record.section, record.values) for record in found), path.name)


def _bytes(path: Path) -> bytes:
    """The file as it is. Raises Refused where it is not there or too large."""
    try:
        most = MOST_BYTES_OF_JSON if path.suffix.lower() == ".json" else MOST_BYTES
        if path.stat().st_size > most:
            what = f"the file has {path.stat().st_size:,} bytes"
            raise Refused([_whole(path, what, f"at most {most:,}", "copy the rows into a new sheet")])
        return path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise Refused([_whole(path, f"it cannot be opened ({reason})", "a file", "look at its name")]) from error


def _whole(path: Path, what: str, expected: str, mend: str) -> SheetMistake:
    return SheetMistake(path.name, 0, "", what, expected, mend)
