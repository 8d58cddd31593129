"""data/routing.yml as frozen rules, checked as a whole when they are read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from bot.paths import DATA
from bot.routing.features import FEATURES

KINDS = ("voorziening", "spreekuur", "wijkteam", "gemeente")
SCALES = (
    "first",
    "beside",
    "wijk",
    "neighbour",
    "language",
    "open_now",
    "without_hours",
    "stand_in",
    "wijkteam_first",
    "urgent",
    "drempel_first",
    "prefer",
    "last",
    "trait_first",
)


class RulesError(Exception):
    """Everything in routing.yml that cannot be used, one line each."""


@dataclass(frozen=True)
class TopicRule:
    """One row of `topics`."""

    light: tuple[str, ...] = ()
    first: tuple[str, ...] = ()
    beside: frozenset[str] = frozenset()
    wijkteam_first: frozenset[str] = frozenset()
    """Traits with which the wijkteam comes first."""


@dataclass(frozen=True)
class Preference:
    """One row of `drempels` or `traits`: what moves up and down."""

    first: tuple[str, ...] = ()
    prefer: tuple[str, ...] = ()
    last: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    wijkteam_first: bool = False


@dataclass(frozen=True)
class Rules:
    """How a need finds its way; the comments of data/routing.yml explain each part."""

    ladder: Mapping[str, int]
    points: Mapping[str, int]
    topic_points: tuple[int, ...]
    soon_hours: int
    fields: tuple[frozenset[str], ...]
    topics: Mapping[str, TopicRule]
    drempels: Mapping[str, Preference]
    traits: Mapping[str, Preference]
    crisis: Mapping[str, tuple[str, ...]]

    def more_than_one_field(self, topics: tuple[str, ...]) -> bool:
        """Whether no single field of life holds all the topics."""
        return len(topics) > 1 and not any(set(topics) <= field for field in self.fields)

    def named_ids(self) -> set[str]:
        """Every place that the rules name: each should exist in some municipality."""
        rows = [*self.topics.values()]
        named = {id_ for row in rows for id_ in (*row.first, *row.beside)}
        also = {id_ for row in (*self.drempels.values(), *self.traits.values()) for id_ in row.also}
        return named | also | {id_ for ids in self.crisis.values() for id_ in ids if id_ != "floor"}


@lru_cache(maxsize=1)
def rules() -> Rules:
    """The rules of data/routing.yml, read once."""
    return read_rules(DATA / "routing.yml")


def read_rules(path: Path) -> Rules:
    """The rules of a file. Raises RulesError with all that is wrong in it."""
    text = yaml.safe_load(path.read_text(encoding="utf-8"))
    taxonomy = yaml.safe_load((DATA / "taxonomy.yml").read_text(encoding="utf-8"))
    wrong = list(_mistakes(text, taxonomy))
    if wrong:
        raise RulesError("\n".join(f"{path}: {line}" for line in wrong))
    return Rules(
        ladder=text["ladder"],
        points={name: text["points"][name] for name in SCALES},
        topic_points=tuple(text["points"]["topics"]),
        soon_hours=text["soon_hours"],
        fields=tuple(frozenset(topics) for topics in text["fields"].values()),
        topics={topic: _topic(row or {}) for topic, row in text["topics"].items()},
        drempels={drempel: _preference(row or {}) for drempel, row in text["drempels"].items()},
        traits={trait: _preference(row or {}) for trait, row in text["traits"].items()},
        crisis={crisis: tuple(ids) for crisis, ids in text["crisis"].items()},
    )


def _topic(row: dict[str, Any]) -> TopicRule:
    sets = {key: frozenset(row.get(key, ())) for key in ("beside", "wijkteam_first")}
    return TopicRule(tuple(row.get("light", ())), tuple(row.get("first", ())), **sets)


def _preference(row: dict[str, Any]) -> Preference:
    lists = {key: tuple(row.get(key, ())) for key in ("first", "prefer", "last", "also")}
    return Preference(**lists, wijkteam_first=row.get("wijkteam_first", False))


def _mistakes(text: dict[str, Any], taxonomy: dict[str, Any]) -> Iterator[str]:
    """What is missing, unknown or too much, in words for the person who changed the file."""
    for part in ("ladder", "points", "soon_hours", "fields", "topics", "drempels", "traits", "crisis"):
        if part not in text:
            yield f"{part} is missing"
            return
    yield from _differences("ladder", text["ladder"], KINDS)
    yield from _differences("points", text["points"], [*SCALES, "topics"])
    for part in ("topics", "drempels", "crisis"):
        yield from _differences(part, text[part], taxonomy[part])
    in_fields = {topic for field in text["fields"].values() for topic in field}
    yield from _differences("fields", in_fields, taxonomy["topics"])
    for part in ("drempels", "traits"):
        for name, row in text[part].items():
            words = {word for key in ("first", "prefer", "last") for word in (row or {}).get(key, ())}
            for word in sorted(words - FEATURES.keys()):
                yield f"{part}.{name}: unknown word {word!r}; choose from {', '.join(sorted(FEATURES))}"


def _differences(part: str, found: Any, expected: Any) -> Iterator[str]:
    for name in sorted(set(expected) - set(found)):
        yield f"{part}: {name} is missing"
    for name in sorted(set(found) - set(expected)):
        yield f"{part}: unknown {name!r}; expected one of {', '.join(sorted(expected))}"
