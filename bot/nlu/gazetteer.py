"""The names of a municipality's neighbourhoods, ready for looking up: as they are, as one word, and by their sound."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.nlu.place_words import PlaceWords
from bot.nlu.sound import sound
from bot.nlu.tokens import tokens_of

SURROUNDINGS = {("e", "o"), ("en", "omgeving")}
"""`Velperweg e.o.`: the official name of a neighbourhood and what lies around it."""
DISTINCT, ORDINARY, EVERYDAY = 0, 1, 2
"""How easily a name is taken for a word: Presikhaaf, (het) Broek, (het) centrum."""
FURTHEST = 4
"""Letters by which a sound may be longer or shorter than a name's; `Gazetteer.near` leaves out the rest."""


@dataclass
class Place:
    """What people call one or more neighbourhoods, without article and point of the compass.

    `wijken` by what else was said: (oost, zuid) -> Malburgen-Oost (Zuid); nothing -> all that bear the name.
    """

    words: tuple[str, ...]
    tier: int = DISTINCT
    article: str = ""
    wijken: dict[frozenset[str], list[str]] = field(default_factory=dict)
    sound: str = ""
    sounds: tuple[str, ...] = ()
    glued: str = ""

    def __post_init__(self) -> None:
        self.glued = "".join(self.words)
        self.sounds = tuple(sound(word) for word in self.words)
        self.sound = sound(self.glued)

    def of(self, directions: frozenset[str]) -> tuple[str, ...]:
        """The neighbourhoods of this name in those directions; all of the name where it has no such part."""
        if directions in self.wijken:
            return tuple(self.wijken[directions])
        within = [wijk for said, wijken in self.wijken.items() if said >= directions for wijk in wijken]
        everywhere = self.wijken.get(frozenset()) or [wijk for wijken in self.wijken.values() for wijk in wijken]
        return tuple(dict.fromkeys(within if directions and within else everywhere))


class Gazetteer:
    """Every place that a municipality's names make."""

    def __init__(self, names: Mapping[str, Sequence[str]], words: PlaceWords, town: str | None = None) -> None:
        self._words = words
        self._town = tokens_of(town or "").words
        self._places: dict[tuple[str, ...], Place] = {}
        for wijk, spoken in names.items():
            for name in spoken:
                for part in (name, *name.split("/")):
                    self._add(wijk, part)
        self._translate()
        self.by_first: dict[str, list[Place]] = {}
        self.glued: dict[str, Place] = {}
        self._near: dict[tuple[str, int], list[Place]] = {}
        for place in sorted(self._places.values(), key=lambda place: -len(place.words)):
            self.by_first.setdefault(place.words[0], []).append(place)
            self._glue(place)
            for size in range(len(place.sound) - FURTHEST, len(place.sound) + FURTHEST + 1):
                self._near.setdefault((place.sound[0], size), []).append(place)

    def near(self, said: str) -> Sequence[Place]:
        """The places that a sound may be: same beginning, about as long."""
        return self._near.get((said[0], len(said)), ())

    def _add(self, wijk: str, name: str) -> None:
        lists = self._words.lists
        words = tokens_of(name).words
        while len(words) > 2 and words[-2:] in SURROUNDINGS:
            words = words[:-2]
        directions = []
        while len(words) > 1 and words[-1] in self._words.direction_of:
            directions.append(self._words.direction_of[words[-1]])
            words = words[:-1]
        while len(words) > 1 and (lists["articles"].at(words, 0) or (words[0] in ("op", "over") and len(words) > 1)):
            words = words[1:]
        if not words:
            return
        known = self._places.setdefault(words, self._place(words)).wijken.setdefault(frozenset(directions), [])
        if wijk not in known:
            known.append(wijk)

    def _place(self, words: tuple[str, ...]) -> Place:
        name = " ".join(words)
        if name in self._words.everyday:
            return Place(words, EVERYDAY, self._words.everyday[name])
        return Place(words, ORDINARY if name in self._words.ordinary else DISTINCT, self._words.ordinary.get(name, ""))

    def _translate(self) -> None:
        for name, phrases in self._words.means.items():
            place = self._places.get(tuple(name.split()))
            for words in phrases if place else ():
                assert place is not None
                tier = ORDINARY if len(words) > 1 else EVERYDAY
                article = self._words.everyday.get(" ".join(words), "")
                self._places.setdefault(words, Place(words, tier, article, place.wijken))

    def _glue(self, place: Place) -> None:
        """As one word, also with its article: `delaar`, `arnhemsebroek`."""
        self.glued.setdefault(place.glued, place)
        if place.article and place.tier != EVERYDAY:
            self.glued.setdefault(place.article + place.glued, place)

