"""What stands around a name in a message, and how much it says that a place is meant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.nlu.clauses import clause
from bot.nlu.gazetteer import EVERYDAY, NOTHING, SOME, SURE, Place
from bot.nlu.phrases import Phrases
from bot.nlu.tokens import Tokens

BRIEF = 5
"""Pieces: a message this short with a preposition is about the place."""
LIGHT = ("light", "articles", "in", "kinds", "home", "correction", "postcode")
"""Words beside which a name is the whole message."""
ANY_ARTICLE = frozenset({"the", "e"})
SHORT_ARTICLE = {"het": "t"}


@dataclass(frozen=True)
class Around:
    """The neighbours of one name: pieces `start` to `end` of a message."""

    article: str
    """Just before the name; empty where there is none."""
    led: bool
    """By a preposition, by "wijk", by "live"; or "village" follows."""
    ended: bool
    """With a case ending of Turkish or Polish."""
    letter: bool
    """With a case ending of one letter, which many words have that are no names."""
    alone: bool
    home: bool
    """This part of the message says "I live"."""
    town: bool
    """The municipality's own name stands beside it."""
    brief: bool
    next_spoils: bool
    """What follows makes an ordinary word of it: centrum voor jeugd."""

    @staticmethod
    def of(tokens: Tokens, start: int, end: int, ending: str, lists: Mapping[str, Phrases], town: str | None) -> Around:
        words = tokens.words
        article = words[start - 1] if start and lists["articles"].at(words, start - 1) else ""
        first = start - bool(article)
        led = any(lists[name].before(words, first) for name in ("in", "kinds", "home"))
        begins, ends = clause(tokens, start, end, lists["clause"])
        follows = words[end : end + 2]
        after = end < len(words) and not tokens.gaps[end].strip(" '’-")
        return Around(
            article=article,
            led=bool(led or (after and lists["kinds"].at(words, end))),
            ended=len(ending) > 1,
            letter=len(ending) == 1,
            alone=_alone(words, start, end, lists, town),
            home=lists["home"].within(words, begins, start) or lists["home"].within(words, end, ends),
            town=town in (*words[max(0, start - 1) : start], *follows),
            brief=len(words) <= BRIEF,
            next_spoils=bool(after and lists["ordinary_next"].at(words, end)) and town not in follows,
        )

    @property
    def strength(self) -> int:
        """How much it speaks for a place."""
        if self.alone or ((self.led or self.ended) and (self.home or self.brief)):
            return SURE
        return SOME if self.led or self.ended or self.home or self.town else NOTHING

    def as_name(self, place: Place) -> bool:
        """Whether a name that is an ordinary word is a name here."""
        if self.next_spoils:
            return False
        fits = self.article in ("", place.article, SHORT_ARTICLE.get(place.article)) or self.article in ANY_ARTICLE
        if self.alone:
            return (fits or self.home) and (self.led or not self.letter)
        if self.town and self.led:
            return True
        if place.tier == EVERYDAY:
            return self.home and (self.led or self.ended)
        return (self.led or self.ended) and (fits or self.home)


def _alone(words: tuple[str, ...], start: int, end: int, lists: Mapping[str, Phrases], town: str | None) -> bool:
    place = 0
    while place < len(words):
        if place == start:
            place = end
            continue
        size = max(lists[name].at(words, place) for name in LIGHT)
        if not size and words[place] != town:
            return False
        place += min(size or 1, start - place) if place < start else size or 1
    return True
