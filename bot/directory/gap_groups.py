"""Gaps that are alike in as few lines as can be: twenty thousand of them are ten sentences."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from bot.directory.directory import Directory
from bot.directory.gaps import MISSING, Gap
from bot.languages import complete
from bot.taxonomy import taxonomy

Box = tuple[frozenset[str | None], ...]
"""Wijken, topics, languages and drempels of which every combination is a gap."""


@dataclass(frozen=True)
class Group:
    """Gaps that are alike, told in one line: each wijk with each topic, language and drempel of it."""

    missing: str
    wijken: tuple[str, ...]
    topics: tuple[str, ...]
    languages: tuple[str, ...]
    drempels: tuple[str, ...]


def grouped(needs: Iterable[Gap], directory: Directory) -> tuple[Group, ...]:
    """The same gaps in as few lines as equal ones allow; each gap is in one of them, and nothing else is."""
    found = []
    for missing, cells in _by_missing(needs).items():
        for wijken, topics, languages, drempels in _merged(cells):
            ordered = (
                tuple(name for name in order if name in box)
                for order, box in (
                    (directory.wijken, wijken),
                    (taxonomy().topics, topics),
                    (complete(), languages),
                    (taxonomy().drempels, drempels),
                )
            )
            found.append(Group(missing, *ordered))
    return tuple(sorted(found, key=lambda group: (MISSING.index(group.missing), -_size(group), group.topics)))


def _by_missing(needs: Iterable[Gap]) -> dict[str, set[Box]]:
    found: dict[str, set[Box]] = defaultdict(set)
    for gap in needs:
        cell = (gap.wijk, gap.topic, gap.language, gap.drempel)
        found[gap.missing].add(tuple(frozenset((part,)) for part in cell))
    return found


def _merged(boxes: set[Box]) -> set[Box]:
    """Boxes that differ on one side alone become one, side after side: wijken, topics, languages, drempels."""
    for side in range(4):
        alike: dict[Box, frozenset[str | None]] = defaultdict(frozenset)
        for box in boxes:
            alike[box[:side] + box[side + 1 :]] |= box[side]
        boxes = {(*rest[:side], whole, *rest[side:]) for rest, whole in alike.items()}
    return boxes


def _size(group: Group) -> int:
    return len(group.wijken) * len(group.topics) * max(1, len(group.languages)) * max(1, len(group.drempels))
