"""What programs read: the tables as JSON, CSV and ODS, and the description of it all."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml
from sanic.request import Request
from sanic.response import HTTPResponse, empty, raw

from bot.dashboard.exports import as_csv, as_ods
from bot.statistics.measures import MEASURE
from bot.statistics.tables import Table

OPENAPI = Path(__file__).with_name("openapi.yml")
MOST_ROWS = 10_000
"""Rows of one page, at most."""
FILES = {
    "csv": (as_csv, "text/csv; charset=utf-8"),
    "ods": (as_ods, "application/vnd.oasis.opendocument.spreadsheet"),
}


class BadQuery(ValueError):
    """A parameter that cannot be used: which, what it is, what was expected."""


def answer(request: Request, body: bytes, content_type: str = "application/json", **headers: str) -> HTTPResponse:
    """A 200 with its ETag, or a 304 for whoever has it already."""
    tag = f'"{sha256(body).hexdigest()[:32]}"'
    known = [part.strip().removeprefix("W/") for part in request.headers.get("if-none-match", "").split(",")]
    if tag in known or "*" in known:
        return empty(304, headers={"ETag": tag})
    return raw(body, content_type=content_type, headers={"ETag": tag, **headers})


def as_json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def refusal(status: int, what: str) -> HTTPResponse:
    return raw(as_json({"error": what}), status=status, content_type="application/json")


def one_table(request: Request, table: Table) -> HTTPResponse:
    """A table in the format that was asked for. Raises BadQuery."""
    query = {name: values[0] for name, values in request.args.items()}
    kind, page = query.get("format", "json"), page_of(table, query)
    if kind in FILES:
        write, content_type = FILES[kind]
        name = f'attachment; filename="{table["name"]}.{kind}"'
        return answer(request, write(table), content_type, **{"Content-Disposition": name})
    if kind != "json":
        raise BadQuery(f"format is {kind!r}; expected json, csv or ods")
    return answer(request, as_json(page))


def page_of(table: Table, query: Mapping[str, str]) -> dict[str, Any]:
    """The table with the rows of one page, and the address of the next one. Without `size` all rows are one page."""
    rows = table["rows"]
    size = whole_number(query, "size", MOST_ROWS) if "size" in query else max(len(rows), 1)
    page = whole_number(query, "page", 1_000_000) if "page" in query else 1
    end = page * size
    following = f"/api/v1/tables/{table['name']}?page={page + 1}&size={size}" if end < len(rows) else None
    return {**table, "rows": rows[end - size : end], "next": following}


def whole_number(query: Mapping[str, str], name: str, most: int) -> int:
    text = query[name]
    if not (text.isascii() and text.isdecimal() and 1 <= int(text[:9]) <= most and len(text) < 9):
        raise BadQuery(f"{name} is {text[:20]!r}; expected a whole number from 1 to {most}")
    return int(text)


@lru_cache
def openapi() -> bytes:
    """The description, with the closed list of tables in it."""
    described = yaml.load(OPENAPI.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    described["paths"]["/api/v1/tables/{name}"]["get"]["parameters"][0]["schema"]["enum"] = list(MEASURE)
    return as_json(described)
