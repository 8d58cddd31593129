"""Checks that domain, rules, questions and taxonomy speak of the same things."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from bot.checks.map import folders
from bot.conversation.agenda import FORM
from bot.conversation.script import read_script
from bot.conversation.state import State
from bot.directory import DirectoryErrors, load
from bot.paths import DATA, ROOT, RULES
from bot.routing import RulesError, rules
from bot.taxonomy import taxonomy


def dialogue_mistakes() -> Iterator[str]:
    domain = _read(ROOT / "domain.yml")
    yield from _domain(domain)
    yield from _rules(domain)
    yield from _questions()


def _domain(domain: dict[str, Any]) -> Iterator[str]:
    intents = {next(iter(row)) if isinstance(row, dict) else row for row in domain["intents"]}
    yield from _differ("domain.yml: intent", intents, set(taxonomy().intents), "data/taxonomy.yml")
    fields = {field.name for field in dataclasses.fields(State)} | set(FORM)
    yield from _differ("domain.yml: slot", set(domain["slots"]), fields, "bot/conversation/state.py")
    asked = {name.removeprefix("action_ask_") for name in domain["actions"] if name.startswith("action_ask_")}
    yield from _differ("domain.yml: action_ask_", asked, set(FORM), "bot/conversation/agenda.py")


def _rules(domain: dict[str, Any]) -> Iterator[str]:
    rules_ = (rule for path in sorted(RULES.glob("*.yml")) for rule in _read(path)["rules"])
    heard = {name for rule in rules_ for name in _intents(rule["steps"])}
    yield from _differ("data/rules: a rule for", heard, set(taxonomy().intents), "data/taxonomy.yml")


def _intents(steps: list[Any]) -> Iterator[str]:
    for step in steps:
        if "intent" in step:
            yield step["intent"]
        yield from _intents(step.get("or", []))


def _questions() -> Iterator[str]:
    path = DATA / "questions.yml"
    try:
        known_topics, known_traits = set(taxonomy().topics), _traits()
    except RulesError:  # bot.checks.map tells what is wrong with them
        return
    for question in read_script().questions.values():
        for answer in question.answers.values():
            for topic in {*question.topics, *answer.topics} - known_topics:
                yield f"{path.relative_to(ROOT)}: {question.id}: no topic {topic!r}; data/taxonomy.yml lists them"
            for trait in set(answer.traits) - known_traits:
                yield f"{path.relative_to(ROOT)}: {question.id}: no trait {trait!r}; data/routing.yml has a row for each"


def _traits() -> set[str]:
    """What routing can do something with: in its own rows, as an age, or at a place that is only for some."""
    at_places = {trait for folder in folders() for trait in _traits_in(folder)}
    first = {trait for row in rules().topics.values() for trait in row.wijkteam_first}
    return set(rules().traits) | set(rules().ages) | first | at_places


def _traits_in(folder: Path) -> Iterator[str]:
    """For whom things of this map are; a map with mistakes is for bot.checks.map to tell."""
    try:
        services = load(folder).services.values()
    except (DirectoryErrors, FileNotFoundError):
        return
    yield from (trait for service in services for trait in service.traits)


def _differ(what: str, here: set[str], there: set[str], where: str) -> Iterator[str]:
    for name in sorted(there - here):
        yield f"{what} {name!r} is missing; {where} has it"
    for name in sorted(here - there):
        yield f"{what} {name!r} is not known; take it out, or add it to {where}"


def _read(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
