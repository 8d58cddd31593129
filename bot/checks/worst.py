"""Which texts are nearest to a limit, or over it: where a writer looks first. And the words that few people know."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.checks.book import Book
from bot.checks.frequency import Frequency, rare_words
from bot.checks.limits import Limits
from bot.checks.plain import sentences
from bot.checks.reading import Text
from bot.checks.steps import BUTTON, PAGE, PART, SAID, filled
from bot.i18n.speech import spoken

READ = (SAID, PAGE, PART, BUTTON)
"""Texts whose words are a writer's choice."""


@dataclass(frozen=True)
class Measure:
    """One text held to one limit. `share`: 1 is exactly the limit."""

    share: float
    what: str
    """ "12 of 12 words"."""
    text: Text


@dataclass(frozen=True)
class Rare:
    """A word that few people know, with the first text in which it stands."""

    frequency: float
    word: str
    text: Text


def worst(book: Book, language: str, many: int) -> list[Measure]:
    """The texts nearest to their limits, the worst first; each text once."""
    limits = book.limits[language]
    values = book.values(language)
    rows = [max(_measures(text, book.kind(key), limits, filled(text.text, values)), key=lambda row: row.share)
            for key, text in book.texts[language].items() if book.kind(key) in READ]  # fmt: skip
    return sorted(rows, key=lambda row: (-row.share, row.text.key))[:many]


def _measures(text: Text, kind: str, limits: Limits, whole: str) -> Iterator[Measure]:
    def measure(count: int, most: int, unit: str) -> Measure:
        return Measure(count / most, f"{count} of {most} {unit}", text)

    if kind == BUTTON:
        yield measure(len(whole), limits.title, "letters on a button")
        return
    yield measure(max((len(sentence.split()) for sentence in sentences(text.text)), default=0), limits.words, "words")
    yield measure(len(whole), limits.letters, "letters")
    if kind == SAID:
        yield measure(len(spoken(whole)), limits.spoken, "letters aloud")


def rare(book: Book, language: str, frequency: Frequency) -> list[Rare]:
    """The rare words of a language, the rarest first, each once."""
    found: dict[str, Rare] = {}
    for key, text in book.texts[language].items():
        if book.kind(key) in READ:
            for word, often in rare_words(text.text, book.limits[language], frequency):
                found.setdefault(word, Rare(often, word, text))
    return sorted(found.values(), key=lambda row: (row.frequency, row.word))
