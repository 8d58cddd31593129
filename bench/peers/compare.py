"""Puts the models beside each other on the test messages: python bench/peers/compare.py FOLDER EXAMPLES (of `export.py`).

Every model takes its likeliest intent ("not understood" is one of them, or its own fallback); no threshold is tuned for any.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from export import part_of
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC
from subword import Subword

from bot.nlu.evaluation import Case, read_cases
from bot.nlu.material import Utterance, read_material
from bot.nlu.page import COMPARISON
from bot.nlu.representation import Representation
from bot.nlu.text import grams
from bot.nlu.understanding import UNCLEAR
from bot.paths import NLU, ROOT

MODELS = {
    "n-grams, logistic regression": lambda: LogisticRegression(C=30, solver="liblinear", tol=0.01),
    "n-grams, linear SVM (ours)": lambda: LinearSVC(C=0.5, tol=0.05, random_state=2026),
    "subword vectors of our own text (as fastText)": Subword,
}
PEERS = {
    "buerokratt": "Bürokratt's pipeline (DIET, 40 epochs, threshold 0.8)",
    "rasa_default": "Rasa's default (DIET, 100 epochs)",
}


def judged(cases: list[Case], ranking: list[list[str]]) -> dict[str, Any]:
    """The rates of the page for what a model said of each case, best first."""
    known = [[UNCLEAR if name == "nlu_fallback" else name for name in names] for names in ranking]
    first = [names[0] for names in known]
    outside = [n for n, case in enumerate(cases) if case.intent == UNCLEAR]
    crisis = [n for n, case in enumerate(cases) if case.intent.startswith("crisis_")]
    calm = [n for n, case in enumerate(cases) if not any(i.startswith("crisis_") for i in (case.intent, *case.accept))]
    return {
        "intent": f"{np.mean([case.fair(name) for case, name in zip(cases, first, strict=True)]):.3f}",
        "top3": f"{np.mean([any(map(case.fair, names[:3])) for case, names in zip(cases, known, strict=True)]):.3f}",
        "out_of_scope": f"{np.mean([first[n] == UNCLEAR for n in outside]):.3f}",
        "crisis": f"{np.mean([first[n].startswith('crisis_') for n in crisis]):.3f}",
        "false_alarms": f"{np.mean([first[n].startswith('crisis_') for n in calm]):.3f}",
    }


def own(name: str, material: list[Utterance], cases: list[Case]) -> dict[str, Any]:
    began = time.perf_counter()
    cut = [Counter(grams(utterance.text)) for utterance in material]
    representation = Representation.learned_from(cut)
    model = MODELS[name]().fit(representation.matrix(cut), np.array([utterance.intent for utterance in material]))
    seconds = time.perf_counter() - began
    began = time.perf_counter()
    margins = np.vstack([model.decision_function(representation.matrix([Counter(grams(case.text))])) for case in cases])
    each = (time.perf_counter() - began) / len(cases)
    ranking = [[str(model.classes_[place]) for place in np.argsort(-row)[:3]] for row in margins]
    row = {"model": name, "examples": f"{len(material):,}", **judged(cases, ranking)}
    return {**row, "training_seconds": f"{seconds:.0f}", "milliseconds": f"{each * 1000:.1f}"}


def peer(path: Path, label: str, size: int, cases: list[Case]) -> dict[str, Any]:
    answers = json.loads(path.read_text(encoding="utf-8"))
    row = {
        "model": label,
        "examples": f"{size:,}",
        **judged(cases, [answer["ranking"] for answer in answers["answers"]]),
    }
    return {
        **row,
        "training_seconds": str(answers["training_seconds"]),
        "milliseconds": f"{answers['milliseconds']:.1f}",
    }


def main(folder: Path, size: int) -> None:
    cases = read_cases(ROOT / "tests" / "understanding")
    whole = [utterance for utterance in read_material(NLU) if utterance.teaches_intent]
    rows = [own(name, part_of(whole, size), cases) for name in MODELS]
    rows += [
        peer(folder / f"{name}.json", label, size, cases)
        for name, label in PEERS.items()
        if (folder / f"{name}.json").exists()
    ]
    rows += [own(name, whole, cases) for name in MODELS]
    COMPARISON.write_text("# Measured by bench/peers/compare.py; see docs/understanding.md.\n"
                          + yaml.safe_dump(rows, allow_unicode=True, sort_keys=False, width=200), encoding="utf-8")  # fmt: skip


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
