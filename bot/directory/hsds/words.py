"""The Dutch words of an exchange, from data/schema/hsds/words.yml."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from bot.paths import DATA

FOLDER = DATA / "schema" / "hsds"


@lru_cache
def words(path: Path = FOLDER / "words.yml") -> dict[str, Any]:
    """All of the file."""
    read: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return read


def term(taxonomy: str, code: str) -> str:
    """What a code means; the code itself where nobody gave it a word, as with the name of a wijk or a field."""
    return str(words()["terms"].get(taxonomy, {}).get(code, code))


def terms(taxonomy: str, codes: list[str]) -> str:
    return ", ".join(term(taxonomy, code) for code in codes)


def text(key: str, **values: str) -> str:
    """A text, with its `%{name}` filled in."""
    filled = str(words()["texts"][key])
    for name, value in values.items():
        filled = filled.replace(f"%{{{name}}}", value)
    return filled
