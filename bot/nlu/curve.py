"""Figures beside the plain rates: confidence intervals, the whole curve of thresholds, who is taken for whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from math import sqrt

from bot.nlu.evaluation import Result
from bot.nlu.understanding import UNCLEAR

Z = 1.96
"""Standard deviations of a 95 % interval."""
SHORT, MIDDLE = 3, 8
"""Words: up to SHORT a message is short, up to MIDDLE middling."""


def wilson(part: int, whole: int) -> tuple[float, float]:
    """The 95 % interval of a rate (Wilson 1927), honest also where nothing or everything was right."""
    if not whole:
        return 0.0, 1.0
    rate, z2 = part / whole, Z * Z / whole
    middle = (rate + z2 / 2) / (1 + z2)
    half = Z * sqrt(rate * (1 - rate) / whole + z2 / (4 * whole)) / (1 + z2)
    return max(0.0, middle - half), min(1.0, middle + half)


def best_in_scope(result: Result) -> tuple[str, float]:
    """The likeliest intent but "not understood", and how likely, before any threshold."""
    rows = [row for row in result.heard["intent_ranking"] if row["name"] != UNCLEAR]
    best = max(rows, key=lambda row: float(row["confidence"]))
    return str(best["name"]), float(best["confidence"])


def thresholds(some: list[Result], steps: Iterable[float]) -> list[tuple[float, float, float]]:
    """(threshold, in-scope accuracy, share of out-of-scope caught) if all below a threshold were called not understood."""
    rows = []
    inside = [r for r in some if r.case.intent != UNCLEAR]
    outside = [r for r in some if r.case.intent == UNCLEAR]
    for step in steps:
        right = sum(r.intent != UNCLEAR and r.case.fair(r.intent) and best_in_scope(r)[1] >= step for r in inside)
        caught = sum(r.intent == UNCLEAR or best_in_scope(r)[1] < step for r in outside)
        rows.append((step, right / len(inside), caught / len(outside)))
    return rows


def confusions(some: Iterable[Result]) -> list[tuple[str, str, int, str]]:
    """(meant, heard, how often, an example), the most frequent first."""
    wrong = [r for r in some if not r.case.fair(r.intent)]
    counts = Counter((r.case.intent, r.intent) for r in wrong)
    example = {(r.case.intent, r.intent): r.case.text for r in wrong}
    return [(meant, heard, times, example[meant, heard]) for (meant, heard), times in counts.most_common()]


def length_of(result: Result) -> str:
    words = len(result.case.text.split())
    return "1–3 words" if words <= SHORT else "4–8 words" if words <= MIDDLE else "9 and more"
