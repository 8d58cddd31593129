"""What a message says beside its need: answers nobody asked for yet, somebody else's age, a wish, a question about help itself.

The phrases are data/hints/<language>.yml. They are matched as whole words, folded as messages are; nothing is learned here, so
that a social worker can read why something was taken as said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from bot.nlu.ages import AgeWords
from bot.nlu.tokens import Tokens, tokens_of
from bot.paths import DATA

FOLDER = DATA / "hints"
STEM = "*"
"""At the end of a phrase: every word that begins so."""

Mark = tuple[str, str]
"""(what kind of thing, its id): ("traits", "halal"), ("answers", "moet_eruit=ja")."""


class Phrase(NamedTuple):
    """Words that say something. `beginning`: the last of them is one."""

    words: tuple[str, ...]
    size: int
    second: str | None
    """What must follow the first word; None where nothing or a beginning does."""
    beginning: bool
    mark: Mark


@dataclass(frozen=True)
class Hints:
    """The phrases of one language, by their first words; `stems`: single beginnings."""

    by_first: Mapping[str, tuple[Phrase, ...]]
    stems: tuple[tuple[str, Mark], ...]
    ages: AgeWords

    def of(self, text: str) -> dict[str, Any]:
        """What is said, by kind, as far as it is there: answers, traits, other, age in years, question and its share."""
        return self.within(tokens_of(text))

    def within(self, tokens: Tokens) -> dict[str, Any]:
        """The same of a message that is cut already."""
        words = tokens.words
        age = self.ages.of(tokens)
        marks = self._marks(words)
        if not marks:
            return {"age": age} if age else {}
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
            "age": age,
            "question": question,
            "share": round(share, 2) if share else None,
        }
        return {kind: value for kind, value in found.items() if value}

    def _marks(self, words: tuple[str, ...]) -> dict[Mark, int]:
        """What is said, in the order of the message, and in how many words."""
        marks: dict[Mark, int] = {}
        for place, word in enumerate(words):
            if word in self.by_first:
                marks.update(self._phrases(words, place))
            if word.startswith(self._beginnings):
                marks.update({mark: 1 for stem, mark in self.stems if word.startswith(stem)})
        return marks

    def _phrases(self, words: tuple[str, ...], place: int) -> dict[Mark, int]:
        """What begins at a place."""
        marks: dict[Mark, int] = {}
        following = words[place + 1] if place + 1 < len(words) else ""
        for phrase, size, second, beginning, mark in self.by_first[words[place]]:
            if second is not None and second != following:
                continue  # so nearly all of the many that begin with "I" are left behind
            said = words[place : place + size]
            if said == phrase or (beginning and said[:-1] == phrase[:-1] and said[-1].startswith(phrase[-1])):
                marks[mark] = size
        return marks

    @cached_property
    def _beginnings(self) -> tuple[str, ...]:
        return tuple(stem for stem, _ in self.stems)


@lru_cache
def hints(language: str, folder: Path = FOLDER) -> Hints:
    """The phrases of a language; none where it has no file."""
    path = folder / f"{language}.yml"
    raw = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader) if path.is_file() else {}
    by_first: dict[str, list[Phrase]] = defaultdict(list)
    stems: list[tuple[str, Mark]] = []
    for mark, written in _marked(raw):
        words, beginning = tokens_of(written).words, written.endswith(STEM)
        if len(words) == 1 and beginning:
            stems.append((words[0], mark))
        elif words:
            second = words[1] if len(words) > 1 + beginning else None
            by_first[words[0]].append(Phrase(words, len(words), second, beginning, mark))
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
