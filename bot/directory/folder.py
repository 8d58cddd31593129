"""The things of a municipality's folder as plain values, and a way to put others in their place: all or none."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.directory.exchange import swap
from bot.directory.exchange.house_yaml import rendered
from bot.directory.loader import KINDS, load
from bot.directory.mistakes import DirectoryErrors, Mistake, NoFolder
from bot.directory.yaml_lines import read_yaml

SECTIONS = tuple(KINDS)


@dataclass(frozen=True)
class Record:
    """One file of the map: the folder in which it stands, and exactly what it holds."""

    section: str
    """`wijkteams`, `spreekuren`, `voorzieningen`, `nummers` or `loketten`."""
    values: dict[str, Any]
    """The fields as YAML gives them: text, true or false, whole numbers, lists, mappings."""

    @property
    def id(self) -> str:
        return str(self.values.get("id", ""))

    def same_as(self, other: Record) -> bool:
        """Equal to the last sign; `1` is not `true`."""
        return self.section == other.section and _exact(self.values) == _exact(other.values)


@dataclass(frozen=True)
class Change:
    """One thing before and after; the same id, perhaps in another section."""

    before: Record
    after: Record


@dataclass(frozen=True)
class Changes:
    """What differs between the map in force and what somebody wants in its place."""

    added: tuple[Record, ...] = ()
    changed: tuple[Change, ...] = ()
    missing: tuple[Record, ...] = ()
    """On the map, and not among what is wanted."""
    removed: bool = False
    """Whether the missing ones were taken off the map; otherwise they stay."""

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.missing)


def records(folder: Path) -> list[Record]:
    """Every thing of the folder, by section and id. Raises DirectoryErrors where a file is no YAML mapping."""
    if not folder.is_dir():
        raise NoFolder(f"{folder}: no such folder; expected that of a municipality")
    found: list[Record] = []
    wrong: list[Mistake] = []
    for section in SECTIONS:
        for path in sorted(folder.glob(f"{section}/*.yml"), key=lambda path: path.stem):
            file = read_yaml(path)
            wrong += file.mistakes
            if not isinstance(file.value, dict):
                wrong.append(file.mistake((), "no fields", "the fields of one thing", "see docs/directory.md"))
                continue
            found.append(Record(section, file.value))
            if found[-1].id != path.stem:
                what = f"id {found[-1].id!r} differs from the file name"
                wrong.append(file.mistake(("id",), what, f"{path.stem!r}", "give both the same name"))
    if wrong:
        raise DirectoryErrors(wrong)
    return found


def compared(now: Sequence[Record], wanted: Sequence[Record], remove: bool = False) -> Changes:
    """What must be added and changed to come from the one to the other, and what the other does not have."""
    before = {record.id: record for record in now}
    named = {record.id for record in wanted}
    pairs = [Change(before[record.id], record) for record in wanted if record.id in before]
    return Changes(
        added=tuple(record for record in wanted if record.id not in before),
        changed=tuple(pair for pair in pairs if not pair.before.same_as(pair.after)),
        missing=tuple(record for record in now if record.id not in named),
        removed=remove,
    )


def replace(folder: Path, wanted: list[Record], remove: bool = False) -> Changes:
    """Puts the wanted things on the map, in one step; with `remove` what is not wanted comes off.

    A file of which nothing changed is not touched. Raises DirectoryErrors, by the paths of the folder, where the new
    map would not be in order: then nothing happened at all.
    """
    folder = folder.resolve()
    with swap.alone(folder):
        changes = compared(records(folder), wanted, remove)
        if not (changes.added or changes.changed or (remove and changes.missing)):
            load(folder)
            return changes
        staging = swap.staged(folder)
        try:
            _write(staging, changes)
            load(staging)
        except DirectoryErrors as errors:
            raise _as_of(errors, staging, folder) from errors
        else:
            swap.put_in_force(folder)
        finally:
            swap.recover(folder)
    return changes


def path_of(folder: Path, record: Record) -> Path:
    return folder / record.section / f"{record.id}.yml"


def _write(staging: Path, changes: Changes) -> None:
    """Every changed file anew; never into an old one, for that is also the map in force."""
    for change in changes.changed:
        path = path_of(staging, change.before)
        text = rendered(change.after.values, path)
        path.unlink()
        _create(path_of(staging, change.after), text)
    for record in changes.added:
        _create(path_of(staging, record), rendered(record.values))
    for record in changes.missing if changes.removed else ():
        path_of(staging, record).unlink()


def _create(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    with path.open("x", encoding="utf-8", newline="\n") as file:
        file.write(text)


def _as_of(errors: DirectoryErrors, staging: Path, folder: Path) -> DirectoryErrors:
    """The same mistakes, by the paths that an editor knows."""
    return DirectoryErrors(
        Mistake(folder / m.path.relative_to(staging), m.line, m.what, m.expected, m.mend) for m in errors.mistakes
    )


def _exact(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
