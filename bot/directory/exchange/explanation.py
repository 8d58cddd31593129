"""The second sheet: what each column is for, in Dutch (locales/nl/exchange.yml), and the words that may stand there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from bot.directory.exchange.columns import Column, columns
from bot.directory.exchange.to_text import text_of
from bot.paths import LOCALES


@dataclass(frozen=True)
class SheetNames:
    """How the two sheets of a workbook are called."""

    map: str
    explanation: str


@cache
def _texts() -> dict[str, Any]:
    return dict(yaml.safe_load((LOCALES / "nl" / "exchange.yml").read_text(encoding="utf-8")))


def sheet_names() -> SheetNames:
    return SheetNames(**_texts()["sheet"])


def explanation() -> list[list[str]]:
    """Its rows: the name of a column, what it is for, how to fill it in, the words to choose from, an example."""
    texts = _texts()
    head = [texts["head"][part] for part in ("column", "meaning", "form", "words", "example")]
    return [head, *(_row(column) for column in columns()), *([text] + [""] * 4 for text in texts["rules"])]


def _row(column: Column) -> list[str]:
    texts = _texts()
    meaning = texts["field"].get(column.field, column.meaning)
    if column.part:
        meaning = f"{meaning} ({texts['part'].get(column.part, column.part)})"
    if column.required:
        meaning = f"{meaning} {texts['required']}"
    return [column.name, meaning, texts["form"][column.form], "; ".join(column.words), _example(column)]


def _example(column: Column) -> str:
    rule = column.rule
    if column.form == "rows":
        return text_of(column, [{n: p["examples"][0] for n, p in rule["items"]["properties"].items()}])
    if column.form == "pairs":
        return text_of(column, {rule["propertyNames"]["examples"][0]: rule["additionalProperties"]["examples"][0]})
    if column.form == "list":
        return text_of(column, list(column.words[:2]) or rule["items"]["examples"][:1])
    if column.words:
        return column.words[0]
    if column.part:
        return str(_texts()["example"].get(column.name, ""))
    return text_of(column, rule.get("examples", [""])[0])
