"""How margins become probabilities: fitted on messages that a machine did not see."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize


def softmax_scale(margins: NDArray[np.float64], places: NDArray[np.intp]) -> float:
    """The temperature under which the probabilities of unseen messages are the most honest (least log loss)."""

    def loss(scale: NDArray[np.float64]) -> float:
        scaled = margins * scale[0]
        top = scaled.max(axis=1)
        return float(
            np.mean(top + np.log(np.exp(scaled - top[:, None]).sum(axis=1)) - scaled[range(len(places)), places])
        )

    return float(minimize(loss, [3.0], method="Nelder-Mead").x[0])


def logistic(margins: NDArray[np.float64], truth: NDArray[Any]) -> tuple[float, float]:
    """Platt's scaling: slope and offset."""

    def loss(line: NDArray[np.float64]) -> float:
        logit = margins * line[0] + line[1]
        return float(np.mean(np.logaddexp(0, logit) - truth * logit))

    slope, offset = minimize(loss, [3.0, 0.0], method="Nelder-Mead").x
    return float(slope), float(offset)
