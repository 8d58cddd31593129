"""Starts a new language: a draft with the Dutch texts to translate, out of residents' sight until it is complete."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import yaml

from bot.languages import languages
from bot.paths import ROOT
from bot.settings import Settings

HELP = "start a new language as a draft: its texts, its limits, and the places for its material and tests"
BAD_INPUT = 2
CODE = re.compile(r"[a-z]{2,3}")
DIRECTION = re.compile(r"^direction:.*$", re.MULTILINE)
TO_TRANSLATE = (
    "# Draft: the Dutch still. Translate every text into {name}; docs/writing.md says how, and how to confirm it.\n"
)
PLAIN_HEAD = """\
# What is plain in {name}. docs/writing.md explains every line.
# Never in a resident's sight: the Dutch words, and in the same row what {name} calls them.
"""
MATERIAL_HEAD = """\
# {name}: what people say

Files `<topic>.txt` go here, as in `data/nlu/nl/`; `docs/understanding.md` says how they are written. `make check` asks
for forty messages of every intent once the language is complete. Words around places: `data/places/{code}.yml`.
"""
TESTS_HEAD = """\
# {name}: conversations as tests

Files `*.yml` go here, as in `tests/conversations/nl/`, a crisis first. The test sets of the understanding are
`tests/understanding/{code}.yml` and `places_{code}.yml`, by somebody who has not written the material.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--code", required=True, help="ISO 639 code of the language: uk")
    parser.add_argument("--name", required=True, help="its name in the language itself: Українська")
    parser.add_argument("--rtl", action="store_true", help="it is written from right to left")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    wrong = list(refusals(ROOT, arguments.code, arguments.name))
    if wrong:
        print("\n".join(wrong), file=sys.stderr)
        return BAD_INPUT
    for path in start(ROOT, arguments.code, arguments.name.strip(), arguments.rtl):
        print(f"  {path.relative_to(ROOT)}")
    print(f"{arguments.name} is a draft: no resident sees it. Next: docs/writing.md, \"A new language\"; "
          f"python -m bot texts --lang {arguments.code} --html - shows what is to be translated.")  # fmt: skip
    return 0


def refusals(project: Path, code: str, name: str) -> Iterator[str]:
    """Why the language cannot be started; nothing where it can."""
    known = languages(project / "locales" / "languages.yml")
    if not CODE.fullmatch(code):
        yield f"--code is {code!r}: expected two or three small letters, as ISO 639 has them (uk, ar, ti)"
    if not name.strip():
        yield "--name is empty: expected what the language calls itself (Українська)"
    if code in known:
        yield f"--code {code!r} is there already: {known[code].name}, {known[code].state}"
    elif any(path.exists() for path in _folders(project, code)):
        there = ", ".join(str(path.relative_to(project)) for path in _folders(project, code) if path.exists())
        yield f"--code {code!r}: there is something already, and nothing is written over it: {there}"
    if name.strip() in {language.name for language in known.values()}:
        yield f"--name {name!r} is there already; locales/languages.yml lists all languages"


def start(project: Path, code: str, name: str, rtl: bool = False) -> Iterator[Path]:
    """Writes the draft, and yields each file. The row of languages.yml comes last: half a language is none."""
    texts, plain, material, conversations = _folders(project, code)
    for source in sorted((project / "locales" / "nl").glob("*.yml")):
        if _is_for_residents(project, source.stem):
            yield _written(texts / source.name, _to_translate(source.read_text(encoding="utf-8"), name, rtl))
    yield _written(plain, PLAIN_HEAD.format(name=name) + _limits(project))
    yield _written(material / "README.md", MATERIAL_HEAD.format(name=name, code=code))
    yield _written(conversations / "README.md", TESTS_HEAD.format(name=name, code=code))
    listed = project / "locales" / "languages.yml"
    row = {code: {"name": name, **({"rtl": True} if rtl else {}), "also": [], "state": "draft"}}
    rows = listed.read_text(encoding="utf-8").rstrip("\n") + "\n"
    yield _written(listed, rows + yaml.safe_dump(row, allow_unicode=True, sort_keys=False, default_flow_style=None))


def _folders(project: Path, code: str) -> tuple[Path, Path, Path, Path]:
    """Where its texts, its limits, its material and its conversations go."""
    return (
        project / "locales" / code,
        project / "data" / "plain" / f"{code}.yml",
        project / "data" / "nlu" / code,
        project / "tests" / "conversations" / code,
    )


def _is_for_residents(project: Path, file: str) -> bool:
    from bot.checks.steps import GEMEENTE, read_steps, step_of

    return step_of(f"{file}.any", read_steps(project / "data" / "plain")).kind != GEMEENTE


def _to_translate(text: str, name: str, rtl: bool) -> str:
    return TO_TRANSLATE.format(name=name) + DIRECTION.sub(f"direction: {'rtl' if rtl else 'ltr'}", text)


def _limits(project: Path) -> str:
    """The limits of Dutch, and its words of the counter: residents hear them in Dutch, whatever they speak."""
    dutch = yaml.safe_load((project / "data" / "plain" / "nl.yml").read_text(encoding="utf-8"))
    kept = {"limits": dutch["limits"], "banned": dutch["banned"]}
    return yaml.safe_dump(kept, allow_unicode=True, sort_keys=False, default_flow_style=None, width=200)


def _written(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path
