"""locales/ as one lookup: key, language, fallback, places as python-i18n fills them in, variants."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from bot.i18n.filling import PLACE, Form
from bot.languages import languages
from bot.paths import LOCALES

FALLBACK = "nl"
OTHER = "other."
"""Before the name of a text: its wording for who asks for somebody else, in locales/<lang>/other.yml."""
COUNT = ".count"
"""Behind the name of a list of texts: how many it holds."""


class MissingText(KeyError):
    """No language has this text: which key was asked for. `make check` finds it before a resident does."""


class Catalogue:
    """All texts of all languages. Keys are `<file>.<path>`; a list of texts are variants of one text."""

    def __init__(self, folder: Path = LOCALES) -> None:
        self.texts: dict[str, dict[str, Any]] = {
            code: dict(_texts(folder / code)) for code in languages(folder / "languages.yml")
        }
        dutch = self.texts[FALLBACK]
        self._said = {code: _compiled({**dutch, **own}) for code, own in self.texts.items()}
        """All that a language says: its own texts, and in Dutch what it has not."""
        self._many = {code: {**_counts(own), **_counts(dutch)} for code, own in self.texts.items()}
        """How many variants there are, in Dutch first; a text that is a single one is not in it."""

    def text(self, key: str, language: str, /, **values: Any) -> str:
        """The text in this language, or in Dutch where it has none; raises MissingText where nobody has it."""
        try:
            text = self._said[language if language in self._said else FALLBACK][key]
        except KeyError:
            raise MissingText(f"{key} ({language})") from None
        return text.filled(values) if type(text) is Form else text

    def has(self, key: str, language: str) -> bool:
        return key in self._said[language if language in self._said else FALLBACK]

    def for_other(self, key: str, language: str) -> str:
        """The name of a text's wording for who asks for somebody else; where this language has none, its ordinary one."""
        other, texts = f"{OTHER}{key}", self.texts.get(language, {})
        return other if other in texts or f"{other}{COUNT}" in texts else key

    def variant(self, key: str, language: str, number: int, /, **values: Any) -> str:
        """The text, or its variant `number` (the last one again from the end on) where it has several."""
        count = self._many[language if language in self._many else FALLBACK].get(key)
        if count is None:
            return self.text(key, language, **values)
        return self.text(f"{key}.{min(number, count - 1)}", language, **values)

    def count(self, key: str, language: str) -> int:
        """How many variants a text has; 1 where it is a single one."""
        texts = self.texts.get(language, {})
        return int(texts.get(f"{key}{COUNT}") or self.texts[FALLBACK].get(f"{key}{COUNT}") or 1)

    def group(self, prefix: str, language: str) -> dict[str, str]:
        """All texts directly under `prefix`, by the rest of their key."""
        start = f"{prefix}."
        keys = (key for key in self.texts[FALLBACK] if key.startswith(start))
        return {key[len(start) :]: self.text(key, language) for key in keys if "." not in key[len(start) :]}

    def words(self, key: str, language: str) -> tuple[str, ...]:
        """A list of single words, as in locales/<lang>/answers.yml."""
        count = self.texts.get(language, {}).get(f"{key}{COUNT}", 0)
        return tuple(self.texts[language][f"{key}.{number}"] for number in range(count))


@lru_cache
def catalogue() -> Catalogue:
    """The project's own texts, read once."""
    return Catalogue()


def _texts(folder: Path) -> Iterator[tuple[str, Any]]:
    for path in sorted(folder.glob("*.yml")):
        raw = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader) or {}
        yield from _flat(path.stem, raw)


def _compiled(texts: Mapping[str, Any]) -> dict[str, Any]:
    """Each text as it is said: a Form where it has places, else as it stands."""
    return {key: Form(text) if PLACE in (text := str(written)) else text for key, written in texts.items()}


def _counts(texts: Mapping[str, Any]) -> dict[str, int]:
    return {key.removesuffix(COUNT): count for key, count in texts.items() if key.endswith(COUNT) and count}


def _flat(prefix: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _flat(f"{prefix}.{_name(name)}", inner)
    elif isinstance(value, list):
        yield f"{prefix}{COUNT}", len(value)
        for number, inner in enumerate(value):
            yield from _flat(f"{prefix}.{number}", inner)
    else:
        yield prefix, str(value)


def _name(name: Any) -> str:
    # YAML 1.1 reads a bare yes/no as a boolean; our ids are ja and nee, but a translator may forget the quotes elsewhere
    return str(name).lower() if isinstance(name, bool) else str(name)
