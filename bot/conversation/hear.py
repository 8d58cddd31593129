"""Takes one understood message into the state: what it names, and what it answers."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bot.choices import chosen, is_payload
from bot.conversation.heard import UNCLEAR, Heard
from bot.conversation.script import SKIP, Question, Script
from bot.conversation.state import REFUSED, State, added

YES, NO = "ja", "nee"
PUNCTUATION = re.compile(r"[.,;:!?…\"()]+")
ANYTHING_ELSE = "anders"
"""The choice that shows the next choices."""
SKIPS = (SKIP, "liever_niet")
MOST_REFUSALS = 2
"""After so many times "that does not help", a person."""
NO_ANSWER = frozenset({"weet_niet", "overslaan"})
REMARKS = frozenset({"dank", "groet"})
THANKED = ("drempel", "outcome", "more")
"""Questions to which "thank you" is an answer: that is enough."""
MOST_MISSES = 2
"""After so many answers that do not answer it, a question is let go."""
INTERRUPTIONS = REMARKS | {
    "taal_kiezen", "opnieuw", "herhaal", "eenvoudiger", "terug", "stop", "wissen", "mens_spreken", "ben_je_robot",
    "privacy", "wat_kun_je",
}  # fmt: skip


@dataclass(frozen=True)
class Words:
    """The conversation's own words in its language: titles of choices, yes and no, one two three."""

    titles: Mapping[str, str] = field(default_factory=dict)
    yes: frozenset[str] = frozenset()
    no: frozenset[str] = frozenset()
    counting: Mapping[str, int] = field(default_factory=dict)


def interrupts(heard: Heard, state: State, words: Words) -> bool:
    """Whether a rule answers this message, whatever question is waiting."""
    if heard.crisis:
        return True
    if _choice(state, heard, words) or (state.asked in THANKED and heard.intent == "dank"):
        return False
    if heard.intent in REMARKS and state.asked and _yes_or_no(heard, words):
        return False  # "nee, dank je" is an answer
    return heard.intent in INTERRUPTIONS or heard.intent.startswith("coach_")


def hear(state: State, heard: Heard, script: Script, words: Words) -> State:
    """The state after this message."""
    code = _choice(state, heard, words)
    state = state.but(heard_id=heard.id, turns=state.turns + 1)
    before = state
    if code is None:
        state = _note(state, heard)
    if not interrupts(heard, before, words):
        answer = ANSWERING.get(before.asked or "topic", _to_nothing)
        answered = answer(state, heard, code, script, words)
        state = _let_go(answered, before) if answered == state else answered
    return _clear_or_not(before, state, heard, code)


def _choice(state: State, heard: Heard, words: Words) -> str | None:
    return chosen(heard.text, state.offered, words.titles, words.counting)


def _note(state: State, heard: Heard) -> State:
    """What the message names, whatever was asked: topics, what holds back, where somebody lives."""
    drempels = {**dict.fromkeys(heard.drempels, "heard"), **state.drempels}
    state = state.but(drempels=drempels, topics=added(state.topics, heard.topics), maybe=None)
    if heard.drempels and state.routed:
        state = state.but(routed=False)
    if heard.crisis:
        state = _in_crisis(state, heard.crisis)
    elif heard.doubt and state.safe is None:
        state = state.but(safe="ask", doubt=heard.doubt)
    if heard.is_need:
        state = _turn_to(state, heard.topics[0] if heard.topics else heard.intent.removeprefix("hulp_"))
    elif heard.maybe and state.topic is None:
        state = state.but(maybe=heard.maybe)
    return _place(state, heard)


def _in_crisis(state: State, crisis: str | None) -> State:
    """The number comes next, before anything else."""
    return state.but(crisis=added(state.crisis, (crisis,)) if crisis else state.crisis, doubt=crisis, safe="crisis")


def _turn_to(state: State, topic: str) -> State:
    """A need was named: it is the topic, unless another is still being worked out; then it comes with it."""
    state = state.but(topics=added(state.topics, (topic,)))
    if state.topic is None:
        return state.but(topic=topic, more=None, routed=False, outcome=None)
    if state.routed and topic != state.topic:
        return _closed(state).but(topic=topic, more=None)
    return state


def _place(state: State, heard: Heard) -> State:
    if heard.elsewhere and not state.wijken:
        return state.but(place="elsewhere", options=())
    if not heard.wijken or heard.wijken == state.wijken:
        return state
    if heard.which_wijk:
        return state.but(options=heard.wijken, place=None, wijken=())
    return state.but(wijken=heard.wijken, place="known", options=(), routed=False, trail=(*state.trail, "place"))


def _closed(state: State) -> State:
    """The topic of now is dealt with; the next can begin."""
    done = added(state.done, (state.topic,) if state.topic else ())
    return state.but(done=done, topic=None, routed=False, outcome=None, shown=(), declined=())


def _yes_or_no(heard: Heard, words: Words) -> str | None:
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
        return _turn_to(state, code).but(maybe=None)
    said = code or _yes_or_no(heard, words)
    before = state.maybe
    if before and said == YES:
        return _turn_to(state, before).but(maybe=None)
    return state.but(maybe=None) if said == NO else state


def _to_answer(state: State, heard: Heard, code: str | None, script: Script, words: Words) -> State:
    question = script.questions.get(next(iter(state.offered.get("for", ())), ""))
    if question is None or state.topic not in question.topics:
        return state
    number = question.numbered(heard.text)
    if number or code is None:
        code = number or _said_in_words(question, state, heard, words)
    if code is None:
        return state
    answer = question.answers.get(code)
    state = state.but(answers={**state.answers, question.id: code}, trail=(*state.trail, f"answer:{question.id}"))
    if answer and answer.crisis:
        state = _in_crisis(state, answer.crisis)
    return state.but(topics=added(state.topics, answer.topics)) if answer else state


def _said_in_words(question: Question, state: State, heard: Heard, words: Words) -> str | None:
    """An answer that is no button: I don't know, a plain yes or no, or what one of the answers would add."""
    if heard.intent in NO_ANSWER:
        return SKIP
    adds = (code for code, answer in question.answers.items() if set(answer.topics) & set(heard.topics))
    return question.plain(_yes_or_no(heard, words)) or next(adds, None)


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
    if code in SKIPS or heard.intent in NO_ANSWER or heard.intent == "dank" or _yes_or_no(heard, words) == NO:
        return state.but(drempel="skipped", trail=(*state.trail, "drempel"))
    return state


def _to_outcome(state: State, heard: Heard, code: str | None, script: Script, words: Words) -> State:
    thanks = {"dank": YES, **dict.fromkeys(NO_ANSWER, "beetje")}
    outcome = code or _yes_or_no(heard, words) or thanks.get(heard.intent)
    if outcome is None:
        return state
    state = state.but(outcomes=(*state.outcomes, outcome), trail=(*state.trail, "outcome"))
    if outcome != NO or state.outcomes.count(NO) >= MOST_REFUSALS:
        return _closed(state)
    return state.but(declined=added(state.declined, state.shown), routed=False)


def _to_more(state: State, heard: Heard, code: str | None, script: Script, words: Words) -> State:
    said = code or _yes_or_no(heard, words)
    waiting = [topic for topic in state.topics if topic not in state.done]
    if said == YES:
        return _turn_to(state, waiting[0]) if waiting else state.but(more=YES)
    if said == NO or heard.intent in NO_ANSWER or heard.intent == "dank":
        return state.but(more=NO)
    return state


def _to_safe(state: State, heard: Heard, code: str | None, script: Script, words: Words) -> State:
    said = code or _yes_or_no(heard, words)
    if state.safe == "asked" and said != YES:
        return _in_crisis(state, state.doubt)  # only a clear yes is safe: what is not understood is not
    return state if said == NO else state.but(safe=YES)


def _to_nothing(state: State, heard: Heard, code: str | None, script: Script, words: Words) -> State:
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


def _let_go(state: State, before: State) -> State:
    """Notes that a question was not answered; the second time it is let go, so that nobody goes round in circles."""
    asked = before.asked or "topic"
    question = next(iter(before.offered.get("for", ())), "")
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
    return _closed(state) if asked == "outcome" else state


def _clear_or_not(before: State, state: State, heard: Heard, code: str | None) -> State:
    """Counts how often in a row a message brought nothing."""
    learned = state.but(asks=before.asks) != before
    if learned or code or is_payload(heard.text) or interrupts(heard, before, Words()):
        return state.but(unclear=0)
    if heard.intent != UNCLEAR and before.asked is None:
        return state
    return state.but(unclear=state.unclear + 1, not_understood=state.not_understood + 1)


def back(state: State) -> State:
    """The question before, open again. Where there is none, the state as it was."""
    if not state.trail:
        return state.but(topic=None, topics=(), routed=False)
    *trail, last = state.trail
    state = state.but(trail=tuple(trail), routed=False, unclear=0)
    if last.startswith("answer:"):
        question = last.removeprefix("answer:")
        return state.but(answers={name: code for name, code in state.answers.items() if name != question})
    if last == "place":
        return state.but(place=None, wijken=(), options=())
    if last == "drempel":
        return state.but(drempel=None, drempels={k: how for k, how in state.drempels.items() if how != "asked"})
    reopened = state.done[-1] if state.done else state.topic
    return state.but(topic=reopened, done=state.done[:-1], more=None, outcomes=state.outcomes[:-1])
