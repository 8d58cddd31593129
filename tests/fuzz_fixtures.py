"""Schemathesis in an environment of its own, and both servers with every way in open, for it to ask."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import subprocess
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import yaml

from bot.dashboard.api import openapi
from bot.settings import Settings
from bot.statistics.counting import open_store
from bot.voice.listening import Heard
from tests.conftest import ROOT
from tests.dashboard_fixtures import a_year
from tests.statistics_fixtures import fill, tally
from tests.whatsapp_fixtures import APP_SECRET, VERIFY_TOKEN

CHAT: dict[str, Any] = yaml.safe_load((ROOT / "bot" / "channels" / "openapi.yml").read_text(encoding="utf-8"))
DASHBOARD: dict[str, Any] = json.loads(openapi())
FUZZ = ROOT / "fuzz"
HOME = ROOT / "var" / "fuzz"
"""Its environment: made from fuzz/uv.lock at the first run, and left as it is by the next ones, also without a network."""
MONITOR = "seen by monitors only"
TALK = ("faturalarımı ödeyemiyorum", "evet", "hayır", "Klarendal'da")
"""It ends with a hulpkaart."""


class HearsAnything:
    """A listener that takes the bytes themselves for the words."""

    def __init__(self, _settings: Settings) -> None:
        """Needs no model."""

    def hears(self, language: str) -> bool:
        return bool(language)

    async def hear(self, audio: bytes, language: str) -> Heard | None:
        return Heard(audio.decode(errors="replace"))

    async def stop(self) -> None:
        """Nothing runs."""


@dataclass(frozen=True)
class Seen:
    """What came of one run: whether all checks held, what it said, and the statuses of the answers by operation."""

    held: bool
    said: str
    statuses: dict[str, Counter[int]]


def described(document: dict[str, Any]) -> set[str]:
    return {f"{verb.upper()} {path}" for path, verbs in document["paths"].items() for verb in verbs}


def schemathesis() -> Path:
    """The program; its environment is made where it is not there yet."""
    environ = {**os.environ, "UV_PROJECT_ENVIRONMENT": str(HOME), "UV_PYTHON_DOWNLOADS": "never"}
    uv = str(Path(sys.executable).with_name("uv"))
    made = subprocess.run(
        [uv, "sync", "--project", str(FUZZ), "--frozen", "--quiet", "--python", sys.executable],
        env=environ, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert made.returncode == 0, f"fuzz/ could not be set up; the first time it needs PyPI:\n{made.stderr}"
    return HOME / "bin" / "st"


def asked(description: Path, url: str, folder: Path, examples: int, seed: int | None, **given: str) -> Seen:
    """One run over everything in this description. `given`: what fuzz/ reads from the environment; no seed: another each time."""
    for name in ("schemathesis.toml", "hooks.py"):
        shutil.copy(FUZZ / name, folder)
    report = folder / "report.ndjson"
    command = [
        str(schemathesis()), "run", str(description), "--url", url, "--max-examples", str(examples), "--no-color",
        "--report", "ndjson", "--report-ndjson-path", str(report),
        *(["--seed", str(seed)] if seed is not None else []),
    ]  # fmt: skip
    none = dict.fromkeys(("FUZZ_SESSION", "FUZZ_MONITOR", "FUZZ_DASHBOARD"), "of nobody")
    environ = {**os.environ, **none, "FUZZ_ALIVE": '{"schemas": {}, "examples": {}}', **given}
    done = subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, check=False)
    return Seen(done.returncode == 0, done.stdout + done.stderr, statuses(report) if report.exists() else {})


def statuses(report: Path) -> dict[str, Counter[int]]:
    """`GET /health` -> how often each status was answered."""
    found: dict[str, Counter[int]] = defaultdict(Counter)
    for line in report.open(encoding="utf-8"):
        recorder = json.loads(line).get("ScenarioFinished", {}).get("recorder", {})
        for name, exchange in recorder.get("interactions", {}).items():
            case = recorder["cases"][name]["value"]
            found[f"{case['method']} {case['path']}"][(exchange.get("response") or {}).get("status_code")] += 1
    return found


def begun(url: str) -> dict[str, Any]:
    """A session and its opening."""
    return dict(httpx.post(f"{url}/webhooks/web/session", json={}, timeout=30).json())


def alive(url: str) -> dict[str, Any]:
    """What lives on this server: sessions and cards, for the schemas that stand for them, and words that it would say aloud."""
    openings = [begun(url) for _ in range(5)]
    sessions, cards = [opening["session"] for opening in openings], []
    for text in TALK:
        said = {"session": sessions[0], "message": text}
        answer = httpx.post(f"{url}/webhooks/web/message", json=said, timeout=30).json()
        cards += [message["card"].removeprefix("/hulpkaart/") for message in answer["messages"] if "card" in message]
    assert cards, "the talk has no card in it any more"
    living = {"Session": sessions, "Card": [*cards, *(f"{card}.ics" for card in cards)], "VerifyToken": [VERIFY_TOKEN]}
    aloud = {**openings[0]["messages"][0]["aloud"], "format": "ogg"}
    return {"schemas": living, "examples": {"Aloud": aloud}, "app_secret": APP_SECRET}


def counted(var: Path) -> None:
    """Fills the statistics, so that some cells are shown and some are hidden."""
    store = open_store(Settings({"DREMPELHULP_VAR": str(var)}))
    fill(store, tally(itertools.islice(a_year(store.known), 400)))


def as_json(description: dict[str, Any], path: Path) -> Path:
    path.write_text(json.dumps(description), encoding="utf-8")
    return path
