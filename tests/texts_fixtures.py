"""A copy of the project's words and commands in a folder of its own, so that a test may change them."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT

RUN = """
import argparse, importlib, sys
from bot.settings import Settings
module = importlib.import_module("bot.commands." + sys.argv[1])
parser = argparse.ArgumentParser()
module.add_arguments(parser)
sys.exit(module.run(parser.parse_args(sys.argv[2:]), Settings()))
"""
"""One command module, without the list of all commands."""


class Copy:
    """The project in `folder`, as far as texts need it."""

    def __init__(self, folder: Path, *more: str) -> None:
        self.folder = folder
        nothing = shutil.ignore_patterns("__pycache__")
        for name in ("bot", "locales", "data/plain", "data/gemeenten", "data/schema", *more):
            shutil.copytree(ROOT / name, folder / name, ignore=nothing, dirs_exist_ok=True)
        for path in (*ROOT.glob("data/*.yml"), ROOT / "domain.yml"):
            shutil.copy(path, folder / path.relative_to(ROOT))

    def command(self, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.python("-c", RUN, name, *arguments)

    def python(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, *arguments], cwd=self.folder, capture_output=True, text=True)

    def read(self, path: str) -> str:
        return (self.folder / path).read_text(encoding="utf-8")

    def write(self, path: str, text: str) -> None:
        (self.folder / path).write_text(text, encoding="utf-8")

    def change(self, path: str, old: str, new: str) -> None:
        text = self.read(path)
        assert text.count(old) == 1, f"{path} holds {old!r} {text.count(old)} times"
        self.write(path, text.replace(old, new))
