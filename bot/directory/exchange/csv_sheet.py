"""CSV as a Dutch spreadsheet opens it: UTF-8 with the mark, semicolons; read with commas, tabs and no mark as well."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterable
from io import StringIO

from bot.directory.exchange.archive import NotReadable, must_be
from bot.directory.exchange.sheet import MOST_BYTES, MOST_ROWS, Cell, Sheet, text_cell, without_blank_end

DELIMITERS = (";", ",", "\t")
WORDS = re.compile(r"[^\s;,\"]+")


def written(rows: Iterable[Iterable[str]]) -> bytes:
    text = StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def read(data: bytes) -> Sheet:
    """The rows of a CSV file; every cell is text. Raises NotReadable."""
    if not data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        must_be(data, "text", shown="CSV")
    text = _decoded(data)
    if "\0" in text:
        raise NotReadable("the file has zero bytes in it", "text", "save it as CSV UTF-8, or as .xlsx")
    first, _, rest = text.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) <= len("sep=;"):
        text, delimiter = rest, first.strip()[4:] or "\t"
    else:
        delimiter = max(DELIMITERS, key=first.count)
    return Sheet(without_blank_end(_rows(text, delimiter)))


def _rows(text: str, delimiter: str) -> list[tuple[Cell, ...]]:
    csv.field_size_limit(MOST_BYTES)
    rows: list[tuple[Cell, ...]] = []
    try:
        for row in csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True):
            rows.append(tuple(text_cell(cell) for cell in row))
            if len(rows) > MOST_ROWS:
                raise NotReadable(f"more than {MOST_ROWS} rows", "the map of one municipality", "take out empty rows")
    except csv.Error as error:
        what = f"row {len(rows) + 1} cannot be read ({error})"
        raise NotReadable(what, 'quotes in pairs, a quote inside a text as ""', "save it as .xlsx instead") from error
    return rows


def _decoded(data: bytes) -> str:
    """The text: UTF-8, or UTF-16 with its mark. Another encoding is refused, for a guess would spoil names unseen."""
    utf16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    marked = data.startswith(codecs.BOM_UTF8)
    try:
        text = data.decode("utf-16" if utf16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        shown = data[max(0, error.start - 15) : error.start + 15].decode("cp1252", "replace").split("\n")[-1]
        what = f"line {row} is not UTF-8 (near {shown.strip()!r}); it may be Windows-1252"
        raise NotReadable(what, "UTF-8", "save it as `CSV UTF-8 (comma delimited)`, or as .xlsx") from error
    if not utf16 and not marked:
        _must_not_be_garbled(text)
    return text


def _must_not_be_garbled(text: str) -> None:
    """A file without the mark may have been opened as Windows-1252 and saved as UTF-8: `ë` has become `Ã«`."""
    for number, line in enumerate(text.splitlines(), start=1):
        if line.isascii():
            continue
        for word in WORDS.findall(line):
            try:
                meant = "" if word.isascii() else word.encode("cp1252").decode("utf-8")
            except (UnicodeEncodeError, UnicodeDecodeError):
                continue
            if meant:
                what = f"line {number} has {word!r}, which once was {meant!r}"
                raise NotReadable(what, "UTF-8", "export it anew, and open it as UTF-8 or use .xlsx")
