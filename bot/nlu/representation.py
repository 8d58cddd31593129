"""The one representation that all heads share: weighted n-grams of a message, computed once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
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
    def learned_from(cls, texts: Iterable[str]) -> Representation:
        seen: Counter[str] = Counter()
        count = 0
        for text in texts:
            seen.update(set(grams(text)))
            count += 1
        kept = sorted(gram for gram, times in seen.items() if times >= SEEN_AT_LEAST)
        idf = np.log((1 + count) / (1 + np.array([seen[gram] for gram in kept], dtype=np.float64))) + 1
        return cls({gram: number for number, gram in enumerate(kept)}, idf.astype(np.float32))

    def of(self, text: str) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
        """Which n-grams, and how heavy each is; both empty where nothing is known."""
        index = self.index
        counts: dict[int, int] = {}
        for gram in grams(text):
            place = index.get(gram)
            if place is not None:
                counts[place] = counts.get(place, 0) + 1
        places = np.fromiter(counts.keys(), dtype=np.intp, count=len(counts))
        times = np.fromiter(counts.values(), dtype=np.float32, count=len(counts))
        weights = (1 + np.log(times)) * self.idf[places]
        length = float(np.sqrt(np.dot(weights, weights)))
        return places, weights / length if length else weights

    def matrix(self, texts: Iterable[str]) -> csr_matrix:
        """Rows for training."""
        places, weights, ends = [], [], [0]
        for text in texts:
            where, heavy = self.of(text)
            places.append(where)
            weights.append(heavy)
            ends.append(ends[-1] + len(where))
        shape = (len(ends) - 1, len(self.idf))
        return csr_matrix((np.concatenate(weights), np.concatenate(places), ends), shape=shape)
