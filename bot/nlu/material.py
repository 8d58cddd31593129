"""The training material of data/nlu/<lang>/*.txt: what people say, with its labels. docs/understanding.md tells the format."""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.taxonomy import taxonomy

SECTION = "== "
LABELS = " :: "
DREMPEL_ONLY = "drempel"
"""Section of messages that say only what holds somebody back; they teach no intent."""
NO_LANGUAGE = "und"
MOST_EXPANSIONS = 4
"""Of one template: variety without drowning the lines that stand alone."""
CHOICE = re.compile(r"\(([^()]*\|[^()]*)\)|\[([^\[\]]*)\]")


class MaterialErrors(Exception):
    """Everything that is wrong with the material, a line each: path, line, what was expected."""


@dataclass(frozen=True)
class Utterance:
    """One message with its labels."""

    text: str
    language: str
    intent: str
    topics: tuple[str, ...] = ()
    drempels: tuple[str, ...] = ()

    @property
    def teaches_intent(self) -> bool:
        return self.intent not in (DREMPEL_ONLY, NO_LANGUAGE)


def read_material(folder: Path) -> list[Utterance]:
    """All utterances of all languages, templates expanded, the same each time. Raises MaterialErrors with every mistake."""
    found: list[Utterance] = []
    mistakes: list[str] = []
    for path in sorted(folder.glob("*/*.txt")):
        for utterance in _file(path, mistakes):
            found.append(utterance)
    if mistakes:
        raise MaterialErrors("\n".join(mistakes))
    return list(dict.fromkeys(found))


def fingerprint(folder: Path) -> str:
    """Changes with any byte of the material."""
    digest = hashlib.blake2b(digest_size=8)
    for path in sorted(folder.glob("*/*.txt")):
        digest.update(f"{path.parent.name}/{path.name}".encode() + path.read_bytes())
    return digest.hexdigest()


def _file(path: Path, mistakes: list[str]) -> Iterator[Utterance]:
    intent, always = "", ""
    known = {*taxonomy().intents, DREMPEL_ONLY, NO_LANGUAGE}
    for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        line = raw.strip()
        if not line or line.startswith("# "):
            continue
        if line.startswith(SECTION):
            intent, _, always = line.removeprefix(SECTION).partition(LABELS)
            if intent not in known:
                mistakes.append(f"{path}:{number}: no intent {intent!r}; data/taxonomy.yml lists them")
            continue
        text, _, labels = line.partition(LABELS)
        topics, drempels, wrong = _labels(f"{always} {labels}", intent)
        mistakes += [f"{path}:{number}: {what}" for what in wrong]
        for one in expand(text):
            yield Utterance(one, path.parent.name, intent, topics, drempels)


def _labels(labels: str, intent: str) -> tuple[tuple[str, ...], tuple[str, ...], list[str]]:
    own = (intent.removeprefix("hulp_"),) if intent.startswith("hulp_") else ()
    further = tuple(label[1:] for label in labels.split() if label.startswith("+"))
    drempels = tuple(dict.fromkeys(label[1:] for label in labels.split() if label.startswith("!")))
    strange = [label for label in labels.split() if label[0] not in "+!-"]
    wrong = [f"no topic {name!r}" for name in further if name not in taxonomy().topics]
    wrong += [f"no drempel {name!r}" for name in drempels if name not in taxonomy().drempels]
    wrong += [f"a label begins with + or !, not {label!r}" for label in strange]
    return own + tuple(topic for topic in further if topic not in own), drempels, wrong


def expand(template: str) -> list[str]:
    """The texts of a template with `(a|b)` and `[maybe]`: a few of them, always the same."""
    if not CHOICE.search(template):
        return [template]
    chance = random.Random(template)  # a string seed gives the same on each machine
    texts = {_one(template, chance) for _ in range(MOST_EXPANSIONS * 3)}
    return sorted(texts)[:MOST_EXPANSIONS]


def _one(template: str, chance: random.Random) -> str:
    while found := CHOICE.search(template):
        options = found.group(1).split("|") if found.group(1) is not None else [found.group(2), ""]
        template = template[: found.start()] + chance.choice(options) + template[found.end() :]
    return " ".join(template.split())
