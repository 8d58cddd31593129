"""Writes a part of our material as Rasa's own training data, and the test messages, for the peers to learn from and answer.

The peers need minutes for each thousand examples, so all models of the comparison get the same part:
python bench/peers/export.py FOLDER EXAMPLES
"""

from __future__ import annotations

import json
import random
import sys
from collections import defaultdict
from pathlib import Path

import yaml

from bot.nlu.evaluation import read_cases
from bot.nlu.material import Utterance, read_material
from bot.paths import NLU, ROOT

SEED = 2026


def part_of(material: list[Utterance], size: int) -> list[Utterance]:
    """As many of each language and intent as there are, in proportion; the same each time."""
    taught = [utterance for utterance in material if utterance.teaches_intent]
    random.Random(SEED).shuffle(taught)
    return taught[:size]


def main(folder: Path, size: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    by_intent: dict[str, list[str]] = defaultdict(list)
    for utterance in part_of(read_material(NLU), size):
        by_intent[utterance.intent].append(" ".join(utterance.text.split()))
    rows = [
        {"intent": name, "examples": "".join(f"- {text}\n" for text in texts)}
        for name, texts in sorted(by_intent.items())
    ]
    (folder / "nlu.yml").write_text(
        yaml.safe_dump({"version": "3.1", "nlu": rows}, allow_unicode=True), encoding="utf-8"
    )
    cases = [case.text for case in read_cases(ROOT / "tests" / "understanding")]
    (folder / "messages.json").write_text(json.dumps(cases, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
