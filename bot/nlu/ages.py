"""How old somebody is, where a message says it: "15 jaar", "zoontje van 6", "hes 15"; never "ik woon hier 5 jaar"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from bot.nlu.numbers import NumberReader, Said
from bot.nlu.place_words import place_words
from bot.nlu.tokens import Tokens, tokens_of

MOST_YEARS = 110
REACH = 4
"""Words before a number in which something may say that it is no age: "ik woon hier al 5 jaar"."""


@dataclass(frozen=True)
class AgeWords:
    """What tells an age in one language (data/hints/<language>.yml)."""

    years: frozenset[str]
    """Stand behind an age: jaar."""
    before: frozenset[tuple[str, ...]]
    """Stand before an age: "zoontje van"."""
    no_age_before: frozenset[str]
    """A few words before a number of years, they say that it is no age: woon, al."""
    no_age_behind: frozenset[str]
    """Behind a number, or behind its years, likewise: geleden, minuten."""

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> AgeWords:
        lists = {key: [tokens_of(str(text)).words for text in raw.get(key) or ()] for key in KEYS}
        flat = {key: frozenset(word for words in rows for word in words) for key, rows in lists.items()}
        return cls(flat["years"], frozenset(lists["before_age"]), flat["no_age_before"], flat["no_age_behind"])

    @cached_property
    def _sizes(self) -> frozenset[int]:
        """Of the phrases that stand before an age, in words."""
        return frozenset(map(len, self.before))

    def of(self, tokens: Tokens) -> int | None:
        """The first age in years; None where none is said."""
        if True not in tokens.numbers and self.years.isdisjoint(tokens.words):
            return None
        found = (int(said.digits) for said in self._numbers(tokens) if self._is_age(tokens.words, said))
        return next((age for age in found if age <= MOST_YEARS), None)

    def _numbers(self, tokens: Tokens) -> Iterator[Said]:
        """Digits, and numbers in words where years are named: reading those for every message would cost too much."""
        for place, is_number in enumerate(tokens.numbers):
            if is_number and tokens.words[place].isascii():
                yield Said(tokens.words[place], place, place + 1)
        if not self.years.isdisjoint(tokens.words):
            for reader in _readers():
                for run in reader.runs(tokens):
                    yield from (said for said in run if not tokens.numbers[said.start])

    def _is_age(self, words: tuple[str, ...], said: Said) -> bool:
        after = words[said.end : said.end + 2]
        in_years = bool(after) and after[0] in self.years
        behind = after[1:] if in_years else after[:1]
        if self.no_age_behind & set(behind):
            return False
        if any(words[max(0, said.start - size) : said.start] in self.before for size in self._sizes):
            return True
        return in_years and not self.no_age_before & set(words[max(0, said.start - REACH) : said.start])


KEYS = ("years", "before_age", "no_age_before", "no_age_behind")


@lru_cache(maxsize=1)
def _readers() -> tuple[NumberReader, ...]:
    return tuple(NumberReader(numbers) for numbers in place_words().numbers)
