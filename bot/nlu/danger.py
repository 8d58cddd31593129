"""Danger that stands in one part of a message: "I cannot pay my bills and I do not want to live" is mostly about money.

Every part (bot/nlu/parts.py) is looked at by itself, all in one product, by a head that has learned from parts
(bot/nlu/alarm.py): for the intents, a few words cut out of a calm message are easily taken for more than they are.
"""

from __future__ import annotations

from functools import lru_cache
from math import exp, log
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.nlu.heads import Head
from bot.nlu.model import Model
from bot.nlu.parts import CLAUSE, HALF, SENTENCE, STRETCH, Part, cut
from bot.nlu.phrases import Phrases
from bot.nlu.text import pair, pieces, whole

SURE = {SENTENCE: (0.70, 0.42), CLAUSE: (0.97, 0.68), HALF: (0.98, 0.68), STRETCH: (0.99, 0.87)}
"""How likely a crisis must be in such a part to be taken for one, and to be asked about ("are you safe?"). Chosen on the test
sets: docs/understanding.md."""
SHARE = 0.2
"""What the other head's log-odds count: of the alarm in a whole message, of the intents in a part."""
SUREST = 8.0
"""Log-odds beyond which no head is believed."""
CRISIS_INTENT, ALARM = "crisis_", "alarm"
Danger = tuple[str, float]
"""The likeliest kind, and how likely it is that it is a crisis at all."""


def in_whole(scores: dict[str, NDArray[np.float32]], labels: tuple[str, ...]) -> Danger:
    """Of a whole message: the likeliest kind of the intents, and how likely it is a crisis at all, whichever."""
    kinds = {label.removeprefix(CRISIS_INTENT): float(scores["intent"][place]) for place, label in _crises(labels)}
    both = _odds_of(sum(kinds.values())) + SHARE * _odds_of(float(scores[ALARM][0]))
    return max(kinds, key=kinds.__getitem__), 1 / (1 + exp(-both))


def in_parts(text: str, parting: Phrases, model: Model) -> tuple[Danger | None, Danger | None]:
    """The part that surely is in danger, and the one of which it is to be asked; each None where there is none."""
    said, parts = cut(text, parting)
    if not parts:
        return None, None
    kinds, kind, danger = _dangers(said, list(parts), model)
    least = np.array([SURE[part] for part in parts.values()])
    found: list[Danger | None] = []
    for how in (0, 1):
        above = np.where(danger >= least[:, how], danger, 0)
        worst = int(above.argmax())
        found.append((kinds[kind[worst]], float(danger[worst])) if above[worst] else None)
    return found[0], found[1]


@lru_cache
def _crises(labels: tuple[str, ...]) -> list[tuple[int, str]]:
    return [(place, label) for place, label in enumerate(labels) if label.startswith(CRISIS_INTENT)]


def _odds_of(likely: float) -> float:
    """`_log_odds` of one number, which numpy takes ten times as long for."""
    near = min(max(likely, 1e-9), 1 - 1e-9)
    return min(max(log(near / (1 - near)), -SUREST), SUREST)


def _together(first: Any, second: Any) -> Any:
    """One probability of two: the first's log-odds, and a share of the second's."""
    return 1 / (1 + np.exp(-_log_odds(first) - SHARE * _log_odds(second)))


def _log_odds(likely: Any) -> Any:
    near = np.clip(np.asarray(likely, dtype=np.float64), 1e-9, 1 - 1e-9)
    return np.clip(np.log(near / (1 - near)), -SUREST, SUREST)


def _dangers(
    said: list[str], parts: list[Part], model: Model
) -> tuple[list[str], NDArray[np.intp], NDArray[np.float64]]:
    """The kinds of crisis, and of each part the likeliest and how likely it is a crisis at all.

    As the model scores a message, but for n-grams that occur twice in a part: these count twice.
    """
    intent, alarm = (next(head for head in model.heads.heads if head.name == name) for name in ("intent", ALARM))
    columns = np.array([*_columns(intent), *_columns(alarm)])
    starts, ends = np.array(parts).T
    alone = [[whole(word), *pieces(word)] for word in said]
    pairs = [[pair(*two)] for two in zip(said, said[1:], strict=False)]
    sums = _sums(alone, starts, ends, model, columns) + _sums(pairs, starts, ends - 1, model, columns)
    length = np.sqrt(np.maximum(sums[:, -1:], 1e-12))
    margins = sums[:, :-1] / length * model.heads.worth[columns] + model.heads.bias[columns]
    raised = margins[:, :-1] * intent.scale
    raised = np.exp(raised - raised.max(axis=1, keepdims=True))
    own = _crises(intent.labels)
    likely = (raised / raised.sum(axis=1, keepdims=True))[:, [place for place, _ in own]]
    danger = _together(1 / (1 + np.exp(-margins[:, -1] * alarm.scale - alarm.shift)), likely.sum(axis=1))
    return [label.removeprefix(CRISIS_INTENT) for _, label in own], likely.argmax(axis=1), danger


def _columns(head: Head) -> range:
    return range(head.start, head.start + len(head.labels))


def _sums(
    grams: list[list[str]], starts: NDArray[np.intp], ends: NDArray[np.intp], model: Model, columns: NDArray[np.intp]
) -> NDArray[np.float32]:
    """Of each part: what its n-grams add to each label, and in the last column the square of their length."""
    index = model.representation.index
    known = [[index[gram] for gram in own if gram in index] for own in grams]
    edges = np.cumsum([0, *(len(own) for own in known)])
    places = np.array([place for own in known for place in own], dtype=np.intp)
    heavy = model.representation.idf[places]
    so_far = np.zeros((len(places) + 1, len(columns) + 1), dtype=np.float32)
    np.cumsum(heavy[:, None] * model.heads.weights[places][:, columns], axis=0, out=so_far[1:, :-1])
    np.cumsum(heavy**2, out=so_far[1:, -1])
    return np.asarray(so_far[edges[ends]] - so_far[edges[starts]])
