"""The form's hearing: takes the message in, and says which slot is asked next. Rules answer what interrupts."""

from __future__ import annotations

from rasa_sdk.events import ActionExecutionRejected, EventType, FollowupAction, SlotSet

from actions.turn import Turn, TurnAction
from bot.conversation.agenda import next_slot

FORM = "help_form"


class ValidateHelpForm(TurnAction):
    def name(self) -> str:
        return f"validate_{FORM}"

    def answer(self, turn: Turn) -> None:
        """Hearing is all: `Turn` has taken the message in already."""

    def after(self, turn: Turn) -> list[EventType]:
        if turn.new and turn.interrupted:
            return [ActionExecutionRejected(FORM)]
        if turn.state.safe == "crisis":
            return [ActionExecutionRejected(FORM), FollowupAction("action_crisis")]
        return [SlotSet("requested_slot", next_slot(turn.state, turn.world.script))]
