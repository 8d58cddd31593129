"""The end: goodbye, stop, or erase. What happens to the data is the tracker store's work (`ended`)."""

from __future__ import annotations

from datetime import timedelta

from rasa_sdk.events import ActiveLoop, EventType, SlotSet

from actions.turn import Turn, TurnAction, line
from bot.i18n.opening import date_text

LOOK_BACK = timedelta(days=14)
"""After so long it is worth a look whether it worked; a team calls back within three working days."""


class ActionGoodbye(TurnAction):
    """Thanks, names the step, gives a date to look back, so that no contact data are needed."""

    def name(self) -> str:
        return "action_goodbye"

    def answer(self, turn: Turn) -> None:
        lines = [line("conversation.leave.bye", turn.state.turns % 2)]
        if turn.state.kinds:
            day = date_text((turn.now + LOOK_BACK).date(), turn.language, turn.world.catalogue)
            lines.append(line("conversation.leave.look_back", date=day))
        turn.say("goodbye", *lines)
        turn.state = turn.state.but(ended="counted")

    def after(self, turn: Turn) -> list[EventType]:
        return [ActiveLoop(None), SlotSet("requested_slot", None), *self.listen()]


class ActionErase(TurnAction):
    def name(self) -> str:
        return "action_erase"

    def answer(self, turn: Turn) -> None:
        turn.say("erased", line("conversation.leave.erased"))
        turn.state = turn.state.but(ended="erased")

    def after(self, turn: Turn) -> list[EventType]:
        return [ActiveLoop(None), SlotSet("requested_slot", None), *self.listen()]
