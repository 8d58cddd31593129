"""How plain a language must be, from data/plain/<lang>.yml: limits, words residents never see, words that may stay."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from bot.folding import fold
from bot.paths import DATA

PLAIN = DATA / "plain"


@dataclass(frozen=True)
class Banned:
    """A word that residents never see: what matches it, on folded text, and what to write instead."""

    pattern: re.Pattern[str]
    say: str


@dataclass(frozen=True)
class Style:
    """What the rules of bot/checks/dutch_style.py must know of single words."""

    determiners: frozenset[str] = frozenset()
    no_participle: frozenset[str] = frozenset()
    """Words that look like a participle: "bekend"."""
    plain_nouns: frozenset[str] = frozenset()
    """Things, not deeds: "de rekening van"."""


@dataclass(frozen=True)
class Limits:
    """What a text of one language is held to. Numbers are the most that is allowed."""

    words: int
    """In one sentence."""
    letters: int
    """Of one turn, to read."""
    spoken: int
    """Letters of one turn, as it is said aloud."""
    title: int
    """Letters on a button."""
    before_question: int
    """Sentences before the question of a turn."""
    questions: int
    """In one turn."""
    banned: tuple[Banned, ...] = ()
    allowed: Mapping[str, str] = field(default_factory=dict)
    """Rare words that stay, with the reason."""
    rare_below: float | None = None
    """Zipf frequency (3: once in a million words) under which a word is rare; None: nobody has counted the language."""
    stem: int | None = None
    """Letters of a beginning by which a word counts as known; None: only the whole word counts."""
    style: Style | None = None


@lru_cache
def read_limits(language: str, folder: Path = PLAIN) -> Limits:
    """The limits of a language. FileNotFoundError: it has none yet."""
    raw = yaml.load((folder / f"{language}.yml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    banned = (Banned(matching(word), row["say"]) for row in raw.get("banned", ()) for word in row["words"])
    return Limits(
        **raw["limits"],
        banned=tuple(banned),
        allowed={fold(word): why for word, why in (raw.get("allowed") or {}).items()},
        rare_below=raw.get("rare_below"),
        stem=raw.get("stem"),
        style=_style(raw.get("style")),
    )


def _style(raw: Mapping[str, Any] | None) -> Style | None:
    return Style(**{name: frozenset(words) for name, words in raw.items()}) if raw else None


def matching(words: str) -> re.Pattern[str]:
    """Finds `words` as whole words in folded text; `*` stands for any letters, so that inflections are found too."""
    letters = re.escape(fold(words)).replace(r"\*", r"\w*")
    return re.compile(rf"(?<!\w){letters}(?!\w)")
