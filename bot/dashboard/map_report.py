"""What is stale on the map, and what is missing on it, as plain tables to be read in a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from pathlib import Path
from textwrap import wrap

from bot.dashboard.map_words import (
    day_name,
    drempel_names,
    kind_name,
    language_names,
    topic_names,
    wijk_names,
)
from bot.dashboard.words import word
from bot.directory import Directory
from bot.directory.directory import Unconfirmed
from bot.directory.gap_groups import Group, grouped
from bot.directory.gaps import MISSING, Gaps
from bot.directory.staleness import Aged, Staleness

Row = Sequence[str]
GROUPS = ("old", "ageing", "future", "older_sources", "undated", "unconfirmed")
AGED_COLUMNS = ("name", "kind", "checked", "days", "source", "by", "file")
WAITING_COLUMNS = ("name", "kind", "status", "file", "why")
WIDEST = 60
"""Signs of a line in a cell."""
SIDES: Mapping[str, tuple[str, ...]] = {
    "lighter": (),
    "language": ("languages",),
    "drempel": ("drempels",),
    "together": ("languages", "drempels"),
}
"""Which sides a gap has beside wijken and topics."""


def stale_report(found: Staleness, files: Mapping[str, Path]) -> str:
    """Each group with its things; an empty group is said to be so."""
    lead = word("map.stale.lead", date=day_name(found.today))
    sections = (
        _section(f"map.stale.groups.{name}", stale_columns(name), stale_rows(found, name, files)) for name in GROUPS
    )
    return "\n\n".join([lead, *sections])


def stale_columns(group: str) -> list[str]:
    names = WAITING_COLUMNS if group == "unconfirmed" else AGED_COLUMNS
    return [word(f"map.stale.columns.{name}") for name in names]


def stale_rows(found: Staleness, group: str, files: Mapping[str, Path]) -> list[Row]:
    things: Sequence[Aged | Unconfirmed] = getattr(found, group)
    return [_thing(thing, files) for thing in things]


def _thing(thing: Aged | Unconfirmed, files: Mapping[str, Path]) -> Row:
    service = thing.service
    start = (service.name, kind_name(service.kind))
    if isinstance(thing, Unconfirmed):
        return (*start, word(f"map.statuses.{thing.status}"), _file(service.id, files), thing.why)
    return (*start, f"{service.checked}", f"{thing.days}", _source(thing), service.checked_by, _file(service.id, files))


def _source(thing: Aged) -> str:
    return f"{thing.source}" if thing.source else word("map.thing.undated")


def _file(id_: str, files: Mapping[str, Path]) -> str:
    path = files.get(id_)
    return f"{path.parent.name}/{path.name}" if path else id_


def gaps_report(found: Gaps, directory: Directory) -> str:
    """Gaps that are alike in one line, then what single things and wijken lack."""
    groups = grouped(found.needs, directory)
    parts = [word("map.gaps.lead")]
    for missing in MISSING:
        rows = [gap_row(group, directory) for group in groups if group.missing == missing]
        parts.append(_section(f"map.gaps.missing.{missing}", gap_columns(missing), rows))
    for name, rows_of in SINGLE.items():
        parts.append(_section(f"map.gaps.{name}", single_columns(name), rows_of(found, directory)))
    return "\n\n".join([*parts, word("map.gaps.all_command")])


def gap_columns(missing: str) -> list[str]:
    return [word(f"map.gaps.columns.{side}") for side in (*SIDES[missing], "topics", "wijken")]


def single_columns(name: str) -> list[str]:
    return [word(f"map.gaps.columns.{column}") for column in SINGLE_COLUMNS[name]]


def gap_row(group: Group, directory: Directory) -> Row:
    """The sides of a group in words: languages and drempels first where they matter, then topics and wijken."""
    said = {"languages": language_names(group.languages), "drempels": drempel_names(group.drempels)}
    sides = (said[side] for side in SIDES[group.missing])
    return (*sides, topic_names(group.topics), wijk_names(directory, group.wijken))


def untranslated_rows(found: Gaps, directory: Directory) -> list[Row]:
    names = directory.services
    return [
        (names[one.service].name, word(f"map.fields.{one.field}"), language_names(one.languages))
        for one in found.untranslated
    ]


def unknown_rows(found: Gaps, directory: Directory) -> list[Row]:
    """One line for each thing, with all that is not known of it."""
    facts: dict[str, list[str]] = {}
    for one in found.unknown:
        facts.setdefault(one.service, []).append(word(f"map.gaps.facts.{one.fact}"))
    return [(directory.services[id_].name, ", ".join(lacks)) for id_, lacks in facts.items()]


def empty_rows(found: Gaps, directory: Directory) -> list[Row]:
    waiting = directory.unconfirmed
    return [
        (directory.wijken[one.wijk].name, ", ".join(waiting[id_].service.name for id_ in one.waiting))
        for one in found.empty
    ]


SINGLE: Mapping[str, Callable[[Gaps, Directory], list[Row]]] = {
    "untranslated": untranslated_rows,
    "unknown": unknown_rows,
    "empty": empty_rows,
}
"""What is missing of single things and wijken, each as the rows of a table."""
SINGLE_COLUMNS = {
    "untranslated": ("name", "field", "languages"),
    "unknown": ("name", "fact"),
    "empty": ("wijk", "waiting"),
}


def _section(key: str, columns: Sequence[str], rows: list[Row]) -> str:
    title = f"{word(f'{key}.title')} ({len(rows)})"
    return "\n".join([title, *(_table([columns, *rows]) if rows else [f"  {word('map.stale.nothing')}"])])


def _table(rows: Iterable[Row]) -> list[str]:
    """The cells of each column under each other; what is too wide goes on below, but for the last column."""
    wrapped = [[*([wrap(cell, WIDEST) or [""] for cell in row[:-1]]), [row[-1]]] for row in rows]
    widths = [max(len(line) for cell in column for line in cell) for column in zip(*wrapped, strict=True)]
    return [line for row in wrapped for line in _lines(row, widths)]


def _lines(row: list[list[str]], widths: list[int]) -> Iterator[str]:
    for parts in zip_longest(*row, fillvalue=""):
        yield ("  " + "  ".join(part.ljust(width) for part, width in zip(parts, widths, strict=True))).rstrip()
