"""Which name the pieces of a message may be: as it is written, misspelt, with a case ending, short, in parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rapidfuzz.distance import OSA

from bot.nlu.gazetteer import BEGINNING, SURE, Gazetteer, Place
from bot.nlu.place_words import PlaceWords
from bot.nlu.sound import sound
from bot.nlu.tokens import APOSTROPHES, Tokens

WIDEST = 3
"""Pieces into which people break a name: "schaars bergen", "van verschuer wijk"."""
SHORTEST_SOUND = 4
SHORTEST_STEM, LONGEST_ENDING = 4, 7
SHORTEST_PART = 3
LONG = 9
"""Letters of sound: a shorter name of several words is written as one word without a mistake."""
PER_MISTAKE = 6
"""Letters of sound for each mistake in a name that also has an ending."""
PER_MISTAKE_IN_WORD = 4
PER_TYPO = 5
"""Letters of sound for each letter by which the writing may be further off than the sound, from two mistakes on."""
BETWEEN_PARTS = " -–()/"
CUT_OFF = 99
"""Stands for the mistakes of a name that was cut off: "presik"."""


@dataclass(frozen=True)
class Hit:
    """A possible name, pieces `start` to `end`, before what stands around it is weighed."""

    place: Place
    start: int
    end: int
    ending: str = ""
    mistakes: int = 0
    written: bool = False
    """As the municipality writes it, but for its ending."""


class Likeness:
    """Compares messages with a municipality's names."""

    def __init__(self, gazetteer: Gazetteer, words: PlaceWords) -> None:
        self._gazetteer = gazetteer
        self._endings = words.endings
        self._not_names = words.lists["not_names"]

    def hits(self, tokens: Tokens, sounds: Sequence[str], place: int) -> Iterator[Hit]:
        """Names that may begin at a piece, the likeliest first. `sounds`: of each piece."""
        word = tokens.words[place]
        may_be_written = word[:BEGINNING] in self._gazetteer.begins
        if may_be_written:
            yield from self._written(tokens, place)
            yield from self._with_ending(word, place)
        misspelt = [*self._one_word(tokens, sounds, place), *self._in_parts(tokens, sounds, place)]
        if misspelt:
            yield from sorted(misspelt, key=lambda hit: (hit.mistakes, hit.start - hit.end))
        if may_be_written and (known := self._gazetteer.begun.get(word)):
            yield Hit(known, place, place + 1, mistakes=CUT_OFF)

    def _written(self, tokens: Tokens, place: int) -> Iterator[Hit]:
        word = tokens.words[place]
        for known in self._gazetteer.by_first.get(word, ()):
            end = place + len(known.words)
            if tokens.words[place:end] == known.words:
                yield self._closed(tokens, Hit(known, place, end, written=True))
            elif place + 1 < end <= len(tokens.words) and tokens.words[place : end - 1] == known.words[:-1]:
                for stem, ending in self._stems(tokens.words[end - 1]):
                    if stem == known.words[-1]:
                        yield Hit(known, place, end, ending, written=True)
        if word in self._gazetteer.glued:
            yield self._closed(tokens, Hit(self._gazetteer.glued[word], place, place + 1, written=True))

    def _with_ending(self, word: str, place: int) -> Iterator[Hit]:
        for stem, ending in self._stems(word) if len(word) > SHORTEST_STEM else ():
            if known := self._gazetteer.glued.get(stem):
                yield Hit(known, place, place + 1, ending, written=True)

    def _closed(self, tokens: Tokens, hit: Hit) -> Hit:
        """With the case ending that stands behind an apostrophe: Klarendal'da."""
        ending = tokens.words[hit.end] if hit.end < len(tokens.words) else ""
        if ending in self._endings and tokens.gaps[hit.end] in APOSTROPHES:
            return replace(hit, end=hit.end + 1, ending=ending)
        return hit

    def _stems(self, word: str) -> Iterator[tuple[str, str]]:
        """What a word may be without its ending, the longest ending first."""
        for size in range(min(LONGEST_ENDING, len(word) - SHORTEST_STEM + 1), 0, -1):
            change = self._endings.get(word[-size:])
            if change is not None and len(word) - size + len(change) >= SHORTEST_STEM:
                yield word[:-size] + change, word[-size:]

    def _one_word(self, tokens: Tokens, sounds: Sequence[str], place: int) -> Iterator[Hit]:
        word = tokens.words[place]
        for known, mistakes in self._alike(sounds[place], word):
            if len(known.words) == 1 or mistakes <= (len(known.sound) >= LONG):
                yield self._closed(tokens, Hit(known, place, place + 1, mistakes=mistakes))
        for stem, ending in self._stems(word) if len(word) > SHORTEST_STEM + 2 else ():
            for known, mistakes in self._alike(sound(stem), stem):
                if len(known.words) == 1 and mistakes <= len(known.sound) // PER_MISTAKE:
                    yield Hit(known, place, place + 1, ending, mistakes)

    def _in_parts(self, tokens: Tokens, sounds: Sequence[str], place: int) -> Iterator[Hit]:
        written, said = tokens.words[place], sounds[place]
        for next_one in range(place + 1, place + WIDEST):
            gap = tokens.gaps[next_one]
            if next_one == len(sounds) or (gap != " " and gap.strip(BETWEEN_PARTS)):
                return
            written, said, end = written + tokens.words[next_one], said + sounds[next_one], next_one + 1
            for known, mistakes in self._alike(said, written):
                if self._in_step(known, tokens.words[place:end], sounds[place:end], mistakes):
                    yield self._closed(tokens, Hit(known, place, end, mistakes=mistakes))

    def _alike(self, said: str, written: str) -> list[tuple[Place, int]]:
        """Places whose sound, or spelling, is near enough in the best case."""
        size = len(said)
        if size < SHORTEST_SOUND:
            return [(known, 0) for known in self._gazetteer.by_sound.get(said, ())]
        found = []
        for known in self._gazetteer.near.get((said[0], size), ()):
            most = known.allowed[SURE]
            heard = OSA.distance(said, known.sound, score_cutoff=most)
            typed = OSA.distance(written, known.glued)
            mistakes = heard if heard < typed else typed
            if mistakes <= most and (mistakes < 2 or typed <= mistakes + len(known.sound) // PER_TYPO):
                found.append((known, mistakes))
        return found

    def _in_step(self, known: Place, words: tuple[str, ...], sounds: Sequence[str], mistakes: int) -> bool:
        """In a name of several words each must be like its own; a name broken in parts must be right otherwise."""
        if len(known.sounds) == len(sounds):
            return all(map(_word_alike, words, known.words, sounds, known.sounds))
        if mistakes == 0:
            return min(map(len, words)) >= SHORTEST_PART
        others = any(self._not_names.at((word,), 0) for word in words)
        return mistakes == 1 and len(words) == 2 and min(map(len, words)) >= SHORTEST_PART and not others


def _word_alike(word: str, own: str, heard: str, own_sound: str) -> bool:
    """One word of a name, by its sound or, with one slip, its letters."""
    if heard[0] != own_sound[0]:
        return False
    near = OSA.distance(heard, own_sound) <= max(1, len(own_sound) // PER_MISTAKE_IN_WORD)
    return near or OSA.distance(word, own) <= 1
