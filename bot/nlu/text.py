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


def said_in(text: str) -> list[str]:
    """A message's words as the n-grams are cut from them: folded, and every digit one."""
    return words(DIGITS.sub("0", fold(text)))


def grams(text: str) -> list[str]:
    """Every feature of one message, in order, with repeats: words, pairs of words, pieces of words, telling letters."""
    said = said_in(text)
    found = [*wholes(said), *pairs(said)]
    for word in said:
        found += pieces(word)
    return found if text.isascii() else found + telling_letters(text)


def pairs(said: list[str]) -> list[str]:
    """Each word with the one behind it."""
    return [f"p:{one} {two}" for one, two in zip(said, said[1:], strict=False)]


def wholes(said: list[str]) -> list[str]:
    return [f"w:{word}" for word in said]


def whole(word: str) -> str:
    return f"w:{word}"


def pieces(word: str) -> list[str]:
    """A word's pieces, with its edges."""
    edged = f" {word} "
    size = len(edged) + 1
    return [edged[start : start + length] for length in LENGTHS for start in range(size - length)]


def telling_letters(text: str) -> list[str]:
    """Letters that folding loses and that tell a language: ş, ł, ñ … once each, and other scripts as one mark."""
    marks = {c for c in text[:MOST_LETTERS].lower() if c > "\x7f" and c.isalpha()}
    return sorted({f"l:{c}" if c < "\u0250" else "l:script" for c in marks})
