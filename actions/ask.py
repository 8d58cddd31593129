"""Asks the form's next question: one action a slot, each a few lines over the same table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from actions import routes
from actions.crisis import STAY
from actions.person import call_somebody
from actions.repair import how_to_mend
from actions.turn import Turn, TurnAction, line
from bot.conversation.answering import ANYTHING_ELSE, NO, YES
from bot.conversation.script import SKIP
from bot.taxonomy import taxonomy

TOPICS_A_PAGE = 5
DREMPELS_A_PAGE = 4
OUTCOMES = [YES, "beetje", NO]
YES_OR_NO = [YES, NO]


class ActionAskTopic(TurnAction):
    """What is it about? Free words or a choice; a half-understood topic is asked back."""

    def name(self) -> str:
        return "action_ask_topic"

    def answer(self, turn: Turn) -> None:
        turn.state = turn.state.but(asked="topic")
        mend = how_to_mend(turn)
        if turn.state.maybe:
            topic = f"@topics.{turn.state.maybe}.name"
            turn.say("ask_topic", line("conversation.ask.maybe", turn.asking("maybe"), topic=topic), codes=YES_OR_NO)
            return
        if turn.state.safe == "stays":
            turn.say("ask_topic", turn.by_turns(STAY, "stay"))
            turn.state = turn.state.but(safe=YES)
            return
        question = line("conversation.ask.topic", turn.asking("topic"))
        if turn.before.safe == YES and turn.state.crisis and not turn.asking("go_on"):
            question = line("conversation.crisis.go_on")
        turn.say(
            "ask_topic", *mend, question, codes=page(turn, "topic", taxonomy().topics, TOPICS_A_PAGE), group="topics"
        )


class ActionAskAnswer(TurnAction):
    """The intake's next question, with what was said mirrored before the first."""

    def name(self) -> str:
        return "action_ask_answer"

    def answer(self, turn: Turn) -> None:
        question = turn.world.script.next_question(turn.state)
        assert question is not None, "the agenda asks for an answer only where a question is open"
        turn.state = turn.state.but(asked="answer")
        ask = line(f"questions.{question.id}.ask", turn.asking(question.id))
        codes = [*question.answers, SKIP]
        turn.say("ask_answer", *opening_words(turn), ask, codes=codes, group=f"questions.{question.id}")
        turn.state = turn.state.but(offered={**turn.state.offered, "for": [question.id]})


class ActionAskPlace(TurnAction):
    """Where do you live? Or which of these wijken?"""

    def name(self) -> str:
        return "action_ask_place"

    def answer(self, turn: Turn) -> None:
        turn.state = turn.state.but(asked="place")
        if turn.state.options:
            ask = line("conversation.ask.which_wijk", turn.asking("which_wijk"))
            turn.say("ask_place", *how_to_mend(turn), ask, codes=[*turn.state.options, SKIP], group="wijken")
            return
        ask = line("conversation.ask.place", turn.asking("place"))
        turn.say("ask_place", *opening_words(turn), ask, codes=[SKIP])


class ActionAskDrempel(TurnAction):
    """The routes, and then once, kindly: what makes it hard?"""

    def name(self) -> str:
        return "action_ask_drempel"

    def answer(self, turn: Turn) -> None:
        mend: list[list[Any]] = []
        if turn.state.routed:
            mend = how_to_mend(turn)
        else:
            routes.show(turn, *opening_words(turn))
        turn.state = turn.state.but(asked="drempel")
        ask = line("conversation.ask.drempel", turn.asking("drempel"))
        codes = [*page(turn, "drempel", taxonomy().drempels, DREMPELS_A_PAGE), "liever_niet"]
        turn.say("ask_drempel", *mend, ask, codes=codes, group="drempels")


class ActionAskOutcome(TurnAction):
    """The routes (again, where something changed), and whether they help."""

    def name(self) -> str:
        return "action_ask_outcome"

    def answer(self, turn: Turn) -> None:
        mend: list[list[Any]] = []
        if turn.state.routed:
            mend = how_to_mend(turn)
        else:
            routes.show(turn, *opening_words(turn), *drempel_words(turn))
        turn.state = turn.state.but(asked="outcome")
        ask = line("conversation.ask.outcome", turn.asking(f"outcome_{turn.state.topic}"))
        turn.say("ask_outcome", *mend, ask, codes=OUTCOMES)


class ActionAskMore(TurnAction):
    """What was done is closed with one small step, or with a person; then the next need, or whether there is anything else."""

    def name(self) -> str:
        return "action_ask_more"

    def answer(self, turn: Turn) -> None:
        turn.state = turn.state.but(asked="more")
        mend = how_to_mend(turn)
        closing = [] if mend else closing_words(turn)
        if turn.state.waiting:
            ask = line("conversation.ask.next", turn.asking("next"), topic=f"@topics.{turn.state.waiting[0]}.name")
        else:
            ask = line("conversation.ask.more", turn.asking("more"))
        turn.say("ask_more", *mend, *closing, ask, codes=YES_OR_NO)


def page(turn: Turn, what: str, known: Sequence[str], size: int) -> list[str]:
    """The next few choices of a long list, and "something else" while there are more."""
    start = turn.state.asks.get(f"page_{what}", 0) * size % (len(known) + size - len(known) % size)
    shown = [*known[start : start + size]]
    return [*shown, ANYTHING_ELSE] if start + size < len(known) else shown


def opening_words(turn: Turn) -> list[list[Any]]:
    """What is said before a question: a mend, or what was heard, once a topic."""
    mend = how_to_mend(turn)
    topic = turn.state.topic
    if mend or topic is None or turn.state.asks.get(f"heard_{topic}"):
        return mend
    if turn.state.other and not turn.asking("heard_other"):
        return [line("conversation.heard.other")]
    turn.asking(f"heard_{topic}")
    if len(turn.state.waiting) > 1:
        names = [f"@topics.{name}.name" for name in turn.state.waiting]
        return [line("conversation.heard.several", topics=names), line("conversation.heard.first", topic=names[0])]
    return [line(f"topics.{topic}.heard")]


def closing_words(turn: Turn) -> list[list[Any]]:
    """Once a topic: the step that was taken and one small next one; where nothing helped, a person to call."""
    topic = turn.state.done[-1] if turn.state.done else None
    if topic is None or turn.asking(f"closed_{topic}"):
        return []
    if turn.state.outcomes[-1:] == (NO,):
        call_somebody(turn, line("conversation.routes.left", turn.asking("left")))
        return []
    if turn.state.other:
        return [turn.by_turns("conversation.leave.together", "together")]
    return [line(f"topics.{topic}.then")] if topic in taxonomy().topics else [line("conversation.leave.step")]


def drempel_words(turn: Turn) -> list[list[Any]]:
    """The sentence that normalises or explains, once for each drempel; one a turn."""
    for drempel in turn.state.drempels:
        if not turn.state.asks.get(f"drempel_{drempel}"):
            turn.asking(f"drempel_{drempel}")
            return [line(f"drempels.{drempel}.heard")]
    return []
