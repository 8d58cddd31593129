"""Postcodes in every writing, typed or said, and what only looks like one: years, amounts, telephone numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.nlu.numbers import NumberReader, Said
from bot.nlu.place_words import PlaceWords
from bot.nlu.postcode_shapes import DIGITS, HOUSE_NUMBER, letters_after, part_of_more, place_in, runs
from bot.nlu.tokens import Tokens

MONEY_BEFORE = re.compile(r"[€$£+#]\s*$")
MONEY_AFTER = re.compile(r"^\s*[€$£%°²]|^[.,]-")
YEARS = range(1900, 2051)
ONE_LONG_WORD, TWO_WORDS = 17, 2
"""Letters of, and words in, the shortest way to say four digits."""
NEAR = 5
"""Pieces between "postcode" and the number."""


@dataclass(frozen=True)
class Code:
    """A postcode in a message: its value (`6822AB`, `6822`), and the pieces in which it stands."""

    value: str
    start: int
    end: int


class Postcodes:
    """The postcodes of one municipality, and how they are written and said."""

    def __init__(self, known: Iterable[str], words: PlaceWords) -> None:
        self._known = frozenset(code[:DIGITS] for code in known)
        self._readers = [NumberReader(numbers) for numbers in words.numbers]
        self._hints = frozenset(word for reader in self._readers for word in reader.hints())
        self._lists = words.lists

    def find(self, tokens: Tokens) -> list[Code]:
        """Every postcode of a message, in order."""
        found = [code for run in runs(tokens) if (code := self._typed(tokens, run))]
        return found or (self._spoken(tokens) if self._may_say(tokens) else [])

    def _may_say(self, tokens: Tokens) -> bool:
        """Whether there are words enough for a spoken postcode. Most messages end here."""
        if max(map(len, tokens.words), default=0) > ONE_LONG_WORD:
            return True
        said = [
            word for word, digits in zip(tokens.words, tokens.numbers, strict=True) if digits or word in self._hints
        ]
        return len(said) >= TWO_WORDS

    def _typed(self, tokens: Tokens, run: Sequence[int]) -> Code | None:
        """The postcode in one run of digits."""
        groups = [tokens.words[place] for place in run]
        if groups[0][0] == "0" or part_of_more(tokens, run[0], run[-1] + 1, self._lists):
            return None
        first, end = place_in(groups, self._known)
        return self._code(tokens, "".join(groups[first:end]), run[first], run[end - 1] + 1) if end else None

    def _spoken(self, tokens: Tokens) -> list[Code]:
        """By the first language that makes a postcode of it."""
        for reader in self._readers:
            if found := [code for run in reader.runs(tokens) if (code := self._said(tokens, run))]:
                return found
        return []

    def _said(self, tokens: Tokens, run: Sequence[Said]) -> Code | None:
        """The postcode in numbers that were said one after the other; a house number may stand beside it."""
        total = sum(len(said.digits) for said in run)
        if not DIGITS <= total <= DIGITS + HOUSE_NUMBER or run[0].digits[0] == "0":
            return None
        if all(tokens.numbers[said.start] for said in run):
            return None
        for first in range(len(run)):
            for end in range(first + 1, len(run) + 1):
                digits = "".join(said.digits for said in run[first:end])
                if len(digits) == DIGITS and (total == DIGITS or digits in self._known):
                    return self._code(tokens, digits, run[first].start, run[end - 1].end)
        return None

    def _code(self, tokens: Tokens, digits: str, start: int, end: int) -> Code | None:
        """With its letters, if it has them; None where it is more likely something else.

        Digits of this municipality count anywhere, others (and what may be a year) only in one piece with letters, as
        the whole message, or near the word postcode.
        """
        named = self._named(tokens, start, end)
        if digits[0] == "0" or self._is_amount(tokens, start, end, named):
            return None
        known, apart = digits in self._known, start + 1 < end
        letters, after = letters_after(tokens, end, known or named, self._lists)
        alone = start == 0 and after == len(tokens)
        if (not known or (not apart and int(digits) in YEARS)) and not named and (apart or not (letters or alone)):
            return None
        return Code((digits + letters).upper(), start, after)

    def _is_amount(self, tokens: Tokens, start: int, end: int, named: bool) -> bool:
        """Money, a year, a number of something: by the sign or word beside it."""
        if MONEY_BEFORE.search(tokens.gaps[start]) or MONEY_AFTER.search(tokens.gaps[end]):
            return True
        if end < len(tokens) and self._lists["amount"].at(tokens.words, end) and not tokens.typed[end].isupper():
            return True
        before = self._lists["amount_before"]
        return not named and any(before.before(tokens.words, place) for place in (start, start - 1) if place > 0)

    def _named(self, tokens: Tokens, start: int, end: int) -> bool:
        """Whether "postcode" stands near."""
        word = self._lists["postcode"]
        near = word.within(tokens.words, max(0, start - NEAR), start)
        return near or word.within(tokens.words, end, min(len(tokens), end + NEAR))
