"""Neighbourhoods that a message names: what it may be called, weighed by what stands around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from bot.nlu.around import Around
from bot.nlu.gazetteer import DISTINCT, SURE, Gazetteer
from bot.nlu.likeness import BETWEEN_PARTS, CUT_OFF, SHORTEST_SOUND, Hit, Likeness
from bot.nlu.place_words import PlaceWords
from bot.nlu.sound import sounds
from bot.nlu.tokens import Tokens

LONG_WORD = 6
"""Letters: a shorter name that is an ordinary word may sound alike, but have no mistake."""


@dataclass(frozen=True)
class Name:
    """A place named in a message, pieces `start` to `end`; `tier` as in Gazetteer."""

    wijken: tuple[str, ...]
    start: int
    end: int
    tier: int
    ending: str = ""


class Neighbourhoods:
    """Finds a municipality's names in messages of five languages."""

    def __init__(self, gazetteer: Gazetteer, words: PlaceWords, town: str | None = None) -> None:
        self._likeness = Likeness(gazetteer, words)
        self._words = words
        self._lists = words.lists
        self._town = town

    def find(self, tokens: Tokens) -> list[Name]:
        """Every name in a message, in order, the longest where several fit."""
        found: list[Name] = []
        heard = sounds(tokens.words)
        place, count = 0, len(tokens)
        while place < count:
            name = None if tokens.numbers[place] else self._name(tokens, heard, place)
            if name:
                found.append(name)
            place = name.end if name else place + 1
        return found

    def _name(self, tokens: Tokens, heard: Sequence[str], place: int) -> Name | None:
        other = None  # asked where something is like a name: few words are
        for hit in self._likeness.hits(tokens, heard, place):
            other = self._other_words(tokens, place) if other is None else other
            size = hit.end - place
            if (size > other or (size == other and hit.written and not hit.ending)) and self._counts(tokens, hit):
                return self._with_directions(tokens, hit)
        return None

    def _other_words(self, tokens: Tokens, place: int) -> int:
        """How many pieces are known to be something else than the name they are like; none with "wijk" beside them."""
        size = self._lists["not_names"].at(tokens.words, place)
        end, kinds = place + size, self._lists["kinds"]
        beside = kinds.before(tokens.words, place) or (end < len(tokens) and kinds.at(tokens.words, end))
        return 0 if beside else size

    def _counts(self, tokens: Tokens, hit: Hit) -> bool:
        """Whether what stands around says enough for a name that is misspelt, or an ordinary word."""
        around = Around.of(tokens, hit.start, hit.end, hit.ending, self._lists, self._town)
        if hit.place.tier != DISTINCT and not self._parted(tokens, hit) and not around.as_name(hit.place):
            return False
        if hit.written:
            return True
        if hit.mistakes == CUT_OFF:
            return around.strength == SURE
        if hit.place.tier == DISTINCT:
            return hit.mistakes <= hit.place.allowed[around.strength]
        far = OSA.distance("".join(tokens.words[hit.start : hit.end]), hit.place.glued)
        long = len(hit.place.glued) >= LONG_WORD
        near = far <= 1 + long if hit.mistakes == 0 else far == 1 and long
        return near and around.strength == SURE and (around.alone or len(hit.place.sound) > SHORTEST_SOUND)

    def _parted(self, tokens: Tokens, hit: Hit) -> bool:
        """Whether a point of the compass follows that belongs to the name: de Laar oost."""
        return hit.end < len(tokens) and hit.place.has_parts and self._way(tokens, hit.end, hit.end) is not None

    def _with_directions(self, tokens: Tokens, hit: Hit) -> Name:
        """Takes in the points of the compass beside a name: Malburgen oost zuid, doğu Presikhaaf."""
        said: set[str] = set()
        start, end = hit.start, hit.end
        while hit.place.has_parts and end < len(tokens) and (way := self._way(tokens, end, end)):
            said.add(way)
            end += 1
        if hit.place.has_parts and not said and start and (way := self._way(tokens, start - 1, start)):
            said.add(way)
            start -= 1
        return Name(hit.place.of(frozenset(said)), start, end, hit.place.tier, hit.ending)

    def _way(self, tokens: Tokens, place: int, gap: int) -> str | None:
        """The point of the compass at a piece, where nothing but a space or hyphen parts it from the name."""
        return None if tokens.gaps[gap].strip(BETWEEN_PARTS) else self._words.direction(tokens.words[place])
