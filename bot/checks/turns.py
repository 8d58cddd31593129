"""The limits of a turn, held to texts that are said in one breath: data/plain/turns.yml."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fnmatch import filter as fitting
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from bot.checks.limits import PLAIN, Limits
from bot.checks.plain import questions, too_long, too_long_aloud

AND = " + "
OWN_LIMITS = ("before_question", "questions", "letters", "spoken")


@dataclass(frozen=True)
class Turn:
    """Texts behind each other: one alternative of each part. Some turns have a limit of their own, with the reason."""

    name: str
    parts: tuple[tuple[str, ...], ...]
    own: Mapping[str, int]
    why: str | None = None

    def limits(self, limits: Limits) -> Limits:
        own: dict[str, Any] = {**self.own}
        return replace(limits, **own)


@lru_cache
def read_turns(folder: Path = PLAIN) -> tuple[Turn, ...]:
    raw = yaml.load((folder / "turns.yml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return tuple(
        Turn(
            name,
            tuple(tuple(part) for part in row["parts"]),
            {limit: row[limit] for limit in OWN_LIMITS if limit in row},
            row.get("why"),
        )
        for name, row in raw.items()
    )


def turn_mistakes(turn: Turn, texts: Mapping[str, str], limits: Limits) -> Iterator[tuple[str, str]]:
    """What is wrong with the worst of all combinations: the key of its last text, and what. `texts` are filled in."""
    own = turn.limits(limits)
    for check in (questions, too_long, too_long_aloud):
        wrong = [(said, keys, what) for keys, said in combinations(turn, texts) for what in check(said, own)]
        if wrong:
            said, keys, what = max(wrong, key=lambda row: len(row[0]))
            more = f" ({len(wrong)} combinations; this is the longest)" if len(wrong) > 1 else ""
            yield keys[-1], f"in one turn with {', '.join(keys[:-1])}: {what}{more}: {said!r}"


def combinations(turn: Turn, texts: Mapping[str, str]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every way in which the turn can be said: its keys, and its text."""
    for chosen in itertools.product(*(_alternatives(part, texts) for part in turn.parts)):
        keys = tuple(key for alternative in chosen for key in alternative)
        yield keys, " ".join(texts[key] for key in keys)


def _alternatives(part: tuple[str, ...], texts: Mapping[str, str]) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    for pattern in part:
        together = pattern.split(AND)
        found += itertools.product(*(fitting(texts, one) for one in together))
    return found


def unknown_patterns(turn: Turn, keys: Mapping[str, str]) -> Iterator[str]:
    """A pattern that fits no text: a text was renamed, and the turn is no longer checked."""
    for part in turn.parts:
        for pattern in (one for together in part for one in together.split(AND)):
            if not fitting(keys, pattern):
                yield f"data/plain/turns.yml: {turn.name}: no text fits {pattern!r}; write the key that it has now"
