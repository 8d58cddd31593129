"""The head that learns what danger looks like in a part of a message: one question, crisis or not.

It learns from whole messages; from parts that are cut out of calm ones, often out of two needs in one message (these parts are
calm, too, however they sound: first any, then those by which it would still be alarmed); and from crises with a few words of a
need beside them, as a cut seldom falls right.
"""

from __future__ import annotations

import random
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags, vstack
from sklearn.svm import LinearSVC

from bot.nlu.calibration import logistic
from bot.nlu.danger import ALARM, CRISIS_INTENT
from bot.nlu.heads import Head
from bot.nlu.material import Utterance
from bot.nlu.parts import Part, halves, stretches
from bot.nlu.representation import Representation
from bot.nlu.text import pairs, pieces, said_in, wholes

NEED = "hulp_"
SEED = 2026
STRENGTH, CLOSE_ENOUGH = 2.0, 0.01
"""C and tolerance of the machine."""
FROM_EACH = 3
"""Parts of each calm message; every second need is followed by another one before it is cut."""
ANY, ALARMING = 15_000, 20_000
"""Parts of calm messages that are learned from: by lot, and of all others the most alarming ones."""
SHORT, PIECE = 9, 3
"""Words that a crisis has at most to be put beside a piece of a need, and that this piece has at most."""
EARLY = 4
"""Of the messages, one in so many is learned from at first; another one in so many is for calibration alone."""
Said = list[list[str]]
"""The words of some messages, or of parts of them."""


def learn_alarm(
    material: list[Utterance], rows: csr_matrix, representation: Representation
) -> tuple[Head, NDArray[np.float64], NDArray[np.float64]]:
    """The head, its weights and its bias; the same material gives the same."""
    chance = random.Random(SEED)
    said = [said_in(utterance.text) for utterance in material]
    chosen = [number for number, utterance in enumerate(material) if utterance.teaches_intent]
    alarm = np.array([material[number].intent.startswith(CRISIS_INTENT) for number in chosen])
    lines = rows[chosen]
    beside = part_rows(_beside(material, said, chance), representation)
    calm = _calm_parts(material, said, chance)
    lots = min(ANY, len(calm) // 2)
    some, others = part_rows(calm[:lots], representation), part_rows(calm[lots:], representation)
    held = np.arange(len(chosen)) % EARLY == 0
    few = np.arange(len(chosen)) % EARLY == 1
    first = _machine([lines[few], beside], [some], alarm[few])
    scale, shift = logistic(first.decision_function(lines[held]), alarm[held])
    worst = np.argsort(-first.decision_function(others), kind="stable")[:ALARMING]
    last = _machine([lines, beside], [some, others[np.sort(worst)]], alarm)
    return Head(ALARM, (ALARM,), 0, False, scale, shift), last.coef_, last.intercept_


def _machine(first: list[csr_matrix], calm: list[csr_matrix], alarm: NDArray[np.bool_]) -> LinearSVC:
    """`first`: messages, of which `alarm` tells, and crises beside something; `calm`: all calm."""
    lines, beside = first
    quiet = sum(part.shape[0] for part in calm)
    wanted = np.concatenate([alarm, np.ones(beside.shape[0], dtype=bool), np.zeros(quiet, dtype=bool)])
    machine = LinearSVC(C=STRENGTH, tol=CLOSE_ENOUGH, random_state=SEED)
    return machine.fit(vstack([lines, beside, *calm]).tocsr(), wanted)


def _needs(material: list[Utterance], said: Said) -> dict[str, Said]:
    """By language."""
    found: dict[str, Said] = {}
    for utterance, own in zip(material, said, strict=True):
        if utterance.intent.startswith(NEED):
            found.setdefault(utterance.language, []).append(own)
    return found


def _calm_parts(material: list[Utterance], said: Said, chance: random.Random) -> Said:
    """Of calm messages, in a random order."""
    needs = _needs(material, said)
    found: Said = []
    for utterance, own in zip(material, said, strict=True):
        if not utterance.teaches_intent or utterance.intent.startswith(CRISIS_INTENT):
            continue
        if utterance.intent.startswith(NEED) and chance.random() < 0.5:
            own = own + chance.choice(needs[utterance.language])
        parts: list[Part] = [*halves(0, len(own)), *stretches(0, len(own))]
        found += [own[start:end] for start, end in chance.sample(parts, min(FROM_EACH, len(parts)))]
    chance.shuffle(found)
    return found


def _beside(material: list[Utterance], said: Said, chance: random.Random) -> Said:
    """Each short crisis with some words of a need of the same language before or behind it."""
    needs = _needs(material, said)
    found: Said = []
    for utterance, own in zip(material, said, strict=True):
        if utterance.intent.startswith(CRISIS_INTENT) and 1 < len(own) <= SHORT and utterance.language in needs:
            need, long = chance.choice(needs[utterance.language]), chance.randint(1, PIECE)
            found.append(own + need[:long] if chance.random() < 0.5 else need[-long:] + own)
    return found


def part_rows(parts: Said, representation: Representation) -> csr_matrix:
    """Parts as bot.nlu.danger weighs them: an n-gram that occurs twice counts twice."""
    known: dict[str, int] = {}
    spoken = [[known.setdefault(word, len(known)) for word in part] for part in parts]
    alone = _counted([[word, *pieces(own)] for word, own in zip(wholes([*known]), known, strict=True)], representation)
    both = _counted([pairs(part) for part in parts], representation)
    found = (_ones(spoken, len(known)) @ alone + both).tocsr()
    found.data *= representation.idf[found.indices]
    length = np.sqrt(np.asarray(found.multiply(found).sum(axis=1)).ravel())
    return (diags(1 / np.where(length > 0, length, 1)) @ found).tocsr()


def _counted(grams: list[list[str]], representation: Representation) -> csr_matrix:
    index = representation.index
    return _ones([[index[gram] for gram in own if gram in index] for own in grams], len(index))


def _ones(places: list[list[int]], wide: int) -> csr_matrix:
    """A row for each list, one for each place in it."""
    ends = np.cumsum([0, *map(len, places)])
    flat = np.fromiter(chain.from_iterable(places), dtype=np.int32, count=int(ends[-1]))
    return csr_matrix((np.ones(len(flat)), flat, ends), shape=(len(places), wide))
