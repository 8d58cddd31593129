"""Titles of buttons: twenty letters, and none that says the same as another of its group."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.checks.limits import Limits
from bot.i18n.catalogue import OTHER


def long_title(title: str, limits: Limits) -> Iterator[str]:
    if len(title) > limits.title:
        yield f"{len(title)} letters, a button holds {limits.title}; find a shorter word: {title!r}"


def twins(titles: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Keys of titles that say the same as an earlier one of their group, with what is wrong."""
    first: dict[tuple[str, str], str] = {}
    for key, title in titles.items():
        twin = first.setdefault((group_of(key), title.casefold()), key)
        if twin != key:
            yield key, f"says the same as {twin}: {title!r}; buttons beside each other must differ"


def group_of(key: str) -> str:
    """Buttons that may stand beside each other: the answers of one question, all topics, all drempels."""
    if key.startswith(OTHER):
        return OTHER + group_of(key.removeprefix(OTHER))
    parts = key.split(".")
    return ".".join(parts[:2]) if parts[0] == "questions" else parts[0]
