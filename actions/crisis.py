"""Crisis: the number in the very next turn, before anything else. No menu, no form, no question about a place."""

from __future__ import annotations

from typing import Any

from rasa_sdk.events import ActiveLoop, EventType, SlotSet

from actions.turn import Turn, TurnAction, line
from bot.i18n.present import facts_of
from bot.model import Route
from bot.routing import crisis_routes

STAY = "conversation.crisis.stay"
UNSURE = "geweld"
"""Where no kind was named: Veilig Thuis with 112 beside it answers most."""


class ActionCrisis(TurnAction):
    def name(self) -> str:
        return "action_crisis"

    def answer(self, turn: Turn) -> None:
        crisis = turn.heard.crisis or turn.state.doubt or UNSURE
        found = crisis_routes(crisis, turn.world.directory, turn.now)
        key = f"conversation.crisis.{crisis}"
        if crisis == "dakloos" and not found[0].ask_for:
            key += "_own"
        block, stay = never_the_same(turn, key, f"crisis_{crisis}", **numbers(found[0]))
        turn.say("crisis", block, stay, routes=[facts_of(route) for route in found])
        turn.state = turn.state.but(safe="told", asked="safe", offered={})

    def after(self, turn: Turn) -> list[EventType]:
        return [ActiveLoop(None), SlotSet("requested_slot", None), *self.listen()]


class ActionAskSafe(TurnAction):
    """It may be a crisis: asked plainly, once, with the number beside it."""

    def name(self) -> str:
        return "action_ask_safe"

    def answer(self, turn: Turn) -> None:
        doubt = turn.state.doubt or UNSURE
        found = crisis_routes(doubt, turn.world.directory, turn.now)
        lines = [line(f"conversation.crisis.check.{doubt}", **numbers(found[0]))]
        turn.say("ask_safe", *lines, line("conversation.crisis.safe_now"), codes=["ja", "nee"],
                 routes=[facts_of(route) for route in found])  # fmt: skip
        turn.state = turn.state.but(safe="asked", asked="safe")


def never_the_same(turn: Turn, key: str, what: str, **values: str) -> list[list[Any]]:
    """The block and the line that stays; both turn round, so that nine times in a row no two answers are alike."""
    times = turn.asking(what)
    texts = turn.world.catalogue
    blocks, stays = texts.count(key, turn.language), texts.count(STAY, turn.language)
    again = turn.asking("stay")
    return [line(key, times % blocks, **values), line(STAY, (again + again // blocks) % stays)]


def numbers(first: Route) -> dict[str, str]:
    known = {"phone": first.phone, "phone_alt": first.service.phone_alt, "ask_for": first.ask_for}
    return {name: value for name, value in known.items() if value}
