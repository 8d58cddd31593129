"""The columns of the sheet, out of data/schema/service.json: one for each field, or for each part of it (`say.nl`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from bot.directory.folder import SECTIONS
from bot.directory.schema import Schema, schema

Form = Literal["text", "day", "phone", "number", "truth", "list", "pairs", "rows"]
SECTION = "section"


@dataclass(frozen=True)
class Column:
    """One column: which field of a thing it holds, and in which form that stands in a cell."""

    field: str
    part: str | None
    form: Form
    rule: Schema
    """The schema of what a cell holds."""
    required: bool = False

    @property
    def name(self) -> str:
        return f"{self.field}.{self.part}" if self.part else self.field

    @property
    def words(self) -> tuple[str, ...]:
        """The only words that may stand there, if it has such."""
        rule = self.rule.get("items", self.rule) if self.form == "list" else self.rule
        return ("true", "false") if self.form == "truth" else tuple(rule.get("enum", ()))

    @property
    def meaning(self) -> str:
        return str(self.rule.get("description", "a value"))


@cache
def columns() -> tuple[Column, ...]:
    """`section`, and then the fields in the order of the schema."""
    rule = schema("service")
    described = {"type": "string", "enum": list(SECTIONS), "description": "the folder of the map in which it stands"}
    found = [Column(SECTION, None, "text", described, True)]
    for name, field in rule["properties"].items():
        found += _of(name, field, name in rule["required"])
    return tuple(found)


def _of(name: str, rule: Schema, required: bool) -> Iterator[Column]:
    parts = _parts(rule)
    if parts:
        yield from (Column(name, part, _form(below), below) for part, below in parts.items())
    else:
        yield Column(name, None, _form(rule), rule, required)


def _parts(rule: Schema) -> dict[str, Schema]:
    """The parts of a mapping that are known beforehand: languages, feast days."""
    names = rule.get("propertyNames", {}).get("enum", ())
    return rule.get("properties") or dict.fromkeys(names, rule.get("additionalProperties", {}))


def _form(rule: Schema) -> Form:
    kind = rule.get("type")
    if kind == "array":
        return "rows" if rule["items"].get("type") == "object" else "list"
    forms: dict[str, Form] = {"object": "pairs", "boolean": "truth", "integer": "number"}
    if kind in forms:
        return forms[str(kind)]
    return "day" if _only(rule, "2026-11-21") else "phone" if _only(rule, "112") else "text"


def _only(rule: Schema, example: str) -> bool:
    """Whether a pattern is made for such a text, and not for any word."""
    pattern = rule.get("pattern")
    return bool(pattern and re.search(pattern, example) and not re.search(pattern, "word"))
