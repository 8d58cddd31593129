"""Opens the zip file that a workbook is, if it is one, not too large, and without anything that grows on reading.

A file that is not what its ending says is told what it is.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from io import BytesIO

MOST_UNPACKED = 40_000_000
"""Bytes of all parts together. A map of a thousand things has about four million."""
MOST_PARTS = 2_000
MOST_CELLS = 500_000
CELL = re.compile(rb"<(?:\w+:)?(?:c|table-cell)[ />]")
ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"
WHEN = (2026, 1, 1, 0, 0, 0)
"""The time of each part of a file that we write: the same map gives the same file."""


class NotReadable(Exception):
    """The file as a whole cannot be read: what it is, what was expected, how to mend it."""

    def __init__(self, what: str, expected: str, mend: str) -> None:
        super().__init__(what)
        self.what, self.expected, self.mend = what, expected, mend


def kind_of(data: bytes) -> str:
    """What a file is by its first bytes and parts: `xlsx`, `ods`, `zip`, `old`, `web`, `pdf` or `text`."""
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return "old"
    if data.startswith(b"%PDF"):
        return "pdf"
    if not data.startswith(b"PK"):
        return "web" if re.match(rb"\s*<(!doctype|html|\?xml)", data[:200], re.IGNORECASE) else "text"
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = set(archive.namelist())
            if "xl/workbook.xml" in names:
                return "xlsx"
            if "mimetype" in names and archive.open("mimetype").read(len(ODS_TYPE)) == ODS_TYPE:
                return "ods"
    except (zipfile.BadZipFile, zlib.error, OSError, RuntimeError, NotImplementedError, EOFError):
        pass
    return "zip"


IS = {
    "xlsx": ("an Excel workbook", "give it the ending .xlsx"),
    "ods": ("an OpenDocument sheet", "give it the ending .ods"),
    "zip": ("a zip file, and no sheet (or one that is damaged)", "save it anew as .xlsx, .ods or .csv"),
    "old": ("an old Excel workbook (.xls), or one with a password", "save it as .xlsx, without a password"),
    "web": ("a web page or XML", "save it as .xlsx, .ods or .csv"),
    "pdf": ("a PDF", "save the sheet itself as .xlsx, .ods or .csv"),
    "text": ("plain text", "give it the ending .csv, or save it anew"),
}


def must_be(data: bytes, wanted: str, shown: str | None = None) -> None:
    """Raises NotReadable where the file is something else than its ending says, or empty."""
    if not data.strip():
        raise NotReadable("the file is empty", "the names of the columns and a row for each thing", "export it anew")
    kind = kind_of(data)
    if kind != wanted:
        what, mend = IS[kind]
        raise NotReadable(f"the file is {what}", f"what its ending says, {shown or wanted}", mend)


def parts_of(data: bytes) -> dict[str, bytes]:
    """The XML parts of a workbook by name. Raises NotReadable where it is damaged, locked, too large, or has a DTD."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return _unpacked(archive)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError) as error:
        raise NotReadable(f"the file is damaged or locked ({error})", "a whole workbook", "save it anew") from error


def _unpacked(archive: zipfile.ZipFile) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    room, cells = MOST_UNPACKED, 0
    if len(archive.infolist()) > MOST_PARTS:
        raise _too_large(f"it has {len(archive.infolist())} parts")
    for info in archive.infolist():
        with archive.open(info) as part:
            content = part.read(room + 1)
        room -= len(content)
        if room < 0:
            raise _too_large(f"unpacked it has more than {MOST_UNPACKED:,} bytes")
        if info.filename.endswith((".xml", ".rels")):
            found[info.filename] = content
            cells += sum(1 for _ in CELL.finditer(content))
            if b"<!DOCTYPE" in content or b"<!ENTITY" in content or b"\0" in content:
                what = f"part {info.filename} declares a document type, or is not UTF-8"
                raise NotReadable(what, "what a spreadsheet program writes", "save it anew in Excel or LibreOffice")
    if cells > MOST_CELLS:
        raise _too_large(f"it has {cells:,} cells")
    return found


def _too_large(what: str) -> NotReadable:
    return NotReadable(f"the file is too large: {what}", "one map", "copy the rows into a new sheet")
