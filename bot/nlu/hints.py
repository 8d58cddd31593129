"""What a message says beside its need: answers nobody asked for yet, somebody else's age, a wish, a question about help itself.

The phrases are data/hints/<language>.yml. They are matched as whole words, folded as messages are; nothing is learned here, so
that a social worker can read why something was taken as said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from bot.nlu.ages import AgeWords
from bot.nlu.tokens import tokens_of
from bot.paths import DATA

FOLDER = DATA / "hints"
STEM = "*"
"""At the end of a phrase: every word that begins so."""

Mark = tuple[str, str]
"""(what kind of thing, its id): ("traits", "halal"), ("answers", "moet_eruit=ja")."""


@dataclass(frozen=True)
class Hints:
    """The phrases of one language. `by_first`: first word -> (words, is the last one a beginning, mark)."""

    by_first: Mapping[str, tuple[tuple[tuple[str, ...], bool, Mark], ...]]
    stems: tuple[tuple[str, Mark], ...]
    ages: AgeWords

    def of(self, text: str) -> dict[str, Any]:
        """What is said, by kind, as far as it is there: answers, traits, other, age in years, question and its share."""
        tokens = tokens_of(text)
        words = tokens.words
        marks = dict(found for place in range(len(words)) for found in self._at(words, place))
        said = [name.split("=") for kind, name in marks if kind == "answers"]
        questions = [question for question, _ in said]
        answers = {question: code for question, code in said if questions.count(question) == 1}
        traits = [name for kind, name in marks if kind == "traits"]
        question = next((name for kind, name in marks if kind == "questions"), None)
        share = marks[("questions", question)] / len(words) if question else None
        found = {
            "answers": answers,
            "traits": traits,
            "other": ("other", "") in marks,
            "age": self.ages.of(tokens),
            "question": question,
            "share": round(share, 2) if share else None,
        }
        return {kind: value for kind, value in found.items() if value}

    def _at(self, words: tuple[str, ...], place: int) -> Iterator[tuple[Mark, int]]:
        """What begins at a place, and how many words it has."""
        word = words[place]
        for phrase, beginning, mark in self.by_first.get(word, ()):
            said = words[place : place + len(phrase)]
            same = said == phrase
            if same or (beginning and said[:-1] == phrase[:-1] and said and said[-1].startswith(phrase[-1])):
                yield mark, len(phrase)
        yield from ((mark, 1) for stem, mark in self.stems if word.startswith(stem))


@lru_cache
def hints(language: str, folder: Path = FOLDER) -> Hints:
    """The phrases of a language; none where it has no file."""
    path = folder / f"{language}.yml"
    raw = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader) if path.is_file() else {}
    by_first: dict[str, list[tuple[tuple[str, ...], bool, Mark]]] = defaultdict(list)
    stems: list[tuple[str, Mark]] = []
    for mark, written in _marked(raw):
        words, beginning = tokens_of(written).words, written.endswith(STEM)
        if len(words) == 1 and beginning:
            stems.append((words[0], mark))
        elif words:
            by_first[words[0]].append((words, beginning, mark))
    return Hints({first: tuple(rows) for first, rows in by_first.items()}, tuple(stems), AgeWords.read(raw))


def _marked(raw: Mapping[str, Any]) -> Iterator[tuple[Mark, str]]:
    """Each phrase of a file with what it means."""
    for question, answers in (raw.get("answers") or {}).items():
        for code, written in answers.items():
            yield from _each(("answers", f"{question}={code}"), written)
    for kind in ("traits", "questions"):
        for name, written in (raw.get(kind) or {}).items():
            yield from _each((kind, name), written)
    yield from _each(("other", ""), raw.get("other") or ())


def _each(mark: Mark, written: Iterable[str]) -> Iterator[tuple[Mark, str]]:
    return ((mark, str(phrase)) for phrase in written)
