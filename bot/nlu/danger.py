"""Danger that stands in one part of a message: "I cannot pay my bills and I do not want to live" is mostly about money.

Every part (bot/nlu/parts.py) is looked at by itself, all in one product, by a head that has learned from parts
(bot/nlu/alarm.py): for the intents, a few words cut out of a calm message are easily taken for more than they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import accumulate, chain
from math import exp, log
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.nlu.model import Model
from bot.nlu.parts import CLAUSE, HALF, SENTENCE, STRETCH, Part, cut
from bot.nlu.phrases import Phrases
from bot.nlu.text import pairs, wholes

SURE = {SENTENCE: (0.70, 0.42), CLAUSE: (0.97, 0.68), HALF: (0.98, 0.68), STRETCH: (0.99, 0.87)}
"""How likely a crisis must be in such a part to be taken for one, and to be asked about ("are you safe?"). Chosen on the test
sets: docs/understanding.md."""
SHARE = 0.2
"""What the other head's log-odds count: of the alarm in a whole message, of the intents in a part."""
SUREST = 8.0
"""Log-odds beyond which no head is believed."""
CRISIS_INTENT, INTENT, ALARM = "crisis_", "intent", "alarm"
Heard = tuple[str, float]
"""The likeliest kind, and how likely it is that it is a crisis at all."""


class Danger:
    """Looks for danger in what a model has scored, and in parts of a message by themselves."""

    def __init__(self, model: Model, parting: Phrases) -> None:
        """`parting`: words that begin a new part of a message."""
        heads, self._parting, self._representation = model.heads, parting, model.representation
        intent, self._alarm = heads.head(INTENT), heads.head(ALARM)
        self._scale = intent.scale
        self._weights = heads.weights
        self._columns = np.array([*intent.columns, *self._alarm.columns])
        self._worth, self._bias = heads.worth[self._columns], heads.bias[self._columns]
        crises = [(place, label) for place, label in enumerate(intent.labels) if label.startswith(CRISIS_INTENT)]
        self._crises = [place for place, _ in crises]
        self._kinds = [label.removeprefix(CRISIS_INTENT) for _, label in crises]

    def in_whole(self, scores: Mapping[str, NDArray[np.float32]]) -> Heard:
        """Of a whole message: the likeliest kind of the intents, and how likely it is a crisis at all, whichever."""
        intents = scores[INTENT].tolist()
        likely = [intents[place] for place in self._crises]
        both = _odds_of(sum(likely)) + SHARE * _odds_of(float(scores[ALARM][0]))
        return self._kinds[likely.index(max(likely))], 1 / (1 + exp(-both))

    def in_parts(self, text: str) -> tuple[Heard | None, Heard | None]:
        """The part that surely is in danger, and the one of which it is to be asked; each None where there is none."""
        said, parts = cut(text, self._parting)
        if not parts:
            return None, None
        kind, danger = self._dangers(said, list(parts))
        least = np.array([SURE[part] for part in parts.values()])
        found: list[Heard | None] = []
        for how in (0, 1):
            above = np.where(danger >= least[:, how], danger, 0)
            worst = int(above.argmax())
            found.append((self._kinds[kind[worst]], float(danger[worst])) if above[worst] else None)
        return found[0], found[1]

    def _dangers(self, said: list[str], parts: list[Part]) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        """Of each part the likeliest kind (its number) and how likely it is a crisis at all.

        As the model scores a message, but for n-grams that occur twice in a part: these count twice.
        """
        starts, ends = np.array(parts).T
        known = self._representation
        alone = [
            known.places([word]) + known.places_of_pieces(own) for word, own in zip(wholes(said), said, strict=True)
        ]
        both = [known.places([pair]) for pair in pairs(said)]
        sums = self._sums(alone, starts, ends) + self._sums(both, starts, ends - 1)
        length = np.sqrt(np.maximum(sums[:, -1:], 1e-12))
        margins = sums[:, :-1] / length * self._worth + self._bias
        raised = margins[:, :-1] * self._scale
        raised = np.exp(raised - np.maximum.reduce(raised, axis=1, keepdims=True))
        likely = (raised / np.add.reduce(raised, axis=1, keepdims=True))[:, self._crises]
        alarm = 1 / (1 + np.exp(-margins[:, -1] * self._alarm.scale - self._alarm.shift))
        return likely.argmax(axis=1), _together(alarm, np.add.reduce(likely, axis=1))

    def _sums(self, known: list[list[int]], starts: NDArray[np.intp], ends: NDArray[np.intp]) -> NDArray[np.float32]:
        """Of each part: what its n-grams add to each label, and in the last column the square of their length."""
        edges = np.array([*accumulate(map(len, known), initial=0)])
        places = np.array([*chain.from_iterable(known)], dtype=np.intp)
        heavy = self._representation.idf[places]
        so_far = np.zeros((len(places) + 1, len(self._columns) + 1), dtype=np.float32)
        (heavy[:, None] * self._weights[places][:, self._columns]).cumsum(axis=0, out=so_far[1:, :-1])
        (heavy**2).cumsum(out=so_far[1:, -1])
        return np.asarray(so_far[edges[ends]] - so_far[edges[starts]])


def _odds_of(likely: float) -> float:
    """`_log_odds` of one number, which numpy takes ten times as long for."""
    near = min(max(likely, 1e-9), 1 - 1e-9)
    return min(max(log(near / (1 - near)), -SUREST), SUREST)


def _together(first: Any, second: Any) -> Any:
    """One probability of two: the first's log-odds, and a share of the second's."""
    return 1 / (1 + np.exp(-_log_odds(first) - SHARE * _log_odds(second)))


def _log_odds(likely: Any) -> Any:
    near = np.minimum(np.maximum(np.asarray(likely, dtype=np.float64), 1e-9), 1 - 1e-9)
    return np.minimum(np.maximum(np.log(near / (1 - near)), -SUREST), SUREST)
