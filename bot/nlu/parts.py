"""The parts of a message in which danger may stand by itself.

Sentences; what stands between commas and words such as "and"; what stands before and behind each word of a sentence, for who
speaks, or types in haste, puts no stop between two things; and stretches of a few words, for danger may stand in the middle.
"""

from __future__ import annotations

import re

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
    folded = DIGITS.sub("0", fold(text[:MOST_LETTERS]))
    if len(words(folded)) < FEWEST[SENTENCE] + 1:
        return [], {}
    said: list[str] = []
    sentences: list[Part] = []
    clauses: list[Part] = []
    for sentence in STOP.split(folded):
        begun = len(said)
        for piece in COMMA.split(sentence):
            clauses += _clauses(own := words(piece), len(said), parting)
            said += own
        sentences.append((begun, len(said)))
    within = [(start, min(end, MOST_WORDS)) for start, end in sentences]
    found = {SENTENCE: sentences, CLAUSE: clauses}
    found[HALF] = [part for whole in within for part in halves(*whole)]
    found[STRETCH] = [part for whole in within for part in stretches(*whole)]
    parts: dict[Part, str] = {(0, len(said)): SENTENCE}
    for kind, some in found.items():
        fewest = FEWEST.get(kind, 1)
        parts |= {part: kind for part in some if part not in parts and part[1] - part[0] >= fewest}
    del parts[0, len(said)]
    return said, parts


def halves(start: int, end: int) -> list[Part]:
    """What stands before and behind each place at which a sentence can be cut in two."""
    cuts = range(start + FEWEST[HALF], end - FEWEST[HALF] + 1)
    both = [part for place in cuts for part in ((start, place), (place, end))]
    return [(first, last) for first, last in both if last - first <= MOST_IN_HALF]


def stretches(start: int, end: int) -> list[Part]:
    """What stands in the middle; what touches an edge is a half."""
    return [(place, place + long) for long in LONG for place in range(start + 1, end - long)]


def _clauses(said: list[str], begun: int, parting: Phrases) -> list[Part]:
    """Between words that begin a new part; these themselves say nothing."""
    found, start = [], 0
    for place, word in enumerate(said):
        if word in parting.single and place > start:
            found.append((begun + start, begun + place))
            start = place + 1
    return [*found, (begun + start, begun + len(said))]
