"""How the map is put into words for an editor: names of wijken and topics, lists that are cut short, ages in days."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from bot.dashboard.words import has, id_name, word
from bot.directory import Directory
from bot.languages import complete
from bot.taxonomy import taxonomy

FEW = 3
"""With at most so many left out, a list is told by what it lacks."""
ANY = "-"
"""In a cell of a table where a side does not matter."""


def day_name(day: date) -> str:
    """21 november 2026"""
    return f"{day.day} {word(f'grains.months.{day:%m}')} {day.year}"


def age_name(days: int) -> str:
    if days < 0:
        return word("map.days.future")
    return word(f"map.days.{('today', 'one')[days]}") if days < 2 else word("map.days.some", n=days)


def kind_name(kind: str) -> str:
    return word(f"map.kinds.{kind}")


def language_name(code: str) -> str:
    return named("languages", code)


def named(field: str, value: str) -> str:
    """A controlled word of the map in Dutch; one that is newer than the words is shown as it is."""
    key = f"map.words.{field}.{value}"
    return word(key) if has(key) else value


def wijk_names(directory: Directory, ids: Sequence[str]) -> str:
    """The wijken by name, "alle 24 wijken", or all but a few."""
    return _listed("wijken", ids, tuple(directory.wijken), lambda id_: directory.wijken[id_].name)


def topic_names(ids: Sequence[str]) -> str:
    return _listed("topics", ids, taxonomy().topics, lambda id_: id_name("topics", id_))


def drempel_names(ids: Sequence[str]) -> str:
    return _listed("drempels", ids, taxonomy().drempels, lambda id_: id_name("drempels", id_))


def language_names(codes: Sequence[str]) -> str:
    return ", ".join(language_name(code) for code in complete() if code in codes)


def _listed(what: str, ids: Sequence[str], everything: Sequence[str], name: Callable[[str], str]) -> str:
    left = [id_ for id_ in everything if id_ not in ids]
    if not left:
        return word(f"map.gaps.all_{what}", n=len(everything))
    if len(left) <= FEW < len(ids):
        return word(f"map.gaps.but_{what}", labels=", ".join(map(name, left)))
    return ", ".join(map(name, ids))
