"""What was measured, as one table with the ratios first."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from bench.turns.load import Measured, middle

STARTER = "rasa init"
"""The peer that every ratio is against."""
HEAD = ("server", "at once", "× rasa init", "turns/s", "median ms", "p95", "p99", "longest", "MB", "ready s")


@dataclass
class Measurements:
    """`runs`: of each server at each level, one a round, in the order of the rounds."""

    runs: dict[tuple[str, int], list[Measured]] = field(default_factory=lambda: defaultdict(list))
    megabytes: dict[str, float] = field(default_factory=dict)
    ready: dict[str, float] = field(default_factory=dict)

    def add(self, name: str, level: int, run: Measured) -> None:
        self.runs[name, level].append(run)

    def ratio(self, name: str, level: int) -> float | None:
        """Turns a second against the starter's of the same round, the middle of the rounds; None where no starter was asked."""
        beside = self.runs.get((STARTER, level))
        if not beside:
            return None
        pairs = zip(self.runs[name, level], beside, strict=True)
        return statistics.median(run.turns_a_second / other.turns_a_second for run, other in pairs)


def table(found: Measurements) -> Iterator[str]:
    yield f"| {' | '.join(HEAD)} |"
    yield f"|{' --- |' * len(HEAD)}"
    for name in found.ready:
        for level in sorted(level for other, level in found.runs if other == name):
            yield _row(found, name, level)


def _row(found: Measurements, name: str, level: int) -> str:
    run, ratio = middle(found.runs[name, level]), found.ratio(name, level)
    ms = [f"{run.ms(share):.1f}" for share in (0.5, 0.95, 0.99, 1)]
    against = "" if ratio is None else f"{ratio:.1f}"
    cells = (name, level, against, f"{run.turns_a_second:.0f}", *ms)
    return f"| {' | '.join(map(str, cells))} | {found.megabytes[name]:.0f} | {found.ready[name]:.1f} |"
