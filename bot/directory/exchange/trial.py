"""All that is wrong with the things of a file, before anything of it is written: with each by itself, and with the map.

What is wrong in one cell would hide what is wrong in the others. So a value that cannot be used is stood in for by one
that could, the rest is checked with it, and what is then said about the stand-in itself is left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from bot.directory.agreement import disagreements
from bot.directory.entry import Entry
from bot.directory.exchange.columns import SECTION, columns
from bot.directory.exchange.reading import Row
from bot.directory.exchange.refusal import SheetMistake
from bot.directory.exchange.stand_in import Known, section_for, stand_in
from bot.directory.folder import SECTIONS, path_of, records
from bot.directory.loader import KINDS, _entry
from bot.directory.mistakes import DirectoryErrors, Mistake, nearest
from bot.directory.schema import mistakes_in, schema
from bot.directory.yaml_lines import Place, YamlFile, read_yaml

BY_SECTION = {"id", "kind", "topics", "crisis", "wijken"}
"""Columns of which nothing can be said while the section is not known."""


def mistakes_of(rows: list[Row], folder: Path, remove: bool) -> list[SheetMistake | Mistake]:
    """Every mistake of the rows, and what they would break elsewhere on the map in force."""
    known = {record.id: record for record in records(folder)}
    for row in rows:
        _section(row, known)
        _fields(row, known)
    unique = _unique(rows)
    others = [] if remove else [record for id_, record in known.items() if id_ not in unique]
    elsewhere = _beyond_the_rows(unique, [path_of(folder, record) for record in others], folder)
    return [*(mistake for row in rows for mistake in row.mistakes), *elsewhere]


def _section(row: Row, known: Known) -> None:
    if row.section in SECTIONS:
        return
    if SECTION not in row.wrong | row.absent:
        what = f"section is {row.section!r}" if row.section else "section is empty"
        row.mistake(SECTION, what, "a folder of the map", nearest(row.section, SECTIONS))
    row.section = section_for(row, known)
    row.silent |= BY_SECTION


def _fields(row: Row, known: Known) -> None:
    """Notes what a row lacks and what its schema does not allow; afterwards every value of it could be used."""
    for column in columns()[1:]:
        if column.required and column.field not in row.values and column.name not in row.wrong | row.absent:
            row.mistake(column.name, f"{column.name} is empty", column.meaning, "fill it in")
    _mend(row, known)
    for mistake in mistakes_in(_file(row, Path(row.file)), schema("service")):
        row.mistake(_names()[mistake.line], mistake.what, mistake.expected, mistake.mend)
    _mend(row, known)
    fields = schema("service")["properties"]
    row.values = {name: value for name, value in row.values.items() if name in fields}


def _mend(row: Row, known: Known) -> None:
    for column in columns()[1:]:
        if column.name in row.wrong | row.absent:
            stand_in(row, column, known)


def _unique(rows: list[Row]) -> dict[str, Row]:
    """The rows by id; a second one with the same id is a mistake, and looked at further under another."""
    first: dict[str, Row] = {}
    for row in rows:
        other = first.setdefault(row.values["id"], row)
        if other is not row:
            alike = other.record.same_as(row.record)
            there = f"row {other.number}" if other.number else f"{other.section}/{other.record.id}"
            what = f"{'the same thing' if alike else 'another thing with id'} {row.record.id!r} stands in {there}"
            row.mistake("id", what, "each id once", "delete one of the two, or give it another id")
            row.values["id"] = f"row-{len(first)}-{row.number}"
            first[row.values["id"]] = row
    return first


def _beyond_the_rows(unique: dict[str, Row], others: list[Path], folder: Path) -> list[Mistake]:
    """Notes in the rows what does not agree with the map; what does not agree in other files is given back."""
    found: list[Mistake] = []
    gemeente, wijken = (_checked(folder / f"{name}.yml", name, found) for name in ("gemeente", "wijken"))
    postcodes = [_checked(path, "postcodes", found) for path in sorted(folder.glob("postcodes*.yml"))]
    beside = [_checked(path, "service", found) for path in others]
    if found:
        raise DirectoryErrors(found)
    by_path = {path_of(folder, row.record): row for row in unique.values()}
    entries = [_as_entry(_file(row, path)) for path, row in by_path.items()] + [_as_entry(file) for file in beside]
    for mistake in disagreements(gemeente, wijken, postcodes, entries):
        row = by_path.get(mistake.path)
        column = _names()[mistake.line] if row else ""
        if row is None:
            found.append(mistake)
        elif column not in row.wrong | row.absent | row.silent:
            row.mistakes.append(row.line(column, mistake.what, mistake.expected, mistake.mend))
    return found


def _checked(path: Path, name: str, found: list[Mistake]) -> YamlFile:
    file = read_yaml(path)
    found += mistakes_in(file, schema(name))
    return file


def _as_entry(file: YamlFile) -> Entry:
    return _entry(KINDS[file.path.parent.name], file)


def _file(row: Row, path: Path) -> YamlFile:
    """A row as if it were a file of the map; in the place of a line stands the number of the column."""
    return YamlFile(path, row.values, _lines())


@cache
def _lines() -> dict[Place, int]:
    lines: dict[Place, int] = {(): 1}
    for number, column in enumerate(columns()):
        lines.setdefault((column.field,), number)
        lines[(column.field, column.part) if column.part else (column.field,)] = number
    return lines


@cache
def _names() -> tuple[str, ...]:
    return tuple(column.name for column in columns())


def as_rows(things: Iterable[tuple[str, dict[str, Any]]], file: str) -> list[Row]:
    """Things of a document without rows, each with its section."""
    return [Row(file, 0, section, dict(values)) for section, values in things]
