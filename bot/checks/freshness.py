"""Whether a translation still says what its source says: locales/sources/<lang>.yml marks the Dutch of each."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import yaml

FOLDER = "sources"
HEAD = "# The Dutch text that each translation was made from, as a mark. Written by `python -m bot texts --confirm`.\n"


def mark_of(text: str) -> str:
    """Changes with any letter of a text."""
    return hashlib.blake2b(text.encode(), digest_size=4).hexdigest()


def behind(
    source: Mapping[str, str], translated: Iterable[str], marks: Mapping[str, str], language: str
) -> Iterator[tuple[str, str]]:
    """Keys of translations that nobody has confirmed for the Dutch text of now, with what to do."""
    for key in translated:
        if key in source and marks.get(key) != mark_of(source[key]):
            what = "the Dutch text has changed since this was translated" if key in marks else "not confirmed yet"
            yield key, f"{what}: {source[key]!r}; then: python -m bot texts --confirm {key} --lang {language}"


def named_by(beginnings: Iterable[str], keys: Iterable[str]) -> dict[str, list[str]]:
    """For each full key or beginning of keys (`topics`, `questions.leeftijd`), the keys that it names."""
    known = list(keys)
    return {name: [key for key in known if key == name or key.startswith(f"{name}.")] for name in beginnings}


def confirmed(
    marks: Mapping[str, str], keys: Iterable[str], source: Mapping[str, str], translated: Iterable[str]
) -> dict[str, str]:
    """The marks after somebody confirmed these keys; marks of texts that are no longer there are dropped."""
    there = set(translated) & set(source)
    kept = {key: mark for key, mark in marks.items() if key in there}
    return kept | {key: mark_of(source[key]) for key in keys if key in there}


def read_marks(locales: Path, language: str) -> dict[str, str]:
    path = locales / FOLDER / f"{language}.yml"
    return dict(yaml.safe_load(path.read_text(encoding="utf-8")) or {}) if path.is_file() else {}


def write_marks(locales: Path, language: str, marks: Mapping[str, str]) -> None:
    path = locales / FOLDER / f"{language}.yml"
    path.parent.mkdir(exist_ok=True)
    rows = "".join(f"{key}: '{marks[key]}'\n" for key in sorted(marks))
    path.write_text(HEAD + rows, encoding="utf-8")
