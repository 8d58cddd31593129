"""A message as the models see it: folded letters, words, and the n-grams that all heads share."""

from __future__ import annotations

import re

from bot.folding import fold as fold_all

MOST_LETTERS = 1000
"""Beyond it a message is cut for understanding: what matters is said before, and time stays bounded."""
WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
DIGITS = re.compile(r"\d")
LENGTHS = (2, 3, 4, 5)
"""Of the character n-grams, inside a word with its edges."""


def fold(text: str) -> str:
    """The folded beginning of a message. One sign may fold into eighteen letters, so it is cut twice."""
    return fold_all(text[:MOST_LETTERS])[:MOST_LETTERS]


def words(text: str) -> list[str]:
    """The words of a folded text; an apostrophe inside a word stays (`Klarendal'da`)."""
    return WORD.findall(text)


def grams(text: str) -> list[str]:
    """Every feature of one message, in order, with repeats: words, pairs of words, pieces of words, telling letters."""
    folded = DIGITS.sub("0", fold(text))
    said = words(folded)
    found = [whole(word) for word in said]
    found += [pair(one, two) for one, two in zip(said, said[1:], strict=False)]
    for word in said:
        found += pieces(word)
    found += telling_letters(text)
    return found


def pair(one: str, two: str) -> str:
    return f"p:{one} {two}"


def whole(word: str) -> str:
    return f"w:{word}"


def pieces(word: str) -> list[str]:
    """A word's pieces, with its edges."""
    edged = f" {word} "
    size = len(edged)
    found: list[str] = []
    for length in LENGTHS:
        found += [edged[start : start + length] for start in range(size - length + 1)]
    return found


def telling_letters(text: str) -> list[str]:
    """Letters that folding loses and that tell a language: ş, ł, ñ … once each, and other scripts as one mark."""
    marks = {c for c in text[:MOST_LETTERS].lower() if ord(c) > 127 and c.isalpha()}
    return sorted({f"l:{c}" if ord(c) < 0x250 else "l:script" for c in marks})
