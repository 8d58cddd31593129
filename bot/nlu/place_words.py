"""The words around places in five languages, data/places/<language>.yml: numbers, endings, what says "here I live"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from bot.nlu.phrases import STEM, Phrases, phrases, plain
from bot.nlu.tokens import tokens_of
from bot.paths import DATA

PLACES = DATA / "places"
LISTS = {
    "and": "joins the parts of a number: acht en zestig",
    "as_in": "after a letter that is spelled: a van Anna",
    "postcode": "the word postcode",
    "closing": "what may end a message after a postcode, of two letters: 6822 ok",
    "short": "words of one or two letters, which are no postcode letters in the middle of a message",
    "amount": "behind a number: no postcode",
    "amount_before": "before a number: no postcode",
    "in": "prepositions of place",
    "from": "prepositions for where somebody left",
    "articles": "the",
    "kinds": "neighbourhood, village, wijkteam …: a name stands beside it",
    "home": "says that somebody lives there",
    "former": "says that somebody lived there",
    "moved": "moved house",
    "busy": "says that somebody works or is otherwise busy there",
    "absent": "says that somebody does not live there, though no other place is named",
    "others": "relatives, friends",
    "with": "together with them",
    "not": "not, before a place",
    "not_after": "not, behind a place",
    "correction": "no, sorry, I mean: what follows counts",
    "clause": "but, and …: a new part of the message begins",
    "light": "words beside which a name is still the whole message",
    "ordinary_next": "behind an ordinary word, says that it is no name: centrum voor jeugd",
    "endings": "case endings; cie/t is cie where the name has t",
    "from_endings": "case endings for where somebody left",
    "not_names": "words that only look like a name",
}
TABLES = {
    "numbers": "value -> words",
    "repeat": "times -> phrases (double)",
    "directions": "noord, oost, zuid, west -> words",
    "means": "name -> what it is called in this language",
    "ordinary": "name that is an ordinary word -> its article as a name",
    "everyday": "the most ordinary ones likewise",
}
SOUND_CHANGE = "/"
SHORTEST_DIRECTION = 3


class PlaceWordsErrors(Exception):
    """Everything that is wrong with the files, a line each: path, key, what was expected."""


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
    """By the keys of LISTS."""
    numbers: tuple[NumberWords, ...]
    endings: Mapping[str, str]
    """Ending -> what the name has in its place, mostly nothing."""
    directions: Mapping[str, str]
    direction_stems: tuple[str, ...]
    means: Mapping[str, tuple[tuple[str, ...], ...]]
    ordinary: Mapping[str, str]
    everyday: Mapping[str, str]

    def direction(self, word: str) -> str | None:
        """`oost` for oost, doğusu, pariba …"""
        for size in range(len(word), SHORTEST_DIRECTION - 1, -1):
            found = self.directions.get(word[:size])
            if found and (size == len(word) or word.startswith(self.direction_stems)):
                return found
        return None


@lru_cache
def place_words(folder: Path = PLACES) -> PlaceWords:
    """Reads every language's file. Raises PlaceWordsErrors with all mistakes."""
    paths = sorted(folder.glob("*.yml"))
    # BaseLoader: every value is text as written, for `no` and `on` are words here.
    files = [yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader) for path in paths]
    mistakes = [f"{path}: {what}" for path, file in zip(paths, files, strict=True) for what in _mistakes(file)]
    if mistakes or not files:
        raise PlaceWordsErrors("\n".join(mistakes) or f"{folder}: no <language>.yml; put one there for each language")
    ways = [(way, word) for file in files for way, words in file["directions"].items() for word in words]
    return PlaceWords(
        lists={name: phrases(word for file in files for word in file[name]) for name in LISTS},
        numbers=tuple(_numbers(file) for file in files),
        endings=dict(_ending(written) for file in files for written in file["endings"]),
        directions={plain(word): way for way, word in ways},
        direction_stems=tuple(plain(word) for _, word in ways if word.endswith(STEM)),
        means=_means(files),
        ordinary={plain(name): plain(article) for file in files for name, article in file["ordinary"].items()},
        everyday={plain(name): plain(article) for file in files for name, article in file["everyday"].items()},
    )


def _mistakes(file: Any) -> list[str]:
    keys = {**LISTS, **TABLES}
    if not isinstance(file, dict):
        return [f"expected the keys {', '.join(keys)}"]
    found = [f"{key} is missing ({keys[key]}); leave it empty if the language has none" for key in keys.keys() - file]
    found += [f"{key}: not known; take one of {', '.join(keys)}" for key in file.keys() - keys]
    found += [f"{key}: expected a list of words" for key in LISTS if not isinstance(file.get(key, []), list)]
    found += [f"{key}: expected a table" for key in TABLES if not isinstance(file.get(key, {}), dict)]
    numbers = file.get("numbers")
    found += [f"numbers: {key!r} is no number" for key in numbers or () if not str(key).isdecimal()]
    return sorted(found)


def _ending(written: str) -> tuple[str, str]:
    ending, _, change = written.partition(SOUND_CHANGE)
    return plain(ending), plain(change)


def _numbers(file: Mapping[str, Any]) -> NumberWords:
    repeat = [(int(times), phrase) for times, spoken in file["repeat"].items() for phrase in spoken]
    return NumberWords(
        values={plain(word): int(value) for value, spoken in file["numbers"].items() for word in spoken},
        joins=frozenset(plain(word) for word in file["and"]),
        repeats={tokens_of(phrase).words: times for times, phrase in repeat},
        endings=frozenset(_ending(written)[0] for written in file["endings"]),
    )


def _means(files: Sequence[Mapping[str, Any]]) -> dict[str, tuple[tuple[str, ...], ...]]:
    found: dict[str, list[tuple[str, ...]]] = {}
    for file in files:
        for name, spoken in file["means"].items():
            found.setdefault(plain(name), []).extend(tokens_of(phrase).words for phrase in spoken)
    return {name: tuple(spoken) for name, spoken in found.items()}
