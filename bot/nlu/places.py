"""Where somebody lives: postcodes in every writing, and names of neighbourhoods, also misspelt or with a case ending."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

from bot.nlu.text import WORD, fold

POSTCODE = re.compile(r"(?<![\d.,:/-])([1-9]\d{3})(?![\d:/-])(?:[ -]?([a-z]{2})\b)?")
POSTCODE_WORD = re.compile(r"\b(?:postcode|post code|zip|posta kodu?\w*|postkod\w*|kod\w* pocztow\w*|kodigo postal|codigo postal)\b")
NO_SUFFIX = {"sa", "sd", "ss"}
"""Letter pairs that no Dutch postcode has."""
WORDS_THAT_FOLLOW = {"is", "en", "in", "op", "de", "ik", "of", "na", "te", "za", "da", "ta", "mi", "ku", "cu", "no", "tl", "eu", "zl", "ve", "i", "o"}
"""Short words that may stand behind four digits without being the letters of a postcode."""
LONGEST_NAME = 4
"""Words in a spoken name of a neighbourhood."""
ALIKE = 84
"""Of 100 (rapidfuzz ratio): below it "Elden" and "Elderveld" would be taken for each other."""
ALIKE_SHORT = 92
SHORT = 6
"""Letters: a shorter name must be nearly right."""


@dataclass(frozen=True)
class Found:
    """A place in a message: `entity` as Rasa has it, and what it means on the map."""

    wijken: tuple[str, ...] = ()
    ask: bool = False
    elsewhere: bool = False
    entities: tuple[dict[str, object], ...] = field(default=())


NOWHERE = Found()


class Places:
    """The names and postcodes of one municipality.

    `names`: wijk id -> how people call it. `postcodes`: code -> (wijken, whether to ask which).
    """

    def __init__(self, names: Mapping[str, tuple[str, ...]], postcodes: Mapping[str, tuple[tuple[str, ...], bool]]) -> None:
        self._postcodes = postcodes
        self._names: dict[str, list[str]] = {}
        for wijk, spoken in names.items():
            for name in spoken:
                known = self._names.setdefault(_plain(name), [])
                if wijk not in known:
                    known.append(wijk)
        self._fuzzy = [name for name in self._names if len(name) >= SHORT - 1]

    def find(self, text: str) -> Found:
        """The place that a message names; NOWHERE where it names none."""
        folded = fold(text)
        return self._postcode(text, folded) or self._name(text, folded) or NOWHERE

    def _postcode(self, text: str, folded: str) -> Found | None:
        for found in POSTCODE.finditer(folded):
            digits, letters = found.group(1), found.group(2) or ""
            if letters in WORDS_THAT_FOLLOW or letters in NO_SUFFIX:
                letters = ""
            known = self._postcodes.get((digits + letters).upper()) or self._postcodes.get(digits)
            alone = len(folded.split()) <= 3 or POSTCODE_WORD.search(folded)
            if known is None and not (letters or alone):
                continue
            end = found.end(2) if letters else found.end(1)
            entity = _entity("postcode", (digits + letters).upper(), found.start(), end)
            if known is None:
                return Found(elsewhere=True, entities=(entity,))
            return Found(known[0], known[1], entities=(entity,))
        return None

    def _name(self, text: str, folded: str) -> Found | None:
        said = [(match.group().split("'")[0], match.start(), match.end()) for match in WORD.finditer(folded)]
        for size in range(min(LONGEST_NAME, len(said)), 0, -1):
            for start in range(len(said) - size + 1):
                window = said[start : start + size]
                name = self._closest(" ".join(word for word, _, _ in window), exact=True)
                if name:
                    return self._found(name, window[0][1], window[-1][2])
        for size in (2, 1):
            for start in range(len(said) - size + 1):
                window = said[start : start + size]
                name = self._closest(" ".join(word for word, _, _ in window), exact=False)
                if name:
                    return self._found(name, window[0][1], window[-1][2])
        return None

    def _found(self, name: str, start: int, end: int) -> Found:
        wijken = tuple(self._names[name])
        return Found(wijken, entities=tuple(_entity("wijk", wijk, start, end) for wijk in wijken))

    def _closest(self, said: str, exact: bool) -> str | None:
        plain = _plain(said)
        if exact:
            return plain if plain in self._names else None
        if len(plain) < SHORT - 1:
            return None
        found = process.extractOne(plain, self._fuzzy, scorer=fuzz.ratio, score_cutoff=ALIKE)
        if found is None or (len(plain) < SHORT + 1 and found[1] < ALIKE_SHORT):
            return None
        return str(found[0])


def _plain(name: str) -> str:
    return " ".join(WORD.findall(fold(name).replace("-", " ").replace(".", " ")))


def _entity(kind: str, value: str, start: int, end: int) -> dict[str, object]:
    return {"entity": kind, "value": value, "start": start, "end": end, "confidence_entity": 1.0, "extractor": "Places"}
