"""What a message is to the question that waits: a choice of those that were offered, a plain yes or no, or for a rule."""

from __future__ import annotations

from dataclasses import dataclass

from bot.choices import chosen
from bot.conversation.answering import NO_ANSWER, PUNCTUATION, Words, yes_or_no
from bot.conversation.heard import Heard
from bot.conversation.state import State

REMARKS = frozenset({"dank", "groet"})
THANKED = ("drempel", "outcome", "more")
"""Questions to which "thank you" is an answer: that is enough."""
ENDINGS = frozenset({"stop", "wissen"})
COMMANDS = ENDINGS | {"terug", "herhaal", "opnieuw", "eenvoudiger"}
"""What is heard as a command only where it is meant as one: see Heard.commands."""
INTERRUPTIONS = REMARKS | COMMANDS | {"taal_kiezen", "mens_spreken", "ben_je_robot", "privacy", "wat_kun_je"}


@dataclass(frozen=True)
class Meant:
    """What a message is to the question that waits: found once a message, for several ask it."""

    code: str | None
    """The choice that it takes of those that were offered."""
    plain: bool
    """It is nothing but a yes or no: "yok", "var", "nee hoor". Nothing else is read in it."""
    interrupts: bool
    """A rule answers it, whatever question is waiting."""


def meaning(state: State, heard: Heard, words: Words) -> Meant:
    """What the message is to what was asked and offered in `state`; `words` are those of its language."""
    # "I don't know" is no part of "I don't know where"
    loosely = heard.intent not in NO_ANSWER
    code = chosen(heard.text, state.offered, words.titles, words.counting, loosely)
    plain = " ".join(PUNCTUATION.sub(" ", heard.text.lower()).split())
    is_plain = plain in words.yes or plain in words.no
    # what was offered is an answer, also where two words of it sound like danger
    answers = code or (state.asked and is_plain)
    return Meant(code, is_plain, not answers and for_a_rule(heard, state, words))


def for_a_rule(heard: Heard, state: State, words: Words) -> bool:
    """Whether a rule answers a message that takes none of the choices and is no plain yes or no."""
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
