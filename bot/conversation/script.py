"""The questions of data/questions.yml: which are asked for which topic, and what each answer means for the route."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import yaml

from bot.conversation.state import State
from bot.paths import DATA

SKIP = "overslaan"


@dataclass(frozen=True)
class Answer:
    """What one answer means: traits for routing, topics it adds, or the crisis that it is."""

    traits: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    crisis: str | None = None


@dataclass(frozen=True)
class Question:
    """One question of the intake; `only_after` names the answers before it that make it worth asking."""

    id: str
    topics: tuple[str, ...]
    answers: dict[str, Answer]
    only_after: dict[str, list[str]] = field(default_factory=dict)

    def matters(self, state: State) -> bool:
        if state.topic not in self.topics or self.id in state.answers:
            return False
        return all(state.answers.get(earlier) in wanted for earlier, wanted in self.only_after.items())


@dataclass(frozen=True)
class Script:
    """All questions, in the order in which they are asked."""

    questions: dict[str, Question]

    def next_question(self, state: State) -> Question | None:
        return next((question for question in self.questions.values() if question.matters(state)), None)

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
        str(code): Answer(tuple(does.get("traits", ())), tuple(does.get("topics", ())), does.get("crisis"))
        for code, does in row["answers"].items()
    }
    return Question(name, tuple(row["topics"]), answers, row.get("only_after", {}))
