"""The part of a message in which something stands: between full stops, commas and words such as "but"."""

from __future__ import annotations

from bot.nlu.phrases import Phrases
from bot.nlu.tokens import Tokens

STOPS = frozenset(".;!?\n,")


def clause(tokens: Tokens, start: int, end: int, parting: Phrases) -> tuple[int, int]:
    """The pieces around `start` to `end` up to a stop or a word that begins a new part."""
    first, last = start, end
    while first and not stopped(tokens, first) and not _parts(tokens, first - 1, parting):
        first -= 1
    while last < len(tokens.words) and not stopped(tokens, last) and not parting.at(tokens.words, last):
        last += 1
    return first, last


def _parts(tokens: Tokens, place: int, parting: Phrases) -> bool:
    """Whether a piece is such a word; not where it opens the message, for English "I" is Polish "and"."""
    return bool(parting.at(tokens.words, place)) and place > 0 and not stopped(tokens, place)


def stopped(tokens: Tokens, place: int) -> bool:
    """Whether a stop stands before a piece."""
    return not STOPS.isdisjoint(tokens.gaps[place])
