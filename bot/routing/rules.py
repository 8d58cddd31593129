"""data/routing.yml as frozen rules; data/schema/routing.json says what may stand in it, to us and to an editor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.directory.mistakes import DirectoryErrors, Mistake, nearest
from bot.directory.schema import mistakes_in, schema
from bot.directory.yaml_lines import YamlFile, read_yaml
from bot.paths import DATA


class RulesError(DirectoryErrors):
    """Everything in routing.yml that cannot be used, one line each, with path and line."""


@dataclass(frozen=True)
class TopicRule:
    """One row of `topics`."""

    light: tuple[str, ...] = ()
    first: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    wijkteam_first: tuple[str, ...] = ()
    """Traits with which the wijkteam comes first."""


@dataclass(frozen=True)
class Preference:
    """One row of `drempels` or `traits`: what moves up and down, and what may join."""

    first: tuple[str, ...] = ()
    prefer: tuple[str, ...] = ()
    last: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    also_for: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    wijkteam_first: bool = False

    def joining(self, topics: tuple[str, ...]) -> set[str]:
        """Ids of the places that may join a need with these topics, whatever their own."""
        return {*self.also, *(id_ for topic in topics for id_ in self.also_for.get(topic, ()))}


@dataclass(frozen=True)
class Rules:
    """How a need finds its way; the comments of data/routing.yml explain each part."""

    ladder: Mapping[str, int]
    points: Mapping[str, int]
    topic_points: tuple[int, ...]
    step_points: tuple[int, ...]
    equals: tuple[str, ...]
    walk_over: tuple[str, ...]
    days: Mapping[str, int]
    fields: tuple[frozenset[str], ...]
    topics: Mapping[str, TopicRule]
    drempels: Mapping[str, Preference]
    traits: Mapping[str, Preference]
    ages: Mapping[str, tuple[int, int]]
    not_with: Mapping[str, tuple[str, ...]]
    crisis: Mapping[str, tuple[str, ...]]

    def more_than_one_field(self, topics: tuple[str, ...]) -> bool:
        """Whether no single field of life holds all the topics."""
        return len(topics) > 1 and not any(set(topics) <= field for field in self.fields)

    def heard(self, drempels: tuple[str, ...], traits: frozenset[str]) -> Iterator[Preference]:
        """The rows of what was heard and found, in the file's own order for the traits."""
        yield from (self.drempels[drempel] for drempel in drempels if drempel in self.drempels)
        yield from (row for trait, row in self.traits.items() if trait in traits)

    def named_ids(self) -> set[str]:
        """Every place that the rules name: each should exist in some municipality."""
        named = {id_ for row in self.topics.values() for id_ in (*row.first, *row.beside)}
        rows = (*self.drempels.values(), *self.traits.values())
        joining = {id_ for row in rows for id_ in row.joining(tuple(self.topics))}
        return named | joining | {id_ for ids in self.crisis.values() for id_ in ids if id_ != "floor"}


@lru_cache(maxsize=1)
def rules() -> Rules:
    """The rules of data/routing.yml, read once."""
    return read_rules(DATA / "routing.yml")


def read_rules(path: Path) -> Rules:
    """The rules of a file. Raises RulesError with all that is wrong in it."""
    file = read_yaml(path)
    wrong = mistakes_in(file, schema("routing"))
    wrong = wrong or list(_disagreements(file))
    if wrong:
        raise RulesError(wrong)
    text = file.value
    lists = ("topics", "steps")
    return Rules(
        ladder=text["ladder"],
        points={name: points for name, points in text["points"].items() if name not in lists},
        topic_points=tuple(text["points"]["topics"]),
        step_points=tuple(text["points"]["steps"]),
        equals=tuple(text["equals"]),
        walk_over=tuple(text["walk_over"]),
        days=text["days"],
        fields=tuple(frozenset(topics) for topics in text["fields"].values()),
        topics={topic: _row(TopicRule, row) for topic, row in text["topics"].items()},
        drempels={drempel: _row(Preference, row) for drempel, row in text["drempels"].items()},
        traits={trait: _row(Preference, row) for trait, row in text["traits"].items()},
        ages={trait: (ages[0], ages[1]) for trait, ages in text["ages"].items()},
        not_with={trait: tuple(words) for trait, words in text["not_with"].items()},
        crisis={crisis: tuple(ids) for crisis, ids in text["crisis"].items()},
    )


def _row(kind: Any, row: dict[str, Any]) -> Any:
    """A row as what it is called in the code; lists become tuples."""
    return kind(**{name: _frozen(value) for name, value in row.items()})


def _frozen(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _frozen(item) for key, item in value.items()}
    return tuple(value) if isinstance(value, list) else value


def _disagreements(file: YamlFile) -> Iterator[Mistake]:
    """What the schema cannot say: every topic is in a field of life, ages run upward, each trait exists."""
    text = file.value
    inside = {topic for topics in text["fields"].values() for topic in topics}
    for topic in sorted(text["topics"].keys() - inside):
        mend = "add it to the field to which it belongs"
        yield file.mistake(("fields",), f"{topic!r} is in no field", "each topic in one or more", mend)
    for trait, ages in text["ages"].items():
        if len(ages) != 2 or ages[0] > ages[1]:
            expected = "the youngest and the oldest"
            yield file.mistake(("ages", trait), f"ages of {trait!r} are {ages}", expected, "for example [12, 17]")
    known = {*text["traits"], "grown_up", *schema("service")["properties"]["traits"]["items"]["enum"]}
    named = [(part, trait) for part in ("ages", "not_with") for trait in text[part]]
    named += [("topics", trait) for row in text["topics"].values() for trait in row.get("wijkteam_first", ())]
    for part, trait in named:
        if trait not in known:
            expected = "one of `traits` here, or of data/schema/service.json"
            yield file.mistake((part, trait), f"unknown trait {trait!r}", expected, nearest(trait, known))
