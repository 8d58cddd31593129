"""locales/ as one lookup, over python-i18n: key, language, fallback, placeholders, variants."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import i18n
import yaml

from bot.languages import languages
from bot.paths import LOCALES

FALLBACK = "nl"
OTHER = "other."
"""Before the name of a text: its wording for who asks for somebody else, in locales/<lang>/other.yml."""
PLACE = "%"
"""What python-i18n looks for; a text without it is said as it stands."""


class MissingText(KeyError):
    """No language has this text: which key was asked for. `make check` finds it before a resident does."""


class Catalogue:
    """All texts of all languages. Keys are `<file>.<path>`; a list of texts are variants of one text."""

    def __init__(self, folder: Path = LOCALES) -> None:
        self.texts: dict[str, dict[str, Any]] = {}
        for code in languages(folder / "languages.yml"):
            self.texts[code] = dict(_texts(folder / code))
            for key, text in self.texts[code].items():
                i18n.translations.add(key, text, locale=code)
        i18n.set("fallback", FALLBACK)
        i18n.set("file_format", "none")  # nothing is looked up on disk later: all is in memory now
        i18n.set("load_path", [])

    def text(self, key: str, language: str, /, **values: Any) -> str:
        """The text in this language, or in Dutch where it has none; raises MissingText where nobody has it."""
        locale = language if key in self.texts.get(language, {}) else FALLBACK
        if key not in self.texts[FALLBACK] and key not in self.texts.get(language, {}):
            raise MissingText(f"{key} ({language})")
        text = str(self.texts[locale][key])
        return text if PLACE not in text else str(i18n.t(key, locale=locale, **values))

    def has(self, key: str, language: str) -> bool:
        return key in self.texts.get(language, {}) or key in self.texts[FALLBACK]

    def for_other(self, key: str, language: str) -> str:
        """The name of a text's wording for who asks for somebody else; where this language has none, its ordinary one."""
        other, texts = f"{OTHER}{key}", self.texts.get(language, {})
        return other if other in texts or f"{other}.count" in texts else key

    def variant(self, key: str, language: str, number: int, /, **values: Any) -> str:
        """The text, or its variant `number` (the last one again from the end on) where it has several."""
        count = self.texts[FALLBACK].get(f"{key}.count") or self.texts.get(language, {}).get(f"{key}.count")
        if count is None:
            return self.text(key, language, **values)
        return self.text(f"{key}.{min(number, count - 1)}", language, **values)

    def count(self, key: str, language: str) -> int:
        """How many variants a text has; 1 where it is a single one."""
        texts = self.texts.get(language, {})
        return int(texts.get(f"{key}.count") or self.texts[FALLBACK].get(f"{key}.count") or 1)

    def group(self, prefix: str, language: str) -> dict[str, str]:
        """All texts directly under `prefix`, by the rest of their key."""
        start = f"{prefix}."
        keys = (key for key in self.texts[FALLBACK] if key.startswith(start))
        return {key[len(start) :]: self.text(key, language) for key in keys if "." not in key[len(start) :]}

    def words(self, key: str, language: str) -> tuple[str, ...]:
        """A list of single words, as in locales/<lang>/answers.yml."""
        count = self.texts.get(language, {}).get(f"{key}.count", 0)
        return tuple(self.texts[language][f"{key}.{number}"] for number in range(count))


@lru_cache
def catalogue() -> Catalogue:
    """The project's own texts, read once."""
    return Catalogue()


def _texts(folder: Path) -> Iterator[tuple[str, Any]]:
    for path in sorted(folder.glob("*.yml")):
        raw = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader) or {}
        yield from _flat(path.stem, raw)


def _flat(prefix: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _flat(f"{prefix}.{_name(name)}", inner)
    elif isinstance(value, list):
        yield f"{prefix}.count", len(value)
        for number, inner in enumerate(value):
            yield from _flat(f"{prefix}.{number}", inner)
    else:
        yield prefix, str(value)


def _name(name: Any) -> str:
    # YAML 1.1 reads a bare yes/no as a boolean; our ids are ja and nee, but a translator may forget the quotes elsewhere
    return str(name).lower() if isinstance(name, bool) else str(name)
