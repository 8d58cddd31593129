"""Numbers as people say them: "achtenzestig", "altmış sekiz", "six double two", also thousands, as digits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.nlu.number_values import JOIN, may_grow, whole
from bot.nlu.place_words import NumberWords
from bot.nlu.tokens import Tokens

SHORTEST_STEM = 3
LONGEST_ENDING = 6
MOST_PARTS = 12
"""Number words in one number."""


@dataclass(frozen=True)
class Said:
    """Digits that somebody said or typed in one go: pieces `start` to `end` (not included) of the message."""

    digits: str
    start: int
    end: int


class NumberReader:
    """Reads the numbers of one language."""

    def __init__(self, words: NumberWords) -> None:
        self._words = words
        self._parts = {**words.values, **dict.fromkeys(words.joins, JOIN)}
        self._begins = self._beginnings()

    def hints(self) -> frozenset[str]:
        """Words that are a number, or two of them joined: without one of them there is nothing to read."""
        values = self._words.values
        joins = ("", *self._words.joins)
        return frozenset(values) | {f"{one}{join}{two}" for one in values for join in joins for two in values}

    def _beginnings(self) -> frozenset[str]:
        """What the first two letters of a word must be for a number, or "double", to begin with it: few words pass."""
        short = [part for part in self._parts if len(part) == 1]
        doubles = {phrase[0] for phrase in self._words.repeats if phrase}
        both = {one + other[0] for one in short for other in self._parts if other}
        return frozenset(both | {word[:2] for word in (*self._parts, *doubles)})

    def runs(self, tokens: Tokens) -> Iterator[list[Said]]:
        """Numbers that stand together, with nothing else between them."""
        place = 0
        run: list[Said] = []
        words = tokens.words
        while place < len(words):
            may_be = tokens.numbers[place] or words[place][:2] in self._begins
            said = self._one(tokens, place) if may_be else None
            if said:
                run.append(said)
            elif run:
                yield run
                run = []
            place = said.end if said else place + 1
        if run:
            yield run

    def _one(self, tokens: Tokens, place: int) -> Said | None:
        """The longest number that begins at a piece."""
        if tokens.numbers[place]:
            return Said(tokens.words[place], place, place + 1)
        if repeated := self._repeated(tokens, place):
            return repeated
        values: list[int] = []
        best, end = None, place
        while end < len(tokens.words) and len(values) < MOST_PARTS and (more := self._values(tokens.words[end])):
            values += more
            end += 1
            number = whole(values)
            if number is not None:
                best = Said(str(number), place, end)
            elif not may_grow(values):
                break
        return best

    def _repeated(self, tokens: Tokens, place: int) -> Said | None:
        """Double two."""
        for phrase, times in self._words.repeats.items():
            end = place + len(phrase)
            if end < len(tokens.words) and tokens.words[place:end] == phrase:
                value = self._words.values.get(tokens.words[end], JOIN)
                return Said(str(value) * times, place, end + 1) if 0 <= value < 10 else None
        return None

    def _values(self, word: str) -> list[int] | None:
        """The values in one written word, also with a case ending: achtenzestig is 8, and, 60."""
        if word in self._parts:
            return [self._parts[word]]
        found = self._split(word)
        for size in range(1, min(LONGEST_ENDING, len(word) - SHORTEST_STEM) + 1):
            if found is None and word[-size:] in self._words.endings:
                found = self._split(word[:-size])
        return found

    def _split(self, word: str) -> list[int] | None:
        if not word:
            return []
        for size in range(len(word), 0, -1):
            value = self._parts.get(word[:size])
            if value is not None and (rest := self._split(word[size:])) is not None:
                return [value, *rest]
        return None
