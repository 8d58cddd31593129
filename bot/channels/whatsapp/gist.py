"""What is left of a message when its words are gone: the little that a waiting question needs, in a closed vocabulary.

The dialogue asks a text only few things: is it one of our payloads, a number, a choice by its words, a yes or a no, the name
of a language, how long. A gist holds the answers. `stand_in` is a text of our own words for which all of them come out the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from bot.choices import chosen, is_payload, is_pressed, payloads
from bot.languages import languages, named

NUMBER = re.compile(r"(?<!\d)\d{1,2}(?!\d)")
PUNCTUATION = re.compile(r"[.,;:!?…\"()]+")
YES, NO = "ja", "nee"
NAMES_A_LANGUAGE = "taal_kiezen"
ASKS_FOR_A_NUMBER = "answer"
"""The question (`State.asked`) to which a number inside a sentence may be the answer: an age."""
A_WORD = "#"
"""Stands for a word that is gone: no title, number, yes or language is like it."""
MOST_WORDS = 30


@dataclass(frozen=True)
class Offer:
    """What was asked last, and the words of the answers to it in the conversation's language."""

    offered: Mapping[str, Any]
    asked: str | None
    titles: Mapping[str, str]
    counting: Mapping[str, int]
    yes: tuple[str, ...]
    no: tuple[str, ...]


@dataclass(frozen=True)
class Gist:
    """Ids and numbers under a hundred; each None where the message has no such thing."""

    payload: str | None = None
    """The choice that was pressed, or whose words were typed."""
    pressed: bool = False
    number: int | None = None
    """The message is this number and nothing else."""
    inside: int | None = None
    """A number in a sentence that answers a question about one."""
    answer: str | None = None
    """`ja` or `nee`, where that is its first word."""
    language: str | None = None
    """The language that it names, where it asks for another."""
    words: int = 0

    def as_ids(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if value is not None}


def gist(text: str, intent: str, offer: Offer) -> Gist:
    """What a typed text means to the question that waits."""
    plain = text.strip()
    if is_pressed(plain):
        return Gist(payload=plain, pressed=True, words=1)
    first = next(iter(PUNCTUATION.sub(" ", text.lower()).split()), "")
    alone = plain.strip(" .!?,")
    inside = NUMBER.search(text) if offer.asked == ASKS_FOR_A_NUMBER else None
    return Gist(
        payload=_payload(text, offer),
        number=int(alone) if alone.isdecimal() and len(alone) <= 2 else None,
        inside=int(inside.group()) if inside else None,
        answer=YES if first in offer.yes else NO if first in offer.no else None,
        language=named(text) if intent == NAMES_A_LANGUAGE else None,
        words=min(len(text.split()), MOST_WORDS),
    )


def _payload(text: str, offer: Offer) -> str | None:
    if is_payload(text.strip()):
        return None
    code = chosen(text, offer.offered, offer.titles, offer.counting)
    return payloads(offer.offered)[list(offer.offered["codes"]).index(code)] if code is not None else None


def stand_in(left: Gist, offer: Offer) -> str:
    """A text that the dialogue takes as it would have taken the message."""
    if left.number is not None:
        return str(left.number)
    if left.payload and (left.pressed or left.payload in payloads({"key": "", **offer.offered})):
        return left.payload
    said = [(offer.yes if left.answer == YES else offer.no)[0]] if left.answer else []
    said += [languages()[left.language].name] if left.language in languages() else []
    said += [str(left.inside)] if left.inside is not None else []
    words = left.words if left.payload else max(left.words, 2)  # a yes by itself would take a button; "yep" took none
    return " ".join(said + [A_WORD] * (words - len(said)))
