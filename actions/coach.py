"""Somebody who has a wijkcoach already: away, not answering, or wanting another."""

from __future__ import annotations

from actions.person import call_somebody
from actions.turn import Turn, TurnAction, line


class ActionCoach(TurnAction):
    def name(self) -> str:
        return "action_coach"

    def answer(self, turn: Turn) -> None:
        what = turn.heard.intent.removeprefix("coach_")
        call_somebody(turn, line(f"conversation.coach.{what}", turn.asking(f"coach_{what}")))
        if turn.state.topic is None and not turn.state.done:
            turn.state = turn.state.but(done=("coach",))
