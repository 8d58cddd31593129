"""Writes OpenDocument sheets: every cell a text, and formatted as text, so that what somebody types there stays one."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping, Sequence
from io import BytesIO
from xml.sax.saxutils import escape, quoteattr

from bot.directory.exchange.archive import ODS_TYPE, WHEN

SPACES = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    "number": "urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0",
    "fo": "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0",
}
HEAD = f"""<?xml version="1.0" encoding="UTF-8"?>
<office:document-content {" ".join(f'xmlns:{name}="{uri}"' for name, uri in SPACES.items())} office:version="1.2">
<office:automatic-styles><number:text-style style:name="N"><number:text-content/></number:text-style>
<style:style style:name="T" style:family="table-cell" style:data-style-name="N">
<style:table-cell-properties fo:wrap-option="wrap"/></style:style>
<style:style style:name="B" style:family="table-cell" style:data-style-name="N">
<style:text-properties fo:font-weight="bold"/></style:style></office:automatic-styles>
<office:body><office:spreadsheet>"""
TAIL = "</office:spreadsheet></office:body></office:document-content>"
MANIFEST = f"""<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">
<manifest:file-entry manifest:full-path="/" manifest:media-type="{ODS_TYPE.decode()}"/>
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>"""


def written(sheets: Mapping[str, Sequence[Sequence[str]]]) -> bytes:
    """A file with these sheets, the first row of each bold, every cell a text and formatted as text."""
    content = HEAD + "".join(_table(name, rows) for name, rows in sheets.items()) + TAIL
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("mimetype", WHEN), ODS_TYPE, zipfile.ZIP_STORED)
        for name, text in (("content.xml", content), ("META-INF/manifest.xml", MANIFEST)):
            archive.writestr(zipfile.ZipInfo(name, WHEN), text.encode("utf-8"), zipfile.ZIP_DEFLATED)
    return file.getvalue()


def _table(name: str, rows: Sequence[Sequence[str]]) -> str:
    width = max(len(row) for row in rows)
    columns = f'<table:table-column table:number-columns-repeated="{width}" table:default-cell-style-name="T"/>'
    body = "".join(
        f"<table:table-row>{''.join(_cell(text, 'T' if number else 'B') for text in row)}</table:table-row>"
        for number, row in enumerate(rows)
    )
    return f"<table:table table:name={quoteattr(name)}>{columns}{body}</table:table>"


def _cell(text: str, style: str) -> str:
    if not text:
        return "<table:table-cell/>"
    lines = "".join(f"<text:p>{_spaced(escape(line))}</text:p>" for line in text.split("\n"))
    return f'<table:table-cell table:style-name="{style}" office:value-type="string">{lines}</table:table-cell>'


def _spaced(line: str) -> str:
    """Spaces at an edge or side by side, of which ODF would keep one or none, with their number."""
    return re.sub(r"^ +| +$|  +", lambda found: f'<text:s text:c="{len(found.group())}"/>', line)
