"""Of several places in a message, the one where somebody lives: not where they work, lived before, or do not live."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.nlu.clauses import clause, stopped
from bot.nlu.phrases import Phrases
from bot.nlu.tokens import Tokens

GONE, OTHER, PLAIN, HOME = 0, 1, 2, 3
"""How a place stands in a message; the highest that occurs wins. GONE never counts."""
BETWEEN = ("in", "articles", "kinds", "home", "light")
"""Words that may stand between "not" and the name that is denied."""


@dataclass(frozen=True)
class Mention:
    """A place in a message, whatever its kind."""

    start: int
    end: int
    wijken: tuple[str, ...]
    ask: bool = False
    code: bool = False
    """A postcode, not a name."""
    elsewhere: bool = False
    ordinary: bool = False
    ending: str = ""


class Living:
    """Weighs the mentions of one message."""

    def __init__(self, lists: Mapping[str, Phrases]) -> None:
        self._lists = lists

    def chosen(self, tokens: Tokens, mentions: Sequence[Mention]) -> list[int]:
        """Which of the mentions (by number) say where somebody lives; several where the message leaves it open."""
        ranks = [self._rank(tokens, mention, mentions[number + 1 :]) for number, mention in enumerate(mentions)]
        best = max(ranks, default=GONE)
        if best == GONE:
            return []
        left = [number for number, rank in enumerate(ranks) if rank == best]
        for place in range(len(left) - 1, 0, -1):
            before, after = mentions[left[place - 1]], mentions[left[place]]
            if self._any(tokens, "correction", before.end, after.start):
                return left[place:]
        return left

    def _rank(self, tokens: Tokens, mention: Mention, later: Sequence[Mention]) -> int:
        if self._denied(tokens, mention, bool(later)):
            return GONE
        first, last = clause(tokens, mention.start, mention.end, self._lists["clause"])
        if self._any(tokens, "moved", 0, len(tokens)):
            return GONE if self._from(tokens, mention) else HOME
        if self._any(tokens, "absent", first, last) and self._nearest(tokens, mention, first, last) != "home":
            return GONE
        if self._any(tokens, "former", first, last):
            return GONE
        cue = self._nearest(tokens, mention, first, last)
        if cue == "busy" or (self._any(tokens, "others", first, last) and not self._any(tokens, "with", first, last)):
            return OTHER
        return HOME if cue == "home" else PLAIN

    def _nearest(self, tokens: Tokens, mention: Mention, first: int, last: int) -> str:
        """The nearest word about living or being busy: first those before the place, then those behind it."""
        for places in (range(mention.start - 1, first - 1, -1), range(mention.end, last)):
            for place in places:
                for name in ("home", "busy", "absent"):
                    if self._lists[name].at(tokens.words, place):
                        return name
        return ""

    def _denied(self, tokens: Tokens, mention: Mention, more: bool) -> bool:
        """Whether "not" stands before the name, or behind it in Turkish."""
        if mention.end < len(tokens) and self._lists["not_after"].at(tokens.words, mention.end):
            return True
        place, lives = mention.start, False
        while place and not stopped(tokens, place):
            if self._lists["not"].at(tokens.words, place - 1):
                also_no = bool(self._lists["correction"].at(tokens.words, place - 1))
                return lives or more or not also_no
            lives = lives or bool(self._lists["home"].at(tokens.words, place - 1))
            if not any(self._lists[name].at(tokens.words, place - 1) for name in BETWEEN):
                return False
            place -= 1
        return False

    def _from(self, tokens: Tokens, mention: Mention) -> bool:
        ending = mention.ending in self._lists["from_endings"].single
        return ending or bool(self._lists["from"].before(tokens.words, mention.start))

    def _any(self, tokens: Tokens, name: str, first: int, last: int) -> bool:
        return self._lists[name].within(tokens.words, first, last)
