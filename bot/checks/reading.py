"""Every text with its line, read without python-i18n: a check may look at any folder, and changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from bot.directory.yaml_lines import Place, YamlFile, read_yaml
from bot.languages import languages

SOURCE = "nl"
"""The language in which every text is written first."""


@dataclass(frozen=True)
class Text:
    """One text of one language. `key` is that of the catalogue: `conversation.ask.topic.0`."""

    language: str
    key: str
    text: str
    path: Path
    """Below the project's folder: locales/pl/conversation.yml."""
    line: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.key.partition('.')[2]}"


def read_texts(locales: Path) -> tuple[dict[str, dict[str, Text]], list[str]]:
    """All texts, by language and key, and what cannot be read of them."""
    found: dict[str, dict[str, Text]] = {}
    mistakes: list[str] = []
    for language in languages(locales / "languages.yml"):
        own = found[language] = {}
        for path in sorted((locales / language).glob("*.yml")):
            file = replace(read_yaml(path), path=path.relative_to(locales.parent))
            mistakes += [str(replace(mistake, path=file.path)) for mistake in file.mistakes]
            if not file.mistakes:
                own |= {text.key: text for text in _texts(language, file)}
                mistakes += _read_otherwise(path, file)
    return found, mistakes


def _texts(language: str, file: YamlFile) -> Iterator[Text]:
    for place, value in _flat((), file.value):
        key = ".".join([file.path.stem, *map(str, place)])
        yield Text(language, key, str(value), file.path, file.line(place))


def _flat(place: Place, value: Any) -> Iterator[tuple[Place, Any]]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _flat((*place, str(name)), inner)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _flat((*place, number), inner)
    elif value is not None:
        yield place, value


def _read_otherwise(path: Path, file: YamlFile) -> Iterator[str]:
    """What YAML 1.1, in which the catalogue reads, makes something else of: a bare `no`, `12:30` or `010`."""
    as_served = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    served = {place: str(value) for place, value in _flat((), as_served)}
    for place, value in _flat((), file.value):
        if served.get(place) != str(value):
            key = ".".join(map(str, place))
            yield f"{file.path}:{file.line(place)}: {key}: would not be read as it stands; put it in quotes"
