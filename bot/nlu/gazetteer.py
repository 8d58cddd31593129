"""The names of a municipality's neighbourhoods, ready for looking up: as they are, as one word, and by their sound."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.nlu.place_words import PlaceWords
from bot.nlu.sound import sound
from bot.nlu.tokens import tokens_of

SURROUNDINGS = {("e", "o"), ("en", "omgeving")}
"""`Velperweg e.o.`: the official name of a neighbourhood and what lies around it."""
BEGINNINGS = {"op", "over"}
"""Before an article a part of a spoken name that may be left out: op de Bult."""
DISTINCT, ORDINARY, EVERYDAY = 0, 1, 2
"""How easily a name is taken for a word: Presikhaaf, (het) Broek, (het) centrum."""
NOTHING, SOME, SURE = 0, 1, 2
"""How much what stands around a name speaks for a place."""
MISTAKES = (
    ((5, -1), (7, 0), (10, 1), (99, 2)),
    ((5, 0), (8, 1), (11, 2), (99, 3)),
    ((4, 0), (7, 1), (9, 2), (99, 3)),
)
"""For NOTHING, SOME, SURE: (up to so many letters of a name's sound, mistakes); -1: only as it is written."""
SHORTEST_BEGINNING = 6
"""Letters of a name cut off: "presik"."""
BEGINNING = 3
"""Letters that no ending touches: a word that begins like no name is none, but perhaps a misspelt one."""


@dataclass
class Place:
    """What people call one or more neighbourhoods, without article and point of the compass.

    `wijken` by what else was said: (oost, zuid) -> Malburgen-Oost (Zuid); nothing -> all that bear the name.
    """

    words: tuple[str, ...]
    tier: int = DISTINCT
    article: str = ""
    translated: bool = False
    """Not the name itself but the word for it in another language: only as it is written."""
    wijken: dict[frozenset[str], list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.glued = "".join(self.words)
        self.sounds = tuple(sound(word) for word in self.words)
        self.sound = sound(self.glued)
        self.allowed = tuple(next(most for size, most in table if len(self.sound) <= size) for table in MISTAKES)

    @property
    def has_parts(self) -> bool:
        """Malburgen has: west, oost …"""
        return any(self.wijken)

    def of(self, directions: frozenset[str]) -> tuple[str, ...]:
        """The neighbourhoods of this name in those directions; all of the name where it has no such part."""
        if directions in self.wijken:
            return tuple(self.wijken[directions])
        within = [wijk for said, wijken in self.wijken.items() if said >= directions for wijk in wijken]
        everywhere = self.wijken.get(frozenset()) or [wijk for wijken in self.wijken.values() for wijk in wijken]
        return tuple(dict.fromkeys(within if directions and within else everywhere))


class Gazetteer:
    """Every place that a municipality's names make."""

    def __init__(self, names: Mapping[str, Sequence[str]], words: PlaceWords) -> None:
        self._words = words
        self._places: dict[tuple[str, ...], Place] = {}
        for wijk, spoken in names.items():
            for part in dict.fromkeys(part for name in spoken for part in (name, *name.split("/"))):
                self._add(wijk, part)
        self._translate()
        self.by_first: dict[str, list[Place]] = {}
        self.glued: dict[str, Place] = {}
        self.by_sound: dict[str, list[Place]] = {}
        self.near: dict[tuple[str, int], list[Place]] = {}
        """The places that a sound may be: same beginning, about as long."""
        self.begun: dict[str, Place | None] = {}
        """By its beginning, the place whose name begins so, if it is only one."""
        for place in sorted(self._places.values(), key=lambda place: -len(place.words)):
            self._index(place)
        self.begins = frozenset(name[:BEGINNING] for name in (*self.by_first, *self.glued))

    def _add(self, wijk: str, name: str) -> None:
        words = tokens_of(name).words
        while len(words) > 2 and words[-2:] in SURROUNDINGS:
            words = words[:-2]
        directions = set()
        while len(words) > 1 and words[-1] in self._words.directions:
            directions.add(self._words.directions[words[-1]])
            words = words[:-1]
        while len(words) > 1 and (self._words.lists["articles"].at(words, 0) or words[0] in BEGINNINGS):
            words = words[1:]
        if words:
            place = self._places.setdefault(words, self._place(words))
            known = place.wijken.setdefault(frozenset(directions), [])
            known += [] if wijk in known else [wijk]

    def _place(self, words: tuple[str, ...]) -> Place:
        name = " ".join(words)
        if name in self._words.everyday:
            return Place(words, EVERYDAY, self._words.everyday[name])
        return Place(words, ORDINARY if name in self._words.ordinary else DISTINCT, self._words.ordinary.get(name, ""))

    def _translate(self) -> None:
        """The words of other languages for a name: the city centre, śródmieście."""
        for name, phrases in self._words.means.items():
            place = self._places.get(tuple(name.split()))
            for words in phrases if place else ():
                tier = ORDINARY if len(words) > 1 else EVERYDAY
                article = self._words.everyday.get(" ".join(words), "")
                if words not in self._places and place:
                    self._places[words] = Place(words, tier, article, True, place.wijken)

    def _index(self, place: Place) -> None:
        self.by_first.setdefault(place.words[0], []).append(place)
        self.glued.setdefault(place.glued, place)
        if place.article and place.tier != EVERYDAY:
            self.glued.setdefault(place.article + place.glued, place)  # delaar
        if place.translated:
            return
        self.by_sound.setdefault(place.sound, []).append(place)
        most = place.allowed[SURE]
        for size in range(len(place.sound) - most, len(place.sound) + most + 1):
            self.near.setdefault((place.sound[0], size), []).append(place)
        whole = len(place.glued) if place.tier == DISTINCT and len(place.words) == 1 else 0
        for size in range(SHORTEST_BEGINNING, whole):
            other = self.begun.setdefault(place.glued[:size], place)
            if other and other.of(frozenset()) != place.of(frozenset()):
                self.begun[place.glued[:size]] = None
