"""The words around places in five languages, data/places/<language>.yml: numbers, case endings, what says "here I live"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from bot.nlu.tokens import tokens_of
from bot.paths import DATA

PLACES = DATA / "places"
LISTS = (
    "and", "as_in", "postcode", "short", "amount", "amount_before", "in", "from", "articles", "kinds", "home", "former", "moved",
    "busy", "absent", "others", "with", "not", "not_after", "correction", "clause", "light", "ordinary_next", "endings",
    "from_endings", "not_names",
)  # fmt: skip
TABLES = ("numbers", "repeat", "directions", "means", "ordinary", "everyday")
OPTIONAL = {"not_after", "from_endings"}
STEM = "*"
LEAST_STEM = 3
LONGEST = 3
"""Words in a phrase."""
SOUND_CHANGE = "/"
"""In an ending: `cie/t` is `cie` where the name has `t` (Bult: Bulcie)."""


class PlaceWordsErrors(Exception):
    """Everything that is wrong with the files, a line each: path, key, what was expected."""


@dataclass(frozen=True)
class Phrases:
    """Words and phrases, folded; `stems` are beginnings of words."""

    single: frozenset[str]
    stems: tuple[str, ...]
    longer: Mapping[str, tuple[tuple[str, ...], ...]]
    """First word -> phrases of several words, the longest first."""

    def at(self, words: tuple[str, ...], place: int) -> int:
        """How many words from `place` on are one of these; 0 where none is."""
        word = words[place]
        for phrase in self.longer.get(word, ()):
            if words[place : place + len(phrase)] == phrase:
                return len(phrase)
        return 1 if word in self.single or word.startswith(self.stems) else 0

    def before(self, words: tuple[str, ...], place: int) -> int:
        """How many words that end just before `place` are one of these; at most LONGEST."""
        sizes = range(min(LONGEST, place), 0, -1)
        return next((size for size in sizes if self.at(words, place - size) == size), 0)


@dataclass(frozen=True)
class NumberWords:
    """How one language says numbers."""

    values: Mapping[str, int]
    joins: frozenset[str]
    repeats: Mapping[tuple[str, ...], int]
    endings: frozenset[str]


@dataclass(frozen=True)
class PlaceWords:
    """All languages together, for people mix them; numbers by language, for `on` is ten in one only."""

    lists: Mapping[str, Phrases]
    numbers: tuple[NumberWords, ...]
    endings: Mapping[str, str]
    """Ending -> what the name has in its place, mostly nothing."""
    directions: Phrases
    direction_of: Mapping[str, str]
    means: Mapping[str, tuple[tuple[str, ...], ...]]
    """Name of a neighbourhood -> what it is called in the other languages."""
    ordinary: Mapping[str, str]
    everyday: Mapping[str, str]
    """Names that are ordinary words -> the article that they have as a name."""

    def direction(self, word: str) -> str | None:
        """`oost` for oost, doğusu, pariba …"""
        for size in range(len(word), LEAST_STEM - 1, -1):
            if (found := self.direction_of.get(word[:size])) and (size == len(word) or self.directions.at((word,), 0)):
                return found
        return None


@lru_cache
def place_words(folder: Path = PLACES) -> PlaceWords:
    """Reads every language's file. Raises PlaceWordsErrors with all mistakes."""
    mistakes: list[str] = []
    files = [_read(path, mistakes) for path in sorted(folder.glob("*.yml"))]
    if mistakes or not files:
        raise PlaceWordsErrors("\n".join(mistakes) or f"{folder}: no file <language>.yml; put one there for each language")
    lists = {name: _phrases(word for file in files for word in file.get(name, ())) for name in LISTS}
    return PlaceWords(
        lists=lists,
        numbers=tuple(_numbers(file) for file in files),
        endings={_plain(ending): _plain(change) for file in files for ending, _, change in _cut(file["endings"])},
        directions=_phrases(word for file in files for words in file["directions"].values() for word in words),
        direction_of={
            _plain(word.rstrip(STEM)): direction
            for file in files
            for direction, words in file["directions"].items()
            for word in words
        },
        means=_means(files),
        ordinary={_plain(name): _plain(article) for file in files for name, article in file["ordinary"].items()},
        everyday={_plain(name): _plain(article) for file in files for name, article in file["everyday"].items()},
    )


def _read(path: Path, mistakes: list[str]) -> dict[str, Any]:
    """One file. Every value is text as written (BaseLoader), for `no` and `on` are words here."""
    file = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)  # noqa: S506 (it makes only text)
    if not isinstance(file, dict):
        mistakes.append(f"{path}: expected the keys {', '.join((*TABLES, *LISTS))}")
        return {}
    for key in (*LISTS, *TABLES):
        expected: type = dict if key in TABLES else list
        if key in file and not isinstance(file[key], expected):
            mistakes.append(f"{path}: {key}: expected a {'table' if expected is dict else 'list'}, not {file[key]!r}")
        elif key not in file and key not in OPTIONAL:
            mistakes.append(f"{path}: {key} is missing; write it, empty if the language has none")
    mistakes += [f"{path}: no key {key!r} is known; take one of {', '.join((*TABLES, *LISTS))}" for key in file.keys() - {*LISTS, *TABLES}]
    mistakes += [f"{path}: numbers: {key!r} is not a number" for key in file.get("numbers", ()) if not key.isdecimal()]
    return file


def _plain(phrase: str) -> str:
    return " ".join(tokens_of(phrase).words)


def _cut(endings: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    return (ending.partition(SOUND_CHANGE) for ending in endings)


def _phrases(written: Iterator[str]) -> Phrases:
    stems: set[str] = set()
    single: set[str] = set()
    longer: dict[str, set[tuple[str, ...]]] = {}
    for phrase in written:
        words = tokens_of(phrase).words
        if phrase.endswith(STEM) and len(words) == 1:
            stems.add(words[0])
        elif len(words) == 1:
            single.add(words[0])
        elif words:
            longer.setdefault(words[0], set()).add(words)
    sorted_ = {first: tuple(sorted(phrases, key=lambda phrase: (-len(phrase), phrase))) for first, phrases in longer.items()}
    return Phrases(frozenset(single), tuple(sorted(stems)), sorted_)


def _numbers(file: Mapping[str, Any]) -> NumberWords:
    return NumberWords(
        values={_plain(word): int(value) for value, words in file["numbers"].items() for word in words},
        joins=frozenset(_plain(word) for word in file["and"]),
        repeats={tokens_of(phrase).words: int(times) for times, phrases in file["repeat"].items() for phrase in phrases},
        endings=frozenset(_plain(ending) for ending, _, _ in _cut(file["endings"])),
    )


def _means(files: Sequence[Mapping[str, Any]]) -> dict[str, tuple[tuple[str, ...], ...]]:
    found: dict[str, list[tuple[str, ...]]] = {}
    for file in files:
        for name, phrases in file["means"].items():
            found.setdefault(_plain(name), []).extend(tokens_of(phrase).words for phrase in phrases)
    return {name: tuple(phrases) for name, phrases in found.items()}
