"""Takes one understood message into the state: what it names, and what it answers."""

from __future__ import annotations

from dataclasses import replace

from bot.choices import is_payload
from bot.conversation.answering import ANSWERING, NO_ANSWER, Words, let_go, to_nothing
from bot.conversation.heard import UNCLEAR, Heard
from bot.conversation.meaning import Meant, for_a_rule
from bot.conversation.script import Script
from bot.conversation.state import State, added
from bot.conversation.turning import in_crisis, turn_to

ASKING = ("answer", "place", "drempel")
"""Questions of which a few words may be the answer and nothing more."""
ASKED_FOR = {"gratis": "kosten"}
"""Questions about help that are what holds somebody back; the others are questions only."""


def hear(state: State, heard: Heard, meant: Meant, script: Script, words: Words) -> State:
    """The state after this message."""
    code = meant.code
    before = state = state.but(heard_id=heard.id, turns=state.turns + 1)
    if code is None and not is_payload(heard.text) and not (before.asked and meant.plain):
        state = _note(state, heard, script)
    if not meant.interrupts and not _answers_nothing(heard, before, state, code):
        if code is None and heard.is_short and before.asked in ASKING:
            state = _without_new_needs(before, state, heard, script, words)
        answer = ANSWERING.get(before.asked or "topic", to_nothing)
        answered = answer(state, heard, code, script, words)
        state = let_go(answered, before) if answered == state else answered
    return _clear_or_not(before, state, heard, code)


def _answers_nothing(heard: Heard, before: State, noted: State, code: str | None) -> bool:
    """Whether the message asks about help, or corrects what was known; to "are you safe?" everything is an answer."""
    if code or before.asked == "safe":
        return False
    if before.asked == "outcome" and before.routed and not noted.routed:
        return True  # "no, I meant Malburgen": the routes come again
    if before.other and not noted.other:
        return True  # "no, it is for myself": the question comes again, as it is asked of who is talking
    return heard.only_asks and not (before.asked == "drempel" and heard.drempels)


def _without_new_needs(before: State, noted: State, heard: Heard, script: Script, words: Words) -> State:
    """A few words that answer the question are that answer: "ja, een baby" is no worry about a child."""
    quiet = _note(before, replace(heard, intent=UNCLEAR, topics=()), script)
    answered = ANSWERING[before.asked or "topic"](quiet, heard, None, script, words)
    return quiet if answered != quiet else noted


def _note(state: State, heard: Heard, script: Script) -> State:
    """What the message names, whatever was asked: topics, what holds back, where somebody lives."""
    before = state
    # "I don't know" answers the question that waits; it is not what holds somebody back
    said = () if heard.intent in NO_ANSWER and state.asked else heard.drempels
    if heard.only_asks:
        said = tuple(drempel for drempel in said if drempel == ASKED_FOR.get(str(heard.question)))
    state = state.but(
        drempels={**dict.fromkeys(said, "heard"), **state.drempels},
        topics=added(state.topics, () if heard.only_asks else heard.topics),
        maybe=None,
        traits=added(state.traits, heard.traits),
        other=heard.for_other or (state.other and script.for_whom(heard.answers) is not False),
    )
    if (said or state.traits != before.traits) and state.routed:
        state = state.but(routed=False)
    if heard.crisis:
        state = in_crisis(state, heard.crisis)
    elif heard.doubt and state.safe is None and not heard.question and not _one_word_to(before, heard):
        state = state.but(safe="ask", doubt=heard.doubt)
    if heard.is_need:
        state = _need(state, before, heard)
    elif heard.maybe and state.topic is None:
        state = state.but(maybe=heard.maybe)
    return _place(_unasked(state, heard, script), heard)


def _one_word_to(before: State, heard: Heard) -> bool:
    """Whether it is a single word to a question that waits: too little to doubt somebody's safety by."""
    return before.asked in ASKING and len(heard.text.split()) == 1


def _need(state: State, before: State, heard: Heard) -> State:
    """Turns to what is needed; one that was named before and waits may come first, if somebody comes back to it."""
    topic = heard.topics[0] if heard.topics else heard.intent.removeprefix("hulp_")
    waiting = topic in before.topics and topic not in before.done and topic != before.topic
    if waiting and not state.routed and len(heard.topics) <= 1:
        return state.but(topic=topic)
    return turn_to(state, topic)


def _unasked(state: State, heard: Heard, script: Script) -> State:
    """Answers that were given before they were asked, for the needs that were named."""
    found = script.unasked(state, heard.answers, heard.age)
    if not found:
        return state
    mine = {name: code for name, code in found.items() if set(script.questions[name].topics) & set(state.topics)}
    adding = [topic for name, code in mine.items() for topic in script.questions[name].answers[code].topics]
    return state.but(answers={**state.answers, **mine}, topics=added(state.topics, tuple(adding)))


def _place(state: State, heard: Heard) -> State:
    if heard.elsewhere and not state.wijken:
        return state.but(place="elsewhere", options=())
    if not heard.wijken or heard.wijken == state.wijken:
        return state
    if heard.which_wijk:
        return state.but(options=heard.wijken, place=None, wijken=())
    return state.but(wijken=heard.wijken, place="known", options=(), routed=False, trail=(*state.trail, "place"))


def _clear_or_not(before: State, state: State, heard: Heard, code: str | None) -> State:
    """Counts how often in a row a message brought nothing."""
    known = code or heard.is_need or heard.drempels or heard.question or is_payload(heard.text)
    if known or for_a_rule(heard, before, Words()) or state.but(asks=before.asks) != before:
        return state.but(unclear=0) if state.unclear else state
    if heard.intent != UNCLEAR and before.asked is None:
        return state
    return state.but(unclear=state.unclear + 1, not_understood=state.not_understood + 1)
