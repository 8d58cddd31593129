"""The one representation that all heads share: weighted n-grams of a message, computed once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from bot.nlu.text import grams

SEEN_AT_LEAST = 2
"""Messages in which an n-gram must occur: what was seen once teaches only its own message."""


@dataclass(frozen=True)
class Representation:
    """Sublinear tf-idf over the n-grams of bot.nlu.text, of length one."""

    index: dict[str, int]
    idf: NDArray[np.float32]

    @classmethod
    def learned_from(cls, cut: Iterable[Counter[str]]) -> Representation:
        """From messages that are cut into their n-grams."""
        seen: Counter[str] = Counter()
        count = 0
        for found in cut:
            seen.update(found.keys())
            count += 1
        kept = sorted(gram for gram, times in seen.items() if times >= SEEN_AT_LEAST)
        idf = np.log((1 + count) / (1 + np.array([seen[gram] for gram in kept], dtype=np.float64))) + 1
        return cls({gram: number for number, gram in enumerate(kept)}, idf.astype(np.float32))

    def of(self, text: str) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
        """Which n-grams a message has, and how heavy each is; both empty where none is known."""
        known = [place for place in map(self.index.get, grams(text)) if place is not None]
        once = dict.fromkeys(known)
        return self._weighed(once if len(once) == len(known) else Counter(known))

    def _weighed(self, found: Mapping[int, int | None]) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
        """`found`: place of an n-gram -> how often it occurs; no Counter: each once, as in most messages."""
        places = np.array([*found], dtype=np.intp)
        weights = self.idf[places]
        if isinstance(found, Counter):
            weights = (1 + np.log(np.array([*found.values()], dtype=np.float32))) * weights
        length = float(np.sqrt(weights.dot(weights)))
        return places, weights / length if length else weights

    def matrix(self, cut: Iterable[Counter[str]]) -> csr_matrix:
        """Rows for training."""
        places, weights, ends, index = [], [], [0], self.index
        for found in cut:
            where, heavy = self._weighed(
                Counter({index[gram]: times for gram, times in found.items() if gram in index})
            )
            places.append(where)
            weights.append(heavy)
            ends.append(ends[-1] + len(where))
        shape = (len(ends) - 1, len(self.idf))
        return csr_matrix((np.concatenate(weights), np.concatenate(places), ends), shape=shape)
