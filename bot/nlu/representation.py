"""The one representation that all heads share: weighted n-grams of a message, computed once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from bot.nlu.text import pairs, pieces, said_in, telling_letters, whole, wholes

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
        said = said_in(text)
        known = self.places(chain(wholes(said), pairs(said)))
        for word in said:
            known += self.places_of_pieces(word)
        if not text.isascii():
            known += self.places(telling_letters(text))
        once = dict.fromkeys(known)
        return self._weighed(once if len(once) == len(known) else Counter(known))

    def places(self, found: Iterable[str]) -> list[int]:
        """Of those n-grams that are known, in their order."""
        return [place for place in map(self.index.get, found) if place is not None]

    def places_of_pieces(self, word: str) -> list[int]:
        """Of a word's pieces. Kept for words of the material, of which most messages are made; never for any other."""
        known = self._in_pieces.get(word)
        if known is None:
            known = self.places(pieces(word))
            if whole(word) in self.index:
                self._in_pieces[word] = known
        return known

    @cached_property
    def _in_pieces(self) -> dict[str, list[int]]:
        return {}

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
