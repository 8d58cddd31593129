"""What a message means as the answer to the question that waited: one function a question, and when a question is let go."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bot.choices import is_payload
from bot.conversation.heard import Heard
from bot.conversation.script import SKIP, Question, Script
from bot.conversation.state import REFUSED, State, added
from bot.conversation.turning import closed, in_crisis, turn_to

YES, NO = "ja", "nee"
PUNCTUATION = re.compile(r"[.,;:!?…\"()]+")
ANYTHING_ELSE = "anders"
"""The choice that shows the next choices."""
SKIPS = (SKIP, "liever_niet")
MOST_REFUSALS = 2
"""After so many times "that does not help", a person."""
NO_ANSWER = frozenset({"weet_niet", "overslaan"})
MOST_MISSES = 2
"""After so many answers that do not answer it, a question is let go."""


@dataclass(frozen=True)
class Words:
    """The conversation's own words in its language: titles of choices, yes and no, one two three."""

    titles: Mapping[str, str] = field(default_factory=dict)
    yes: frozenset[str] = frozenset()
    no: frozenset[str] = frozenset()
    counting: Mapping[str, int] = field(default_factory=dict)


def yes_or_no(heard: Heard, words: Words) -> str | None:
    if heard.intent == "bevestig":
        return YES
    if heard.intent == "ontken":
        return NO
    first = next(iter(PUNCTUATION.sub(" ", heard.text.lower()).split()), None)
    if first in words.yes:
        return YES
    return NO if first in words.no else None


def _next_page(state: State, what: str) -> State:
    return state.but(asks={**state.asks, f"page_{what}": state.asks.get(f"page_{what}", 0) + 1})


def _to_topic(state: State, heard: Heard, code: str | None, script: Script, words: Words) -> State:
    if code == ANYTHING_ELSE:
        return _next_page(state, "topic")
    if code and code not in (YES, NO):
        return turn_to(state, code).but(maybe=None)
    said = code or yes_or_no(heard, words)
    before = state.maybe
    if before and said == YES:
        return turn_to(state, before).but(maybe=None)
    return state.but(maybe=None) if said == NO else state


def _to_answer(state: State, heard: Heard, code: str | None, script: Script, words: Words) -> State:
    question = script.questions.get(next(iter(state.offered.get("for", ())), ""))
    if question is None or state.topic not in question.topics:
        return state
    counted = code is None or heard.text.strip().isdecimal()  # "younger than 4" is the button, 4 is an age
    number = question.numbered(heard.text) if counted and not is_payload(heard.text) else None
    if number or code is None:
        code = number or _said_in_words(question, state, heard, words)
    if code is None:
        return state
    answer = question.answers.get(code)
    if answer and answer.other is not None:
        state = state.but(other=answer.other)
    state = state.but(answers={**state.answers, question.id: code}, trail=(*state.trail, f"answer:{question.id}"))
    if answer and answer.crisis:
        state = in_crisis(state, answer.crisis)
    return state.but(topics=added(state.topics, answer.topics)) if answer else state


def _said_in_words(question: Question, state: State, heard: Heard, words: Words) -> str | None:
    """An answer that is no button: I don't know, a plain yes or no, or what one of the answers would add."""
    if heard.intent in NO_ANSWER:
        return SKIP
    adds = (code for code, answer in question.answers.items() if set(answer.topics) & set(heard.topics))
    return question.plain(yes_or_no(heard, words)) or next(adds, None)


def _to_place(state: State, heard: Heard, code: str | None, script: Script, words: Words) -> State:
    if code and code != SKIP:
        return state.but(wijken=(code,), place="known", options=(), trail=(*state.trail, "place"))
    if code == SKIP or heard.intent in NO_ANSWER or (heard.intent == "ontken" and not heard.wijken):
        return state.but(place=REFUSED, options=(), trail=(*state.trail, "place"))
    return state


def _to_drempel(state: State, heard: Heard, code: str | None, script: Script, words: Words) -> State:
    if code == ANYTHING_ELSE:
        return _next_page(state, "drempel")
    if code and code not in SKIPS:
        drempels = {code: "asked", **state.drempels}
        return state.but(drempels=drempels, drempel="asked", routed=False, trail=(*state.trail, "drempel"))
    if heard.drempels:
        drempels = {**state.drempels, **dict.fromkeys(heard.drempels, "asked")}
        return state.but(drempels=drempels, drempel="asked", routed=False, trail=(*state.trail, "drempel"))
    if code in SKIPS or heard.intent in NO_ANSWER or heard.intent == "dank" or yes_or_no(heard, words) == NO:
        return state.but(drempel="skipped", trail=(*state.trail, "drempel"))
    return state


def _to_outcome(state: State, heard: Heard, code: str | None, script: Script, words: Words) -> State:
    thanks = {"dank": YES, **dict.fromkeys(NO_ANSWER, "beetje")}
    outcome = code or yes_or_no(heard, words) or thanks.get(heard.intent)
    if outcome is None:
        return state
    state = state.but(outcomes=(*state.outcomes, outcome), trail=(*state.trail, "outcome"))
    if outcome != NO or state.outcomes.count(NO) >= MOST_REFUSALS:
        return closed(state)
    return state.but(declined=added(state.declined, state.shown), routed=False)


def _to_more(state: State, heard: Heard, code: str | None, script: Script, words: Words) -> State:
    said = code or yes_or_no(heard, words)
    if said == YES:
        return turn_to(state, state.waiting[0]) if state.waiting else state.but(more=YES)
    if said == NO or heard.intent in NO_ANSWER or heard.intent == "dank":
        return state.but(more=NO)
    return state


def _to_safe(state: State, heard: Heard, code: str | None, script: Script, words: Words) -> State:
    said = code or yes_or_no(heard, words)
    goes_on = heard.is_need or bool(heard.wijken) or heard.elsewhere
    if state.safe == "asked" and said != YES and (said == NO or not goes_on):
        return in_crisis(state, state.doubt)  # what is not understood is not safe; who goes on has the number already
    return state.but(safe="stays" if said == NO and not goes_on else YES)


def to_nothing(state: State, heard: Heard, code: str | None, script: Script, words: Words) -> State:
    return state


ANSWERING: dict[str, Callable[[State, Heard, str | None, Script, Words], State]] = {
    "topic": _to_topic,
    "answer": _to_answer,
    "place": _to_place,
    "drempel": _to_drempel,
    "outcome": _to_outcome,
    "more": _to_more,
    "safe": _to_safe,
}


def let_go(state: State, before: State) -> State:
    """Notes that a question was not answered; the second time it is let go, so that nobody goes round in circles."""
    asked = before.asked or "topic"
    question = next(iter(before.offered.get("for", ())), "")
    if question in state.answers:
        return state
    missed = f"missed_{question or asked}"
    state = state.but(asks={**state.asks, missed: state.asks.get(missed, 0) + 1})
    if state.asks[missed] < MOST_MISSES:
        return state
    if asked == "answer" and question:
        return state.but(answers={**state.answers, question: SKIP})
    if asked == "place" and state.place is None:
        return state.but(place=REFUSED, options=())
    if asked == "drempel":
        return state.but(drempel="skipped")
    return closed(state) if asked == "outcome" else state
