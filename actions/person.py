"""A person, please: the wijkteam of the own wijk, else the gemeente."""

from __future__ import annotations

from typing import Any

from actions.turn import Turn, TurnAction, line
from bot.i18n.present import facts_of
from bot.routing import people


def call_somebody(turn: Turn, *before: list[Any]) -> None:
    """A number at which a person answers, said and as a card."""
    found = people(turn.state.wijken, turn.world.directory, turn.now)
    first = found[0]
    call = line("conversation.routes.call", phone=first.phone)
    if first.ask_for:
        call = line("conversation.routes.call_ask", phone=first.phone, ask_for=first.ask_for)
    turn.say("person", *before, call, routes=[facts_of(route) for route in found])


class ActionPerson(TurnAction):
    def name(self) -> str:
        return "action_person"

    def answer(self, turn: Turn) -> None:
        call_somebody(turn, line("conversation.person.lead", turn.asking("person")))
