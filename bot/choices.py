"""Which of the offered choices a message takes: its payload, its number, its ordinal, its words, or nearly its words."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any

from rapidfuzz import fuzz, process

from bot.folding import fold

MARK = "~"
"""Begins every payload: no resident types it, and it is no slash, which Rasa takes for a command."""
PAYLOAD = re.compile(rf"{MARK}[0-9a-f]{{4}}\.[0-9]{{1,2}}")
"""As `payloads` writes them and nothing else: who types "~ I want to die" is understood."""
CLOSE_ENOUGH = 86
"""Of 100: below it, short titles such as "tot 4 jaar" and "4 tot 12 jaar" are taken for each other."""
TELLING = 4
"""Letters of a word that can tell choices apart by itself."""
MOST_LETTERS = 60
"""A longer message is an answer of its own, not the words of a button."""


class Titles(dict[str, str]):
    """The words of choices, by code; how they are compared is found once. Our own words, shared by turns, never changed."""

    @cached_property
    def plain(self) -> dict[str, str]:
        return {code: _known(title) for code, title in self.items()}

    @cached_property
    def parts(self) -> dict[str, frozenset[str]]:
        """The single words of each."""
        return {code: frozenset(title.split()) for code, title in self.plain.items()}


class Counting(dict[str, int]):
    """The words for first, second … as they are compared; of two that are then the same the first counts."""

    def __init__(self, words: Mapping[str, int]) -> None:
        super().__init__()
        for word, number in words.items():
            self.setdefault(_known(word), number)


def offer(codes: Sequence[str]) -> dict[str, Any]:
    """Choices for one turn; the key makes a button of an earlier turn void."""
    return {"key": secrets.token_hex(2), "codes": list(codes)} if codes else {}


def payloads(offered: Mapping[str, Any]) -> list[str]:
    return [f"{MARK}{offered['key']}.{number}" for number, _ in enumerate(offered.get("codes", ()), 1)]


def is_payload(text: str) -> bool:
    """Whether it is no words: also what only looks like a button, which is then void."""
    return text.startswith(MARK)


def is_pressed(text: str) -> bool:
    """Whether it is a button of ours, of this turn or of an earlier one."""
    return PAYLOAD.fullmatch(text.rstrip()) is not None


def chosen(
    text: str,
    offered: Mapping[str, Any],
    titles: Mapping[str, str],
    counting: Mapping[str, int],
    loosely: bool = True,
) -> str | None:
    """The code that `text` chooses, or None.

    `titles` are the words of each code in the conversation's language (also of those on a next page, which somebody may
    name already), `counting` the words for first, second …; `loosely`: a part of the words is enough.
    """
    codes = offered.get("codes")
    if not codes:
        return None
    if is_payload(text):
        places = dict(zip(payloads(offered), codes, strict=True))
        return places.get(text.strip())
    said = _plain(text)
    if not said or len(said) > MOST_LETTERS:
        return None
    number = int(said) if said.isdecimal() and len(said) < 3 else _counted(said, counting)
    if number is not None:
        return codes[number - 1] if 1 <= number <= len(codes) else None
    known = titles if isinstance(titles, Titles) else Titles(titles)
    found = process.extractOne(said, known.plain, scorer=fuzz.ratio, score_cutoff=CLOSE_ENOUGH)
    return found[2] if found else _part_of(said, known) if loosely else None


def _part_of(said: str, titles: Titles) -> str | None:
    """The one choice that holds every word that was said ("geen werk" or "ik heb geen werk"); None where several do."""
    parts = set(said.split())
    if max(map(len, parts)) < TELLING:
        return None
    holding = [code for code, words in titles.parts.items() if parts <= words]
    return holding[0] if len(holding) == 1 else None


def _plain(text: str) -> str:
    return " ".join(fold(text).split()).strip(" .!?,")


@lru_cache(maxsize=10_000)
def _known(text: str) -> str:
    """Our own words, of which there are few; never what somebody said, for that is not kept."""
    return _plain(text)


def _counted(said: str, counting: Mapping[str, int]) -> int | None:
    return (counting if isinstance(counting, Counting) else Counting(counting)).get(said)
