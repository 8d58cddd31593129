"""A value that could be used, in the place of one that cannot: so that the rest of a row can still be looked at."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from bot.directory.exchange.columns import Column
from bot.directory.exchange.reading import Row
from bot.directory.folder import SECTIONS, Record
from bot.directory.schema import Schema

Known = Mapping[str, Record]
"""The map in force, by id."""


def section_for(row: Row, known: Known) -> str:
    """Where the thing stands now, else what was probably meant, else where most things stand."""
    now = known.get(str(row.values.get("id")))
    return now.section if now else (get_close_matches(row.section, SECTIONS, n=1) or ["voorzieningen"])[0]


def stand_in(row: Row, column: Column, known: Known) -> None:
    """Puts what the map has for this thing, else what keeps to the schema; an id by which others still mean it."""
    if column.name == "id":
        given = str(row.values.get("id", ""))
        row.values["id"] = given if re.search(column.rule["pattern"], given) else f"row-{row.number}"
        return
    now = known.get(row.values.get("id", ""))
    value = _of(now.values, column) if now else None
    missing = column.name in row.absent and not column.required
    if value is None and (missing or column.form in ("truth", "number")):
        _put(row, column, None)
    else:
        _put(row, column, example(column.rule, _of(row.values, column)) if value is None else value)


def _of(values: dict[str, Any], column: Column) -> Any:
    value = values.get(column.field)
    return value.get(column.part) if column.part and isinstance(value, dict) else value


def _put(row: Row, column: Column, value: Any) -> None:
    if column.part:
        whole = row.values.get(column.field)
        parts = {**(whole if isinstance(whole, dict) else {}), column.part: value}
        value = {part: text for part, text in parts.items() if text is not None} or None
    row.values[column.field] = value
    if value is None:
        del row.values[column.field]


def example(rule: Schema, meant: Any = None) -> Any:
    """A value that keeps to a schema, the one that was meant if that can be guessed."""
    if "enum" in rule:
        return (get_close_matches(str(meant), rule["enum"], n=1) or rule["enum"])[0]
    if rule.get("type") == "array":
        return [example(rule["items"])]
    if rule.get("type") == "object" and "properties" in rule:
        return {name: example(rule["properties"][name]) for name in rule.get("required", ())}
    if rule.get("type") == "object":
        return {example(rule["propertyNames"]): example(rule["additionalProperties"])}
    return rule.get("examples", ["x"])[-1]
