"""Danger that stands in one part of a message: "I cannot pay my bills and I do not want to live" is mostly about money.

Sentences, what stands between commas and words such as "and", and every stretch of a few words (who speaks, or types in haste,
puts no stop between two things) are looked at by themselves, all in one product. A part must be surer than a whole message: fewer
words are easily taken for more than they are.
"""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from bot.folding import fold
from bot.nlu.model import Model
from bot.nlu.phrases import Phrases
from bot.nlu.text import DIGITS, pair, pieces, whole, words

SENTENCE, CLAUSE, STRETCH, SHORT = (0.70, 0.40), (0.97, 0.60), (0.998, 0.993), (0.999, 0.997)
"""How likely a crisis must be in such a part to be taken for one, and to be asked about ("are you safe?"). Chosen on the test
sets: docs/understanding.md."""
FEWEST = {SENTENCE: 2, CLAUSE: 3, STRETCH: 5, SHORT: 4}
"""Words in a part; a stretch has just so many."""
MOST_LETTERS, MOST_WORDS = 3000, 200
"""A pasted letter is looked through this far, beyond what the topic is taken from; its stretches in so many words."""
STOP = re.compile(r"[.!?;\n…]+")
COMMA = re.compile(r"[,:]+")
CRISIS = "crisis_"
Danger = tuple[str, float]
"""The likeliest kind, and how likely it is that it is a crisis at all."""
Part = tuple[int, int]
"""From which word to before which."""
Sure = tuple[float, float]


def in_parts(text: str, parting: Phrases, model: Model) -> tuple[Danger | None, Danger | None]:
    """The part that surely is in danger, and the one of which it is to be asked; each None where there is none."""
    said, parts = cut(text, parting)
    if not parts:
        return None, None
    kinds, likely = _dangers(said, list(parts), model)
    sums = likely.sum(axis=1)
    least = np.array(list(parts.values()))
    return tuple(_worst(kinds, likely, sums, sums >= least[:, how]) for how in (0, 1))  # type: ignore[return-value]


def cut(text: str, parting: Phrases) -> tuple[list[str], dict[Part, Sure]]:
    """A message's words, and its parts with how sure each must be; none where the message is one part."""
    said: list[str] = []
    sentences: list[Part] = []
    clauses: list[Part] = []
    for sentence in STOP.split(DIGITS.sub("0", fold(text[:MOST_LETTERS]))):
        begun = len(said)
        for piece in COMMA.split(sentence):
            clauses += _clauses(own := words(piece), len(said), parting)
            said += own
        sentences.append((begun, len(said)))
    stretches = [part for clause in clauses for part in _stretches(*clause, FEWEST[STRETCH])]
    shorter = [part for clause in clauses for part in _stretches(*clause, FEWEST[SHORT])]
    parts: dict[Part, Sure] = {}
    for kind, found in ((SENTENCE, sentences), (CLAUSE, clauses), (STRETCH, stretches), (SHORT, shorter)):
        for start, end in found:
            if end - start >= FEWEST[kind] and (end <= MOST_WORDS or kind in (SENTENCE, CLAUSE)):
                parts.setdefault((start, end), kind)
    parts.pop((0, len(said)), None)
    return said, parts


def _clauses(said: list[str], begun: int, parting: Phrases) -> list[Part]:
    """Between words that begin a new part; these themselves say nothing."""
    found, start = [], 0
    for place, word in enumerate(said):
        if word in parting.single and place > start:
            found.append((begun + start, begun + place))
            start = place + 1
    return [*found, (begun + start, begun + len(said))]


def _stretches(start: int, end: int, long: int) -> list[Part]:
    return [(place, place + long) for place in range(start, end - long + 1)] if end - start > long + 1 else []


def _dangers(said: list[str], parts: list[Part], model: Model) -> tuple[list[str], NDArray[np.float32]]:
    """The kinds of crisis, and how likely each is in each part.

    As the model scores a message, but for n-grams that occur twice in a part: these count twice.
    """
    head = next(known for known in model.heads.heads if known.name == "intent")
    columns = slice(head.start, head.start + len(head.labels))
    starts, ends = np.array(parts).T
    alone = [[whole(word), *pieces(word)] for word in said]
    pairs = [[pair(*two)] for two in zip(said, said[1:], strict=False)]
    sums = _sums(alone, starts, ends, model, columns) + _sums(pairs, starts, ends - 1, model, columns)
    length = np.sqrt(np.maximum(sums[:, -1:], 1e-12))
    margins = sums[:, :-1] / length * model.heads.worth[columns] + model.heads.bias[columns]
    raised = margins * head.scale + head.shift
    raised = np.exp(raised - raised.max(axis=1, keepdims=True))
    likely = raised / raised.sum(axis=1, keepdims=True)
    own = [place for place, label in enumerate(head.labels) if label.startswith(CRISIS)]
    return [head.labels[place].removeprefix(CRISIS) for place in own], likely[:, own]


def _sums(
    grams: list[list[str]], starts: NDArray[np.intp], ends: NDArray[np.intp], model: Model, columns: slice
) -> NDArray[np.float32]:
    """Of each part: what its n-grams add to each label, and in the last column the square of their length."""
    index = model.representation.index
    known = [[index[gram] for gram in own if gram in index] for own in grams]
    edges = np.cumsum([0, *(len(own) for own in known)])
    places = np.array([place for own in known for place in own], dtype=np.intp)
    heavy = model.representation.idf[places]
    so_far = np.zeros((len(places) + 1, columns.stop - columns.start + 1), dtype=np.float32)
    np.cumsum(heavy[:, None] * model.heads.weights[places, columns], axis=0, out=so_far[1:, :-1])
    np.cumsum(heavy**2, out=so_far[1:, -1])
    return np.asarray(so_far[edges[ends]] - so_far[edges[starts]])


def _worst(
    kinds: list[str], likely: NDArray[np.float32], sums: NDArray[np.float32], enough: NDArray[np.bool_]
) -> Danger | None:
    if not enough.any():
        return None
    part = int(np.where(enough, sums, 0).argmax())
    return kinds[int(likely[part].argmax())], float(sums[part])
