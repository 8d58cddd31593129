"""Words and phrases that a message may hold, folded as messages are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.nlu.tokens import tokens_of

STEM = "*"
"""At the end of a word or phrase in the data: every word that begins so."""
LONGEST = 3
"""Words in a phrase."""


@dataclass(frozen=True)
class Phrases:
    """Words and phrases, folded; `stems` are beginnings of words."""

    single: frozenset[str]
    stems: tuple[str, ...]
    longer: Mapping[str, tuple[tuple[str, ...], ...]]
    """First word -> phrases of several words, the longest first."""

    def at(self, words: tuple[str, ...], place: int) -> int:
        """How many words from `place` on are one of these; 0 where none is."""
        word = words[place]
        for phrase in self.longer.get(word, ()):
            last = place + len(phrase) - 1
            if last < len(words) and words[place:last] == phrase[:-1] and _is(words[last], phrase[-1]):
                return len(phrase)
        return 1 if word in self.single or word.startswith(self.stems) else 0

    def before(self, words: tuple[str, ...], place: int) -> int:
        """How many words that end just before `place` are one of these."""
        for size in range(min(LONGEST, place), 0, -1):
            if self.at(words, place - size) == size:
                return size
        return 0

    def within(self, words: tuple[str, ...], first: int, last: int) -> bool:
        """Whether one of these begins at a place from `first` on and before `last`."""
        for place in range(first, last):  # noqa: SIM110 (a generator costs as much as the question)
            if self.at(words, place):
                return True
        return False


def phrases(written: Iterable[str]) -> Phrases:
    """From the data as people wrote it, with accents and stars."""
    stems: set[str] = set()
    single: set[str] = set()
    longer: dict[str, set[tuple[str, ...]]] = {}
    for phrase in written:
        words = tokens_of(phrase).words
        if len(words) == 1:
            (stems if phrase.endswith(STEM) else single).add(words[0])
        elif words:
            star = STEM if phrase.endswith(STEM) else ""
            longer.setdefault(words[0], set()).add((*words[:-1], words[-1] + star))
    return Phrases(
        frozenset(single),
        tuple(sorted(stems)),
        {first: tuple(sorted(found, key=lambda phrase: (-len(phrase), phrase))) for first, found in longer.items()},
    )


def plain(phrase: str) -> str:
    """Folded, with single spaces."""
    return " ".join(tokens_of(phrase).words)


def _is(word: str, known: str) -> bool:
    return word.startswith(known[:-1]) if known.endswith(STEM) else word == known
