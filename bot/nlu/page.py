"""docs/understanding.md, written from what was measured: nothing in it is put there by hand but its plain sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import yaml

from bot.nlu.curve import confusions, length_of, thresholds, wilson
from bot.nlu.evaluation import Result, score
from bot.paths import ROOT

FRAME = ROOT / "docs" / "understanding.frame.md"
"""The page's sentences, with a place for each table."""
COMPARISON = ROOT / "docs" / "understanding.comparison.yml"
"""What `make peers` measured of the other models."""
STEPS = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
MOST_CONFUSIONS = 12

Row = list[str]


def page(found: list[Result], unseen: list[Result], seconds: float) -> str:
    """The whole page; `unseen`: of the sets that nothing was tuned on; `seconds` is what one message took on average."""
    tables = {
        "n": str(len(found)),
        "speed": f"{1 / seconds:,.0f}",
        "languages": _rates(_by(found, _language)),
        "registers": _rates(_by(found, lambda result: result.case.register or "plain")),
        "crisis": _crisis(found),
        "unseen": _crisis(unseen),
        "lengths": _lengths(found),
        "thresholds": _table(["threshold", "in scope right", "out of scope caught"], _thresholds(found)),
        "confusions": _table(["meant", "heard", "times", "for example"], _confusions(found)),
        "comparison": _comparison(COMPARISON),
    }
    text = FRAME.read_text(encoding="utf-8")
    for name, table in tables.items():
        text = text.replace(f"{{{name}}}", table)
    return text


def _language(result: Result) -> str:
    return "mixed" if result.case.register == "mixed" else result.case.language[0]


def _by(found: Iterable[Result], key: Callable[[Result], str]) -> dict[str, list[Result]]:
    groups: dict[str, list[Result]] = {}
    for result in found:
        groups.setdefault(key(result), []).append(result)
    return dict(sorted(groups.items()))


def _rates(groups: dict[str, list[Result]]) -> str:
    dutch = groups.get("nl")
    base = score(dutch).right / len(dutch) if dutch else None
    rows = []
    for name, some in groups.items():
        s = score(some)
        gap = f"{s.right / s.cases - base:+.3f}" if base is not None else "–"
        rates = (s.right / s.cases, s.top3 / s.cases, s.rate(s.out_of_scope_caught, s.out_of_scope),
                 s.language_right / s.cases, s.f1("topics"), s.f1("drempels"))  # fmt: skip
        rows.append([name, str(s.cases), *("–" if rate is None else f"{rate:.3f}" for rate in rates), gap])
    head = [
        "",
        "messages",
        "intent",
        "top 3",
        "out of scope caught",
        "language",
        "topics F1",
        "drempels F1",
        "against Dutch",
    ]
    return _table(head, rows)


def _crisis(found: list[Result]) -> str:
    rows = []
    for name, some in {"all": found, **_by(found, _language)}.items():
        s = score(some)
        heard, false = s.crisis - s.crisis_missed, s.false_alarms
        asked = sum(r.heard["doubt"] is not None for r in some if r.case.intent.startswith("crisis_"))
        low, high = wilson(heard, s.crisis)
        least, most = wilson(false, s.calm)
        rows.append([name, f"{heard} of {s.crisis}", f"{low:.2f}–{high:.2f}", str(asked), f"{false} of {s.calm}",
                     f"{least:.3f}–{most:.3f}"])  # fmt: skip
    return _table(["", "heard", "95 %", "asked back", "false alarms", "95 %"], rows)


def _lengths(found: list[Result]) -> str:
    rows = []
    for name, some in _by(found, length_of).items():
        s = score(some)
        rows.append([name, str(s.cases), f"{s.language_right / s.cases:.3f}", f"{s.right / s.cases:.3f}"])
    return _table(["length", "messages", "language", "intent"], rows)


def _thresholds(found: list[Result]) -> list[Row]:
    return [[f"{step:.2f}", f"{right:.3f}", f"{caught:.3f}"] for step, right, caught in thresholds(found, STEPS)]


def _confusions(found: list[Result]) -> list[Row]:
    rows = confusions(found)[:MOST_CONFUSIONS]
    return [[meant, heard, str(times), example.replace("|", "/")] for meant, heard, times, example in rows]


def _comparison(path: Path) -> str:
    rows = yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else []
    head = [
        "model",
        "examples",
        "intent",
        "top 3",
        "out of scope caught",
        "crisis heard",
        "false alarms",
        "training s",
        "ms a message",
    ]
    keys = (
        "model",
        "examples",
        "intent",
        "top3",
        "out_of_scope",
        "crisis",
        "false_alarms",
        "training_seconds",
        "milliseconds",
    )
    return _table(head, [[str(row.get(key, "–")) for key in keys] for row in rows])


def _table(head: Row, rows: Iterable[Row]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(row)} |" for row in lines)
