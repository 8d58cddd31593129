"""A value of a thing as the text of a cell."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.directory.exchange.cells import escaped, guarded
from bot.directory.exchange.columns import Column


def text_of(column: Column, value: Any) -> str:
    """What stands in the cell; empty where the thing does not have it."""
    if value is None:
        return ""
    return guarded(WRITE.get(column.form, escaped)(value))


def _pairs_text(value: dict[str, str]) -> str:
    return "; ".join(f"{escaped(key, ':;' + chr(10))}: {escaped(text, ';' + chr(10))}" for key, text in value.items())


def _rows_text(value: list[dict[str, str]]) -> str:
    lines = []
    for row in value:
        last = max(number for number, part in enumerate(ROW_PARTS) if part in row)
        lines.append(" | ".join(escaped(row.get(part, ""), "|\n") for part in ROW_PARTS[: last + 1]))
    return "\n".join(lines)


ROW_PARTS = ("title", "url", "date")
"""Of a source; the only list of mappings that a thing has."""
WRITE: dict[str, Callable[[Any], str]] = {
    "truth": lambda value: "true" if value else "false",
    "number": str,
    "list": lambda value: "; ".join(escaped(item, ";,\n") for item in value),
    "pairs": _pairs_text,
    "rows": _rows_text,
}
