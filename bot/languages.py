"""The languages that are spoken here, from locales/languages.yml: code, own name, direction, state."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from bot.paths import LOCALES

UNKNOWN = "und"
"""None of ours."""


@dataclass(frozen=True)
class Language:
    """One language: `name` in that language itself; `also` are other names under which people ask for it."""

    code: str
    name: str
    rtl: bool = False
    state: str = "complete"
    also: tuple[str, ...] = ()


@lru_cache
def languages(path: Path = LOCALES / "languages.yml") -> dict[str, Language]:
    """All languages that residents may choose, the first one the default."""
    rows = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return {
        code: Language(
            code, row["name"], row.get("rtl", False), row.get("state", "complete"), tuple(row.get("also", ()))
        )
        for code, row in rows.items()
    }


@lru_cache
def _offered() -> tuple[str, ...]:
    """What `complete` says, gathered once: it is asked several times a turn."""
    return tuple(code for code, language in languages().items() if language.state == "complete")


def complete() -> list[str]:
    """Codes of the languages that are offered to residents; a draft is not."""
    return list(_offered())


def supported(code: str | None) -> str:
    """`code` where we speak it (`tr-TR` counts as `tr`), else the default language."""
    offered = _offered()
    if code in offered:
        return code
    short = (code or "").split("-")[0].lower()
    return short if short in offered else offered[0]


def named(text: str) -> str | None:
    """The language whose name stands in `text`, in whatever language it is named: "in het Turks", "po polsku"."""
    words = set(text.lower().replace(",", " ").replace(".", " ").replace("?", " ").replace("!", " ").split())
    for code, language in ((code, languages()[code]) for code in complete()):
        names = {language.name.lower(), *(name.lower() for name in language.also)}
        if words & names:
            return code
    return None
