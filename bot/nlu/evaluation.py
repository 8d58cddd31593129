"""Measures the understanding on the test sets of tests/understanding: what the targets ask for, per language and register."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from bot.nlu.danger import CRISIS_INTENT
from bot.nlu.understanding import UNCLEAR, Understanding

BESIDE = "beside"
"""Register of the set in which danger stands beside a need, or only seems to: hard on purpose, so it has floors of its own."""


@dataclass(frozen=True)
class Case:
    """One message of a test set with what a fair judge expects."""

    text: str
    intent: str
    language: tuple[str, ...]
    accept: tuple[str, ...] = ()
    topics: frozenset[str] = frozenset()
    drempels: frozenset[str] = frozenset()
    register: str = ""

    def fair(self, intent: str) -> bool:
        return intent == self.intent or intent in self.accept


@dataclass
class Score:
    """Counts over some cases; each rate is None where there is nothing to count."""

    cases: int = 0
    right: int = 0
    top3: int = 0
    in_scope: int = 0
    in_scope_right: int = 0
    language_right: int = 0
    out_of_scope: int = 0
    out_of_scope_caught: int = 0
    crisis: int = 0
    crisis_missed: int = 0
    crisis_silent: int = 0
    calm: int = 0
    false_alarms: int = 0
    labels: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def rate(self, part: int, whole: int) -> float | None:
        return part / whole if whole else None

    def f1(self, what: str) -> float | None:
        counts = self.labels[what]
        whole = 2 * counts["hit"] + counts["false"] + counts["missed"]
        return 2 * counts["hit"] / whole if whole else None


@dataclass(frozen=True)
class Result:
    """One case and what was understood."""

    case: Case
    heard: dict[str, Any]

    @property
    def intent(self) -> str:
        return str(self.heard["intent"]["name"])


def read_cases(folder: Path) -> list[Case]:
    """All test sets of a folder; the file's name is its language, `mixed` names them on each line."""
    found = []
    for path in sorted(folder.glob("*.yml")):
        if path.stem.startswith(("places_", "regressions")):
            continue
        for row in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader):
            found.append(_case(row, path.stem))
    return found


def _case(row: dict[str, Any], name: str) -> Case:
    languages = tuple(row.get("languages") or (name,))
    return Case(
        str(row["text"]), row["intent"], languages, tuple(row.get("accept") or ()), frozenset(row.get("topics") or ()),
        frozenset(row.get("drempels") or ()), "mixed" if name == "mixed" else row.get("register", ""),
    )  # fmt: skip


def results(understanding: Understanding, cases: Iterable[Case]) -> list[Result]:
    return [Result(case, understanding.of(case.text)) for case in cases]


def score(some: Iterable[Result]) -> Score:
    """Everything that is counted over these results."""
    total = Score()
    for result in some:
        _intent(total, result)
        _crisis(total, result)
        total.language_right += result.heard["language"]["code"] in result.case.language
        for what, wanted in (("topics", result.case.topics), ("drempels", result.case.drempels)):
            given = set(result.heard[what])
            total.labels[what].update(hit=len(given & wanted), false=len(given - wanted), missed=len(wanted - given))
    return total


def _intent(total: Score, result: Result) -> None:
    right = result.case.fair(result.intent)
    total.cases += 1
    total.right += right
    total.top3 += any(result.case.fair(row["name"]) for row in result.heard["intent_ranking"][:3])
    if result.case.intent == UNCLEAR:
        total.out_of_scope += 1
        total.out_of_scope_caught += right
    else:
        total.in_scope += 1
        total.in_scope_right += right


def _crisis(total: Score, result: Result) -> None:
    """Missed: a crisis in which no crisis is heard; silent: nor asked about. False alarm: a number where nobody is in danger."""
    alarm = result.intent.startswith(CRISIS_INTENT)
    if result.case.intent.startswith(CRISIS_INTENT):
        total.crisis += 1
        total.crisis_missed += not alarm
        total.crisis_silent += not alarm and result.heard["doubt"] is None
    else:
        total.calm += 1
        total.false_alarms += alarm and not any(name.startswith(CRISIS_INTENT) for name in result.case.accept)
