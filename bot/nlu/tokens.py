"""A message cut into words and numbers for finding places, each with its exact stretch of the text as it was typed."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from bot.folding import SPECIAL
from bot.nlu.text import MOST_LETTERS

PIECE = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f])*|\d+")
"""Letters (with accents that were typed as signs of their own), or digits: `6822AB` is two pieces."""
APOSTROPHES = frozenset("'’‘`´ʼ")
SPACE = re.compile(r"\s*")


@dataclass(frozen=True)
class Tokens:
    """The pieces of a message. `words[i]` is folded; it stands at `text[starts[i]:ends[i]]`."""

    text: str
    words: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.words)

    def gap(self, place: int) -> str:
        """What stands before piece `place`, as typed; before the piece after the last one: what ends the message."""
        start = self.ends[place - 1] if place else 0
        return self.text[start : self.starts[place]] if place < len(self.words) else self.text[start:]

    def typed(self, place: int) -> str:
        return self.text[self.starts[place] : self.ends[place]]

    def is_number(self, place: int) -> bool:
        return self.words[place].isdecimal()


def tokens_of(text: str) -> Tokens:
    """The pieces of a text, as far as understanding reads it."""
    text = text[:MOST_LETTERS]
    pieces = [(match.group(), match.start(), match.end()) for match in PIECE.finditer(text)]
    return Tokens(
        text,
        tuple(fold_word(piece) for piece, _, _ in pieces),
        tuple(start for _, start, _ in pieces),
        tuple(end for _, _, end in pieces),
    )


def fold_word(word: str) -> str:
    """Lower case without accents; digits of every script as 0 to 9. May be longer than the word (`ﬁ`), never empty."""
    if word.isascii():
        return word.lower()
    if word[0].isdecimal():
        return "".join(str(unicodedata.digit(sign)) for sign in word)
    plain = word.replace("İ", "i").lower().translate(SPECIAL)
    return "".join(sign for sign in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(sign)) or word
