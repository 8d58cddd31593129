"""Names of neighbourhoods in a message: as they are written, misspelt, with a case ending, short, or in parts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from rapidfuzz.distance import OSA

from bot.nlu.around import SURE, Around
from bot.nlu.gazetteer import DISTINCT, Gazetteer, Place

from bot.nlu.place_words import PlaceWords
from bot.nlu.sound import sound
from bot.nlu.tokens import APOSTROPHES, Tokens

WIDEST = 3
"""Pieces into which people break a name: "schaars bergen", "van verschuer wijk"."""
SHORTEST_SOUND = 4
SHORTEST_STEM = 4
SHORTEST_BEGINNING = 5
"""Letters of a name cut off: "presik"."""
LONGEST_ENDING = 7
BETWEEN_PARTS = " -–()/"
CUT_OFF = 99
"""Stands for the mistakes of a name that was cut off."""
MISTAKES = (
    ((5, -1), (7, 0), (10, 1), (99, 2)),
    ((5, 0), (8, 1), (11, 2), (99, 3)),
    ((4, 0), (6, 1), (9, 2), (99, 3)),
)
"""By how much the words around speak for a place (not, some, much): (up to so many letters of the name's sound, mistakes)."""


@dataclass(frozen=True)
class Name:
    """A place named in a message, pieces `start` to `end`; `tier` as in Gazetteer."""

    wijken: tuple[str, ...]
    start: int
    end: int
    tier: int
    ending: str = ""


@dataclass(frozen=True)
class Hit:
    """A possible name before what stands around it is weighed; `start` is where the name itself begins."""

    place: Place
    start: int
    end: int
    ending: str = ""
    mistakes: int = 0


class Neighbourhoods:
    """Finds a municipality's names in messages of five languages."""

    def __init__(self, gazetteer: Gazetteer, words: PlaceWords, town: str | None = None) -> None:
        self._gazetteer = gazetteer
        self._words = words
        self._lists = words.lists
        self._town = town

    def find(self, tokens: Tokens) -> list[Name]:
        """Every name in a message, in order, the longest where several fit."""
        found: list[Name] = []
        sounds = [sound(word) for word in tokens.words]
        place = 0
        while place < len(tokens):
            name = self._name(tokens, sounds, place)
            if name:
                found.append(name)
            place = name.end if name else place + 1
        return found

    def _name(self, tokens: Tokens, sounds: list[str], place: int) -> Name | None:
        if tokens.is_number(place):
            return None
        for hit in self._hits(tokens, sounds, place):
            if self._counts(tokens, hit):
                return self._with_directions(tokens, hit)
        return None

    def _hits(self, tokens: Tokens, sounds: list[str], place: int) -> Iterator[Hit]:
        yield from self._exact(tokens, place)
        if len(tokens.words[place]) > SHORTEST_STEM:
            for stem, ending in self._stems(tokens.words[place]):
                if known := self._gazetteer.glued.get(stem):
                    yield Hit(known, place, place + 1, ending)
        yield from sorted(self._misspelt(tokens, sounds, place), key=lambda hit: (hit.mistakes, hit.start - hit.end))
        yield from self._beginning(tokens, place)

    def _exact(self, tokens: Tokens, place: int) -> Iterator[Hit]:
        word = tokens.words[place]
        for known in self._gazetteer.by_first.get(word, ()):
            end = place + len(known.words)
            if tokens.words[place:end] == known.words:
                yield self._closed(tokens, Hit(known, place, end))
        if word in self._gazetteer.glued:
            yield self._closed(tokens, Hit(self._gazetteer.glued[word], place, place + 1))

    def _closed(self, tokens: Tokens, hit: Hit) -> Hit:
        """With the case ending that stands behind an apostrophe: Klarendal'da."""
        if hit.end < len(tokens) and tokens.words[hit.end] in self._words.endings and tokens.gap(hit.end) in APOSTROPHES:
            return replace(hit, end=hit.end + 1, ending=tokens.words[hit.end])
        return hit

    def _stems(self, word: str) -> Iterator[tuple[str, str]]:
        """What a word may be without its ending, the longest ending first."""
        for size in range(min(LONGEST_ENDING, len(word) - SHORTEST_STEM), 0, -1):
            change = self._words.endings.get(word[-size:])
            if change is not None:
                yield word[:-size] + change, word[-size:]

    def _misspelt(self, tokens: Tokens, sounds: list[str], place: int) -> Iterator[Hit]:
        word, one = tokens.words[place], sounds[place]
        if not self._is_word(tokens, place, 1):
            for known, mistakes in self._alike(one, word):
                yield self._closed(tokens, Hit(known, place, place + 1, mistakes=mistakes))
            for stem, ending in self._stems(word) if len(word) > SHORTEST_STEM + 2 else ():
                for known, mistakes in self._alike(sound(stem), stem):
                    yield Hit(known, place, place + 1, ending, mistakes)
        for end in range(place + 2, min(place + WIDEST, len(tokens)) + 1):
            if tokens.gap(end - 1).strip(BETWEEN_PARTS) or self._is_word(tokens, place, end - place):
                break
            one += sounds[end - 1]
            for known, mistakes in self._alike(one, "".join(tokens.words[place:end])):
                if _in_step(known, sounds[place:end], mistakes):
                    yield self._closed(tokens, Hit(known, place, end, mistakes=mistakes))

    def _alike(self, said: str, written: str) -> Iterator[tuple[Place, int]]:
        """Places whose sound, or spelling, is near enough in the best case."""
        if len(said) < SHORTEST_SOUND:
            return
        for known in self._gazetteer.near(said):
            most = allowed(len(known.sound), SURE)
            mistakes = OSA.distance(said, known.sound, score_cutoff=most)
            if mistakes:
                mistakes = min(mistakes, OSA.distance(written, known.glued, score_cutoff=most))
            if mistakes <= most:
                yield known, mistakes

    def _beginning(self, tokens: Tokens, place: int) -> Iterator[Hit]:
        """A name cut off: "presik"."""
        word = tokens.words[place]
        if len(word) < SHORTEST_BEGINNING or self._is_word(tokens, place, 1):
            return
        meant = [known for glued, known in self._gazetteer.glued.items() if glued.startswith(word) and known.tier == DISTINCT]
        if meant and len({known.of(frozenset()) for known in meant}) == 1:
            yield Hit(meant[0], place, place + 1, mistakes=CUT_OFF)

    def _is_word(self, tokens: Tokens, place: int, size: int) -> bool:
        """Whether it is known to be something else than the name that it is like; "wijk" beside it says otherwise."""
        if self._lists["not_names"].at(tokens.words, place) != size:
            return False
        end = place + size
        kind = self._lists["kinds"].before(tokens.words, place) or (
            end < len(tokens) and self._lists["kinds"].at(tokens.words, end)
        )
        return not kind

    def _counts(self, tokens: Tokens, hit: Hit) -> bool:
        """Whether what stands around says enough for a name that is misspelt, or an ordinary word."""
        around = Around.of(tokens, hit.start, hit.end, hit.ending, self._lists, self._town)
        if hit.place.tier != DISTINCT and not around.as_name(hit.place):
            return False
        if hit.mistakes == CUT_OFF:
            return around.strength == SURE
        if hit.mistakes and hit.place.tier != DISTINCT:
            return around.strength == SURE and hit.mistakes == 1 and len(hit.place.sound) > SHORTEST_SOUND + 1
        exact = "".join(tokens.words[hit.start : hit.end]).startswith(hit.place.glued)
        return exact or hit.mistakes <= allowed(len(hit.place.sound), around.strength)

    def _with_directions(self, tokens: Tokens, hit: Hit) -> Name:
        """Takes in the points of the compass beside a name: Malburgen oost zuid, doğu Presikhaaf."""
        said: set[str] = set()
        start, end = hit.start, hit.end
        if any(hit.place.wijken):
            while end < len(tokens) and not tokens.gap(end).strip(BETWEEN_PARTS) and (way := self._way(tokens, end)):
                said.add(way)
                end += 1
            if not said and start and not tokens.gap(start).strip(BETWEEN_PARTS) and (way := self._way(tokens, start - 1)):
                said.add(way)
                start -= 1
        return Name(hit.place.of(frozenset(said)), start, end, hit.place.tier, hit.ending)

    def _way(self, tokens: Tokens, place: int) -> str | None:
        return self._words.direction(tokens.words[place])


def allowed(length: int, strength: int) -> int:
    """Mistakes that a name's sound of so many letters may have; -1: must be written exactly."""
    return next(mistakes for letters, mistakes in MISTAKES[strength] if length <= letters)


def _in_step(known: Place, sounds: list[str], mistakes: int) -> bool:
    """In a name of several words each must be like its own: "Arnhemse Broek" is no "Arnhemse buurt"."""
    if mistakes == 0 or len(known.sounds) != len(sounds):
        return mistakes <= 1 or len(known.sounds) == 1
    return all(OSA.distance(one, own) <= max(1, len(own) // 4) for one, own in zip(sounds, known.sounds))
