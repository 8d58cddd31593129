"""The parts of a message in which danger may stand by itself.

Sentences; what stands between commas and words such as "and"; what stands before and behind each word of a sentence, for who
speaks, or types in haste, puts no stop between two things; and stretches of a few words, for danger may stand in the middle.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.folding import fold
from bot.nlu.phrases import Phrases
from bot.nlu.text import DIGITS, words

SENTENCE, CLAUSE, HALF, STRETCH = "sentence", "clause", "half", "stretch"
FEWEST = {SENTENCE: 2, CLAUSE: 3, HALF: 3}
"""Words in a part."""
MOST_IN_HALF = 20
"""In a longer one danger would drown again, and a long story sounds worse than it is."""
LONG = (5, 6)
"""Words in a stretch."""
MOST_LETTERS, MOST_WORDS = 3000, 200
"""A pasted letter is looked through this far, beyond what the topic is taken from; its halves and stretches in so many words."""
STOP = re.compile(r"[.!?;\n…]+")
COMMA = re.compile(r"[,:]+")
Part = tuple[int, int]
"""From which word to before which."""


def cut(text: str, parting: Phrases) -> tuple[list[str], dict[Part, str]]:
    """A message's words, and its parts with their kinds; none where the message is one short part."""
    said: list[str] = []
    sentences: list[Part] = []
    clauses: list[Part] = []
    for sentence in STOP.split(DIGITS.sub("0", fold(text[:MOST_LETTERS]))):
        begun = len(said)
        for piece in COMMA.split(sentence):
            clauses += _clauses(own := words(piece), len(said), parting)
            said += own
        sentences.append((begun, len(said)))
    within = [(start, min(end, MOST_WORDS)) for start, end in sentences]
    found = [(SENTENCE, part) for part in sentences] + [(CLAUSE, part) for part in clauses]
    found += [(HALF, part) for whole in within for part in halves(*whole)]
    found += [(STRETCH, part) for whole in within for part in stretches(*whole)]
    parts: dict[Part, str] = {}
    for kind, part in found:
        if part[1] - part[0] >= FEWEST.get(kind, 1):
            parts.setdefault(part, kind)
    parts.pop((0, len(said)), None)
    return said, parts


def halves(start: int, end: int) -> Iterator[Part]:
    """What stands before and behind each place at which a sentence can be cut in two."""
    fewest = FEWEST[HALF]
    for place in range(start + fewest, end - fewest + 1):
        if place - start <= MOST_IN_HALF:
            yield start, place
        if end - place <= MOST_IN_HALF:
            yield place, end


def stretches(start: int, end: int) -> Iterator[Part]:
    """What stands in the middle; what touches an edge is a half."""
    for long in LONG:
        for place in range(start + 1, end - long):
            yield place, place + long


def _clauses(said: list[str], begun: int, parting: Phrases) -> list[Part]:
    """Between words that begin a new part; these themselves say nothing."""
    found, start = [], 0
    for place, word in enumerate(said):
        if word in parting.single and place > start:
            found.append((begun + start, begun + place))
            start = place + 1
    return [*found, (begun + start, begun + len(said))]
