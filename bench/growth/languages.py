"""One language to twenty: invented ones with the Dutch texts, hints and places, and the Dutch residents talk."""

from __future__ import annotations

import shutil
from itertools import islice, product
from pathlib import Path

import yaml

from bench.growth.measuring import measured_on
from bench.turns.servers import ours
from bench.turns.talks import Ours
from bot.paths import ROOT

BESIDE = ("hints", "places", "plain")
"""Folders of data/ with a file a language."""


def with_languages(folder: Path, many: int) -> dict[str, float]:
    """What a turn takes where the assistant speaks so many; understanding learns from the material of five, as ever."""
    copy_with(folder, many)
    with ours(folder / "var", root=folder) as server:
        return measured_on(server, Ours(("nl",)))


def copy_with(folder: Path, many: int) -> None:
    """The project with as many languages: the first of ours, and beyond them copies of Dutch."""
    nothing = shutil.ignore_patterns("__pycache__", ".venv", "var", ".git", "tests", "docs", "*_cache")
    shutil.copytree(ROOT, folder, ignore=nothing)
    listed = folder / "locales" / "languages.yml"
    known = yaml.safe_load(listed.read_text(encoding="utf-8"))
    codes = [f"x{one}{two}" for one, two in product("abcde", repeat=2)][: max(0, many - len(known))]
    for code in codes:
        shutil.copytree(folder / "locales" / "nl", folder / "locales" / code)
        for kind in BESIDE:
            for path in (folder / "data" / kind).glob("nl.*"):
                shutil.copy(path, path.with_name(path.name.replace("nl.", f"{code}.", 1)))
    spoken = {**dict(islice(known.items(), many)), **{code: {"name": code, "also": [code]} for code in codes}}
    listed.write_text(yaml.safe_dump(spoken, allow_unicode=True, sort_keys=False), encoding="utf-8")
