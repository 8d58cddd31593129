"""Finds things by words: without accents, in the middle of a word too, and with a slip of the finger."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from rapidfuzz import fuzz, process

from bot.folding import fold

WORD = re.compile(r"[a-z0-9]+")
EXACT, BEGINS, INSIDE = 100.0, 90.0, 75.0
LEAST_INSIDE = 3
"""Letters of a word that may stand inside another: `inloopspreekuur` is found by `spreek`."""
LEAST_TYPO = 4
ALIKE = 74.0
"""How alike two words must be, of a hundred: one wrong letter in four, two in eight."""
MOST_WORDS = 12
"""Words of one question that are looked at."""


class Index:
    """What was said of each thing, by word."""

    def __init__(self, said: Mapping[str, Iterable[tuple[int, str]]]) -> None:
        self._weights: dict[str, dict[str, int]] = {}
        for id_, texts in said.items():
            for weight, text in texts:
                for found in words_of(text):
                    things = self._weights.setdefault(found, {})
                    things[id_] = max(weight, things.get(id_, 0))

    def search(self, question: str) -> list[str]:
        """Ids of the things that have every word of the question, the best first; level ones in the order given."""
        scores: dict[str, float] | None = None
        for asked in words_of(question)[:MOST_WORDS]:
            here = self._one(asked)
            scores = here if scores is None else {id_: scores[id_] + here[id_] for id_ in scores if id_ in here}
        return sorted(scores or {}, key=lambda id_: -(scores or {})[id_])

    def _one(self, asked: str) -> dict[str, float]:
        """The things that have a word, or, where nothing has it, one like it."""
        direct = {known: score for known in self._weights if (score := likeness(asked, known))}
        found: dict[str, float] = {}
        for known, score in (direct or self._typos(asked)).items():
            for id_, weight in self._weights[known].items():
                found[id_] = max(found.get(id_, 0.0), score * weight)
        return found

    def _typos(self, asked: str) -> dict[str, float]:
        if len(asked) < LEAST_TYPO:
            return {}
        alike = process.extract(asked, list(self._weights), scorer=fuzz.ratio, score_cutoff=ALIKE, limit=None)
        return {known: score / 2 for known, score, _ in alike}


def words_of(text: str) -> list[str]:
    return WORD.findall(fold(text))


def likeness(asked: str, known: str) -> float:
    """How well a word answers a question without any slip in it; 0 where it does not."""
    if asked == known:
        return EXACT
    if known.startswith(asked):
        return BEGINS
    return INSIDE if len(asked) >= LEAST_INSIDE and asked in known else 0.0
