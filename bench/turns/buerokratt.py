"""Our data under the pipeline of Bürokratt, the Estonian government's chatbot: `rasa run` with the whole of Rasa.

Its answers are one sentence an intent. It learns in one round from a part of the material: how well it understands is measured in
bench/peers; what an answer costs depends on neither.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import yaml

from bench.peers.export import main as export
from bench.turns.servers import STARTER_VENV, Server, running_rasa, whole_rasa
from bot.paths import ROOT

EXAMPLES, EPOCHS = 3000, 1
FOLDER = STARTER_VENV / "buerokratt"
PIPELINE = ROOT / "bench" / "peers" / "buerokratt.yml"


@contextmanager
def buerokratt() -> Iterator[Server]:
    """Trained on first use, which takes a minute or two."""
    whole_rasa()
    if not list(FOLDER.glob("models/*.tar.gz")):
        _learned()
    with running_rasa(FOLDER) as server:
        yield server


def _learned() -> None:
    data = FOLDER / "data"
    export(data, EXAMPLES)
    (data / "messages.json").unlink()
    intents = [row["intent"] for row in yaml.safe_load((data / "nlu.yml").read_text(encoding="utf-8"))["nlu"]]
    config = yaml.safe_load(PIPELINE.read_text(encoding="utf-8"))
    for component in config["pipeline"]:
        if "epochs" in component:
            component["epochs"] = EPOCHS
    answers = {f"utter_{name}": [{"text": name}] for name in [*intents, "nlu_fallback"]}
    rules = [
        {"rule": name, "steps": [{"intent": name}, {"action": f"utter_{name}"}]} for name in [*intents, "nlu_fallback"]
    ]
    _write(FOLDER / "config.yml", {**config, "policies": [{"name": "RulePolicy"}]})
    _write(FOLDER / "domain.yml", {"version": "3.1", "intents": [*intents, "nlu_fallback"], "responses": answers})
    _write(data / "rules.yml", {"version": "3.1", "rules": rules})
    _write(FOLDER / "credentials.yml", {"rest": None})
    environ = {**os.environ, "RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3"}
    subprocess.run([str(whole_rasa()), "train"], env=environ, check=True, cwd=FOLDER, stdout=subprocess.DEVNULL)


def _write(path: Path, content: object) -> None:
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
