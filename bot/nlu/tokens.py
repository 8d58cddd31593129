"""A message cut into words and numbers for finding places, each with its exact stretch of the text as it was typed."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from bot.folding import SPECIAL, unaccented
from bot.nlu.text import MOST_LETTERS

PIECE = re.compile(r"([^\W\d_](?:[^\W\d_]|[\u0300-\u036f])*|\d+)")
"""Letters (with accents that were typed as signs of their own), or digits: `6822AB` is two pieces."""
APOSTROPHES = frozenset("'’‘`´ʼ")


@dataclass(frozen=True)
class Tokens:
    """The pieces of a message: `words` are folded, `typed` as they were typed; `numbers` tells which of them are digits."""

    text: str
    words: tuple[str, ...]
    typed: tuple[str, ...]
    gaps: tuple[str, ...]
    """What stands before each piece, as typed; the last one: what ends the message."""
    numbers: tuple[bool, ...]

    def __len__(self) -> int:
        return len(self.words)

    def stretch(self, first: int, end: int) -> tuple[int, int]:
        """Where the pieces from `first` on and before `end` stand in the text."""
        begins = sum(map(len, self.gaps[: first + 1])) + sum(map(len, self.typed[:first]))
        within = sum(map(len, self.gaps[first + 1 : end])) + sum(map(len, self.typed[first:end]))
        return begins, begins + within


def tokens_of(text: str) -> Tokens:
    """The pieces of a text, as far as understanding reads it."""
    text = text[:MOST_LETTERS]
    cut = PIECE.split(text)  # gap, piece, gap, piece … gap
    typed = tuple(cut[1::2])
    words = tuple(map(str.lower if text.isascii() else fold_word, typed))
    return Tokens(text, words, typed, tuple(cut[::2]), tuple(map(str.isdecimal, words)))


def fold_word(word: str) -> str:
    """Lower case without accents; digits of every script as 0 to 9. May be longer than the word (`ﬁ`), never empty."""
    if word.isascii():
        return word.lower()
    if word[0].isdecimal():
        return "".join(str(unicodedata.digit(sign)) for sign in word)
    return unaccented(word.replace("İ", "i").lower().translate(SPECIAL)) or word
