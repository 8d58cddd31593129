"""The linear heads over the shared representation: one matrix for all of them, one product a message."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Head:
    """One question that is asked of each message: its labels, its columns, and how margins become probabilities.

    `one_of`: exactly one label holds (softmax); otherwise each label for itself (logistic).
    """

    name: str
    labels: tuple[str, ...]
    start: int
    one_of: bool
    scale: float
    """Margins are multiplied by it; learned by calibration."""
    shift: float = 0.0

    @property
    def columns(self) -> range:
        return range(self.start, self.start + len(self.labels))


@dataclass(frozen=True)
class Heads:
    """All heads with their weights: whole numbers of one byte, and what one is worth in each column.

    Against full precision no message of the test sets is understood otherwise by more than 0.03 of a margin.
    """

    heads: tuple[Head, ...]
    weights: NDArray[np.int8]
    worth: NDArray[np.float32]
    bias: NDArray[np.float32]

    @classmethod
    def rounded(cls, heads: tuple[Head, ...], weights: NDArray[np.float64], bias: NDArray[np.float64]) -> Heads:
        worth = np.abs(weights).max(axis=0) / np.iinfo(np.int8).max
        return cls(heads, np.round(weights / worth).astype(np.int8), worth.astype(np.float32), bias.astype(np.float32))

    def scores(self, places: NDArray[np.intp], heavy: NDArray[np.float32]) -> dict[str, NDArray[np.float32]]:
        """Probabilities by head, in the order of each head's labels."""
        margins = heavy @ self.weights[places].astype(np.float32) * self.worth + self.bias if len(places) else self.bias
        scale, shift = self._lines
        own = margins * scale + shift
        each = 1 / (1 + np.exp(-own))
        return {name: _one_of(own[columns]) if one_of else each[columns] for name, columns, one_of in self._cuts}

    def head(self, name: str) -> Head:
        return next(head for head in self.heads if head.name == name)

    @cached_property
    def labels(self) -> dict[str, tuple[str, ...]]:
        """By head."""
        return {head.name: head.labels for head in self.heads}

    @cached_property
    def _cuts(self) -> list[tuple[str, slice, bool]]:
        return [(head.name, slice(head.start, head.columns.stop), head.one_of) for head in self.heads]

    @cached_property
    def _lines(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Scale and shift of each column."""
        lines = np.zeros((2, len(self.bias)), dtype=np.float32)
        for head in self.heads:
            lines[:, head.start : head.columns.stop] = [[head.scale], [head.shift]]
        return lines[0], lines[1]


def _one_of(own: NDArray[np.float32]) -> NDArray[np.float32]:
    raised: NDArray[np.float32] = np.exp(own - np.maximum.reduce(own))
    return raised / np.add.reduce(raised)
