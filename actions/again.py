"""Say that again, say it simpler, one step back, start over."""

from __future__ import annotations

from actions.turn import Turn, TurnAction, line
from bot.conversation.state import State
from bot.conversation.turning import back


class ActionAgain(TurnAction):
    """The last turn once more; the form then asks its question again."""

    def name(self) -> str:
        return "action_again"

    def answer(self, turn: Turn) -> None:
        turn.say("again", line("conversation.tell.herhaal"))
        turn.state = turn.state.but(routed=turn.state.routed and turn.state.asked not in ("drempel", "outcome"))


class ActionSimpler(TurnAction):
    """The form asks its question again: each next wording of it is a simpler one."""

    def name(self) -> str:
        return "action_simpler"

    def answer(self, turn: Turn) -> None:
        turn.say("simpler", line("conversation.tell.eenvoudiger"))


class ActionBack(TurnAction):
    def name(self) -> str:
        return "action_back"

    def answer(self, turn: Turn) -> None:
        turn.say("back", line("conversation.tell.terug"))
        turn.state = back(turn.state)


class ActionStartOver(TurnAction):
    """Everything is forgotten but the language, and what the count needs to know of this conversation."""

    def name(self) -> str:
        return "action_start_over"

    def answer(self, turn: Turn) -> None:
        turn.say("start_over", line("conversation.tell.opnieuw"))
        kept = turn.state
        turn.state = State(
            language=kept.language, channel=kept.channel, asks=kept.asks, turns=kept.turns, heard_id=kept.heard_id,
            said=kept.said, not_understood=kept.not_understood, turns_to_route=kept.turns_to_route, kinds=kept.kinds,
            crisis=kept.crisis, outcomes=kept.outcomes, worded=kept.worded,
        )  # fmt: skip
