"""Learns the model from the material: representation, then every head, calibrated on messages that it did not see."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from multiprocessing import get_context
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.model_selection import train_test_split
from sklearn.multiclass import OneVsRestClassifier
from sklearn.svm import LinearSVC

from bot.nlu.alarm import learn_alarm
from bot.nlu.calibration import logistic, softmax_scale
from bot.nlu.heads import Head, Heads
from bot.nlu.material import NO_LANGUAGE, Utterance
from bot.nlu.model import Model
from bot.nlu.representation import Representation
from bot.nlu.text import grams
from bot.taxonomy import taxonomy

SEED = 2026
SEEN, HELD_OUT = 0.25, 0.08
"""For calibration only: probabilities are fitted on messages that were not seen. The weights are learned from all; a machine
for calibration from fewer, for it takes half the time and its margins are as wide."""
AT_ONCE = 2
"""Heads that are learned at the same time, each in a fresh process: the solver draws lots from a state that threads, or the
next head in the same process, would share, and the same material would give another model each time."""
STRENGTH = 0.5
"""C of the linear machines, by the table in docs/understanding.md."""
CLOSE_ENOUGH = 0.1
"""When a machine stops learning (liblinear's tolerance): closer took a third longer and understood no better."""


def train(material: list[Utterance]) -> Model:
    """The same material gives the same model."""
    cut = [Counter(grams(utterance.text)) for utterance in material]
    representation = Representation.learned_from(cut)
    rows = representation.matrix(cut)
    heads, weights, bias, start = [], [], [], 0
    tasks = (_intent, _topics, _drempels, partial(learn_alarm, representation=representation), _language)
    with get_context("fork").Pool(AT_ONCE, maxtasksperchild=1) as pool:
        learned = pool.starmap(_run, [(learn, material, rows) for learn in tasks], chunksize=1)
    for head, column_weights, column_bias in learned:
        heads.append(replace(head, start=start))
        weights.append(column_weights)
        bias.append(column_bias)
        start += len(head.labels)
    return Model(representation, Heads.rounded(tuple(heads), np.vstack(weights).T, np.concatenate(bias)))


def _run(
    learn: Callable[[list[Utterance], csr_matrix], Learned], material: list[Utterance], rows: csr_matrix
) -> Learned:
    return learn(material, rows)


Learned = tuple[Head, NDArray[np.float64], NDArray[np.float64]]


def _intent(material: list[Utterance], rows: csr_matrix) -> Learned:
    """What only holds somebody back is a class of its own: else "I am ashamed" would have to be some need, or a crisis."""
    return _one_of("intent", rows, material, lambda u: u.intent, lambda u: u.intent != NO_LANGUAGE)


def _language(material: list[Utterance], rows: csr_matrix) -> Learned:
    return _one_of("language", rows, material, lambda u: u.language, lambda u: True)


def _topics(material: list[Utterance], rows: csr_matrix) -> Learned:
    return _each("topics", taxonomy().topics, rows, material, lambda u: u.topics, lambda u: u.teaches_intent)


def _drempels(material: list[Utterance], rows: csr_matrix) -> Learned:
    return _each(
        "drempels", taxonomy().drempels, rows, material, lambda u: u.drempels, lambda u: u.language != NO_LANGUAGE
    )


def _one_of(
    name: str, rows: csr_matrix, material: list[Utterance], label: Callable[[Utterance], str],
    taught: Callable[[Utterance], bool],
) -> Learned:  # fmt: skip
    chosen = [number for number, utterance in enumerate(material) if taught(utterance)]
    wanted = np.array([label(material[number]) for number in chosen])
    machine = LinearSVC(C=STRENGTH, tol=CLOSE_ENOUGH, random_state=SEED)
    unseen, truth = _unseen(machine, rows[chosen], wanted)
    known = np.isin(truth, machine.classes_)  # little material may have labels that the part for calibration lacks
    scale = softmax_scale(unseen[known], np.searchsorted(machine.classes_, truth[known]))
    machine.fit(rows[chosen], wanted)
    labels = tuple(str(label) for label in machine.classes_)
    return Head(name, labels, 0, True, scale), machine.coef_, machine.intercept_


def _each(
    name: str, labels: tuple[str, ...], rows: csr_matrix, material: list[Utterance],
    having: Callable[[Utterance], tuple[str, ...]], taught: Callable[[Utterance], bool],
) -> Learned:  # fmt: skip
    chosen = [number for number, utterance in enumerate(material) if taught(utterance)]
    wanted = np.array([[label in having(material[number]) for label in labels] for number in chosen], dtype=int)
    machine = OneVsRestClassifier(LinearSVC(C=STRENGTH, tol=CLOSE_ENOUGH, random_state=SEED))
    unseen, truth = _unseen(machine, rows[chosen], wanted)
    machine.fit(rows[chosen], wanted)
    weights = np.vstack([single.coef_[0] for single in machine.estimators_])
    bias = np.array([single.intercept_[0] for single in machine.estimators_])
    scale, shift = logistic(unseen.ravel(), truth.ravel())
    return Head(name, labels, 0, False, scale, shift), weights, bias


def _unseen(machine: LinearSVC, rows: csr_matrix, wanted: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Margins for messages that were held out of the learning, and their true labels."""
    seen, held, taught, truth = train_test_split(rows, wanted, train_size=SEEN, test_size=HELD_OUT, random_state=SEED)
    return machine.fit(seen, taught).decision_function(held), truth
