"""What is asked next. One question at a time; what is known already, or was refused, is not asked."""

from __future__ import annotations

from bot.conversation.script import Script
from bot.conversation.state import State

FORM = ("safe", "topic", "answer", "place", "drempel", "outcome", "more")
"""The form's slots, in the order in which they are asked."""
MOST_QUESTIONS = 2
"""Intake questions for one topic; with the place that makes three before something is offered (conversation.md)."""


def next_slot(state: State, script: Script) -> str | None:
    """The slot of the form to ask for, or None where the conversation has come to its end."""
    if state.safe in ("ask", "crisis"):
        return "safe"
    if state.safe == "stays":
        return "topic"
    if state.more == "nee":
        return None
    if state.topic is None:
        return "more" if state.done and state.more is None else "topic"
    if _may_ask(state, script):
        return "answer"
    if state.place is None:
        return "place"
    if state.drempel is None and not state.drempels:
        return "drempel"
    return "outcome"


def _may_ask(state: State, script: Script) -> bool:
    asked = sum(1 for question in state.answers if state.topic in script.questions[question].topics)
    return not state.routed and asked < MOST_QUESTIONS and script.next_question(state) is not None
