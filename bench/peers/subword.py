"""Subword vectors of our own text, as fastText learns them: each n-gram a vector, a message their weighed sum, one hidden layer.

For the comparison only (docs/understanding.md); plain numpy, so that nothing has to be installed for it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

SIZE, EPOCHS, BATCH, RATE, FORGET, SEED = 128, 6, 128, 0.08, 0.2, 2026


def softmax(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return raised / raised.sum(axis=1, keepdims=True)


class Subword:
    """Learns with Adagrad, dropping a fifth of the n-grams each time."""

    def fit(self, rows: csr_matrix, wanted: NDArray[np.str_]) -> Subword:
        chance = np.random.default_rng(SEED)
        self.classes_, places = np.unique(wanted, return_inverse=True)
        self.vectors = chance.normal(0, 0.1, (rows.shape[1], SIZE)).astype(np.float32)
        self.out = chance.normal(0, SIZE**-0.5, (SIZE, len(self.classes_))).astype(np.float32)
        seen_vectors = np.full((rows.shape[1], 1), 1e-6, np.float32)
        seen_out = np.full_like(self.out, 1e-6)
        for epoch in range(EPOCHS):
            rate = RATE * (1 - epoch / EPOCHS) + RATE / 20
            order = chance.permutation(rows.shape[0])
            for start in range(0, len(order), BATCH):
                some = order[start : start + BATCH]
                self._step(rows[some].astype(np.float32), places[some], rate, chance, seen_vectors, seen_out)
        return self

    def _step(self, x, truth, rate, chance, seen_vectors, seen_out) -> None:  # type: ignore[no-untyped-def]
        x.data *= (chance.random(len(x.data)) > FORGET) / (1 - FORGET)
        hidden = x @ self.vectors
        alive = np.maximum(hidden, 0)
        wrong = softmax(alive @ self.out)
        wrong[range(len(truth)), truth] -= 1
        wrong /= len(truth)
        back = wrong @ self.out.T * (hidden > 0)
        step = alive.T @ wrong
        seen_out += step * step
        self.out -= rate * 0.3 * step / np.sqrt(seen_out)
        used, where = np.unique(x.indices, return_inverse=True)
        step = csr_matrix((x.data, where, x.indptr), shape=(x.shape[0], len(used))).T @ back
        seen_vectors[used] += (step * step).mean(axis=1, keepdims=True)
        self.vectors[used] -= rate * step / np.sqrt(seen_vectors[used])

    def decision_function(self, rows: csr_matrix) -> NDArray[np.float32]:
        return np.maximum(rows @ self.vectors, 0) @ self.out
