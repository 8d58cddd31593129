"""The questions of data/questions.yml: which are asked for which topic, and what each answer means for the route."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import yaml

from bot.conversation.state import State
from bot.paths import DATA

SKIP = "overslaan"
SELF, OTHER = "self", "other"
"""For whom the help is: who is talking, or somebody else."""
NUMBER = re.compile(r"(?<!\d)\d{1,2}(?!\d)")


@dataclass(frozen=True)
class Answer:
    """What one answer means: traits for routing, topics it adds, or the crisis that it is."""

    traits: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    crisis: str | None = None
    other: bool | None = None
    """Whether the help is for somebody else; None where the answer does not tell."""
    numbers: tuple[int, int] | None = None
    """The numbers that mean this answer, from and with, up to and with: "15" is an age."""


@dataclass(frozen=True)
class Question:
    """One question of the intake; `only_after` names the answers before it that make it worth asking.

    `yes` and `no` are the answers that a plain yes or no stands for, where they have another name.
    """

    id: str
    topics: tuple[str, ...]
    answers: dict[str, Answer]
    only_after: dict[str, list[str]] = field(default_factory=dict)
    yes: str | None = None
    no: str | None = None
    only_for: str | None = None
    """`self` or `other`: whom the help must be for to ask it; None: whoever."""

    def plain(self, said: str | None) -> str | None:
        """The answer that a plain `ja` or `nee` is."""
        named = {"ja": self.yes, "nee": self.no}.get(said or "") or said
        return named if named in self.answers else None

    def numbered(self, text: str) -> str | None:
        """The answer in whose numbers the one that is said lies; None where the question is not about a number."""
        found = NUMBER.search(text)
        within = ((code, a.numbers) for code, a in self.answers.items() if found and a.numbers)
        return next((code for code, (least, most) in within if found and least <= int(found.group()) <= most), None)

    @cached_property
    def adding(self) -> tuple[tuple[str, frozenset[str]], ...]:
        """The answers that claim nothing beyond the topics that they add, with those topics."""
        beside = (
            (code, frozenset(each.topics) - {*self.topics}) for code, each in self.answers.items() if not each.traits
        )
        return tuple((code, topics) for code, topics in beside if topics)

    def said(self, state: State) -> str | None:
        """The answer that was given already by what was named: all topics that it would add."""
        for code, topics in self.adding:
            if topics.issubset(state.topics):
                return code
        return None

    def is_for(self, state: State) -> bool:
        """Whether it is asked where the help is for whom it is."""
        return self.only_for is None or (self.only_for == OTHER) is state.other

    def matters(self, state: State) -> bool:
        if state.topic not in self.topics or self.id in state.answers or not self.is_for(state):
            return False
        return all(state.answers.get(earlier) in wanted for earlier, wanted in self.only_after.items())


@dataclass(frozen=True)
class Script:
    """All questions, in the order in which they are asked."""

    questions: dict[str, Question]

    @cached_property
    def of_topic(self) -> dict[str | None, list[Question]]:
        """The questions of each topic, in their order."""
        topics = {topic for question in self.questions.values() for topic in question.topics}
        return {topic: [each for each in self.questions.values() if topic in each.topics] for topic in topics}

    @cached_property
    def telling(self) -> list[Question]:
        """The questions that may be answered by what was named."""
        return [question for question in self.questions.values() if question.adding]

    def next_question(self, state: State) -> Question | None:
        for question in self.of_topic.get(state.topic, ()):
            if question.matters(state) and not question.said(state):
                return question
        return None

    def for_whom(self, answers: Mapping[str, str]) -> bool | None:
        """Whether these answers say that the help is for somebody else; None where they say nothing of it."""
        told = (answer.other for question, code in answers.items() if (answer := self._answer(question, code)))
        return next((other for other in told if other is not None), None)

    def unasked(self, state: State, answers: Mapping[str, str], age: int | None) -> dict[str, str]:
        """Answers that were given before they were asked: said so, by an age, or by the topics that an answer would add."""
        found = {name: code for name, code in answers.items() if name in self.questions}
        for question in self.telling if age is None else self.questions.values():
            code = (question.numbered(str(age)) if age is not None else None) or question.said(state)
            if code and question.id not in found and question.is_for(state):
                found[question.id] = code
        return {name: code for name, code in found.items() if self._open(name, state)}

    def _open(self, name: str, state: State) -> bool:
        """Whether a question is not answered yet, and nothing that was answered makes it idle."""
        earlier = self.questions[name].only_after.items()
        return name not in state.answers and all(state.answers.get(n, wanted[0]) in wanted for n, wanted in earlier)

    def traits(self, state: State) -> frozenset[str]:
        """What the answers so far say about the need."""
        given = (self._answer(question, code) for question, code in state.answers.items())
        return frozenset(trait for answer in given if answer for trait in answer.traits)

    def _answer(self, question: str, code: str) -> Answer | None:
        known = self.questions.get(question)
        return known.answers.get(code) if known else None


def read_script(path: Path = DATA / "questions.yml") -> Script:
    raw = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return Script({name: _question(name, row) for name, row in raw.items()})


def _question(name: str, row: dict) -> Question:
    answers = {
        str(code): Answer(
            tuple(does.get("traits", ())),
            tuple(does.get("topics", ())),
            does.get("crisis"),
            does.get("other"),
            tuple(does["numbers"]) if "numbers" in does else None,
        )
        for code, does in row["answers"].items()
    }
    plain = row.get("yes"), row.get("no")
    return Question(name, tuple(row["topics"]), answers, row.get("only_after", {}), *plain, row.get("only_for"))
