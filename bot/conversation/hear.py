"""Takes one understood message into the state: what it names, and what it answers."""

from __future__ import annotations

from dataclasses import replace

from bot.choices import chosen, is_payload
from bot.conversation.answering import ANSWERING, NO_ANSWER, PUNCTUATION, Words, let_go, to_nothing, yes_or_no
from bot.conversation.heard import UNCLEAR, Heard
from bot.conversation.script import Script
from bot.conversation.state import State, added
from bot.conversation.turning import in_crisis, turn_to

REMARKS = frozenset({"dank", "groet"})
THANKED = ("drempel", "outcome", "more")
"""Questions to which "thank you" is an answer: that is enough."""
ASKING = ("answer", "place", "drempel")
"""Questions of which a few words may be the answer and nothing more."""
ASKED_FOR = {"gratis": "kosten"}
"""Questions about help that are what holds somebody back; the others are questions only."""
ENDINGS = frozenset({"stop", "wissen"})
COMMANDS = ENDINGS | {"terug", "herhaal", "opnieuw", "eenvoudiger"}
"""What is heard as a command only where it is meant as one: see Heard.commands."""
INTERRUPTIONS = REMARKS | COMMANDS | {"taal_kiezen", "mens_spreken", "ben_je_robot", "privacy", "wat_kun_je"}


def interrupts(heard: Heard, state: State, words: Words) -> bool:
    """Whether a rule answers this message, whatever question is waiting."""
    if _choice(state, heard, words) or (state.asked and _plain_word(heard, words)):
        return False  # what was offered is an answer, also where two words of it sound like danger
    if heard.crisis:
        return True
    if state.safe == "asked":
        return heard.intent in ENDINGS  # "are you safe?" is answered before anything else
    if heard.intent in COMMANDS and not heard.commands:
        return False  # "ik schaam me kapot" is no way back
    if heard.question or (state.asked in THANKED and heard.intent == "dank"):
        return False
    if heard.intent in REMARKS and state.asked and yes_or_no(heard, words):
        return False  # "nee, dank je" is an answer
    return heard.intent in INTERRUPTIONS or heard.intent.startswith("coach_")


def hear(state: State, heard: Heard, script: Script, words: Words) -> State:
    """The state after this message."""
    code = _choice(state, heard, words)
    state = state.but(heard_id=heard.id, turns=state.turns + 1)
    before = state
    if code is None and not is_payload(heard.text) and not (before.asked and _plain_word(heard, words)):
        state = _note(state, heard, script)
    if not interrupts(heard, before, words) and not _answers_nothing(heard, before, state, code):
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


def _plain_word(heard: Heard, words: Words) -> bool:
    """Whether the message is nothing but a yes or a no: "yok", "var", "nee hoor". Nothing else is read in it."""
    return " ".join(PUNCTUATION.sub(" ", heard.text.lower()).split()) in words.yes | words.no


def _without_new_needs(before: State, noted: State, heard: Heard, script: Script, words: Words) -> State:
    """A few words that answer the question are that answer: "ja, een baby" is no worry about a child."""
    quiet = _note(before, replace(heard, intent=UNCLEAR, topics=()), script)
    answered = ANSWERING[before.asked or "topic"](quiet, heard, None, script, words)
    return quiet if answered != quiet else noted


def _choice(state: State, heard: Heard, words: Words) -> str | None:
    """ "I don't know" is no part of "I don't know where"."""
    return chosen(heard.text, state.offered, words.titles, words.counting, loosely=heard.intent not in NO_ANSWER)


def _note(state: State, heard: Heard, script: Script) -> State:
    """What the message names, whatever was asked: topics, what holds back, where somebody lives."""
    before = state
    # "I don't know" answers the question that waits; it is not what holds somebody back
    said = () if heard.intent in NO_ANSWER and state.asked else heard.drempels
    if heard.only_asks:
        said = tuple(drempel for drempel in said if drempel == ASKED_FOR.get(str(heard.question)))
    drempels = {**dict.fromkeys(said, "heard"), **state.drempels}
    topics = () if heard.only_asks else heard.topics
    state = state.but(drempels=drempels, topics=added(state.topics, topics), maybe=None)
    for_self = script.for_whom(heard.answers) is False and not heard.for_other
    other = heard.for_other or (state.other and not for_self)
    state = state.but(traits=added(state.traits, heard.traits), other=other)
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
    learned = state.but(asks=before.asks) != before
    known = heard.is_need or bool(heard.drempels)
    if learned or known or code or heard.question or is_payload(heard.text) or interrupts(heard, before, Words()):
        return state.but(unclear=0)
    if heard.intent != UNCLEAR and before.asked is None:
        return state
    return state.but(unclear=state.unclear + 1, not_understood=state.not_understood + 1)
