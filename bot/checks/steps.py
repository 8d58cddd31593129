"""What each text is and where it is said: data/plain/steps.yml; what it looks like filled in: values.yml."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path

import yaml

from bot.checks.limits import PLAIN

SAID, PART, BUTTON, PAGE, FORM, OWN, GEMEENTE = KINDS = ("said", "part", "button", "page", "form", "own", "gemeente")
"""In a turn; inside another sentence; on a button; only read; no words; each language's own; Dutch alone."""
PLACEHOLDER = re.compile(r"%\{(\w+)\}")
LONGEST = re.compile(r"@([\w.*]+)")


@dataclass(frozen=True)
class Step:
    """One row: what the texts are whose key fits the pattern, and where in a conversation they are said."""

    kind: str
    step: str


UNKNOWN = Step(SAID, "")
"""A text that no row knows is held to all that a turn is held to."""


@lru_cache
def read_steps(folder: Path = PLAIN) -> dict[str, Step]:
    """The rows, in their order: the first pattern that fits counts."""
    raw = yaml.load((folder / "steps.yml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    steps = {pattern: Step(**row) for pattern, row in raw.items()}
    unknown = sorted({step.kind for step in steps.values()} - set(KINDS))
    if unknown:
        raise ValueError(f"{folder / 'steps.yml'}: no kind {', '.join(unknown)}; known: {', '.join(KINDS)}")
    return steps


def step_of(key: str, steps: Mapping[str, Step]) -> Step:
    return next((step for pattern, step in steps.items() if fnmatchcase(key, pattern)), UNKNOWN)


@lru_cache
def read_values(folder: Path = PLAIN) -> dict[str, str]:
    return dict(yaml.load((folder / "values.yml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))


def values_in(language_texts: Mapping[str, str], values: Mapping[str, str]) -> dict[str, str]:
    """The values for one language: `@pattern` becomes the longest of its texts that fit."""

    def longest(found: re.Match[str]) -> str:
        return max((text for key, text in language_texts.items() if fnmatchcase(key, found[1])), key=len, default="")

    return {name: LONGEST.sub(longest, value) for name, value in values.items()}


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text as a resident may get it; a placeholder without a value stays as its name."""
    return PLACEHOLDER.sub(lambda found: values.get(found[1], found[1]), text)
