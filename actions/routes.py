"""Shows where a need can go: asks the routing, and says the best place first."""

from __future__ import annotations

from typing import Any

from actions.turn import Turn, line
from bot.conversation.state import State, added
from bot.conversation.unmet import unmet
from bot.i18n.present import facts_of
from bot.i18n.wording import WHY
from bot.model import Need, Route, Service
from bot.routing import route


def show(turn: Turn, *before: list[Any]) -> None:
    """One message with the routes; notes what was shown, for the count and for "that does not help"."""
    need = turn.state.need(turn.world.script.traits(turn.state))
    routes = route(need, turn.world.directory, turn.now)
    turn.say(
        "routes",
        *before,
        lead(turn, routes),
        *best(routes[0], need),
        *others(routes[1:]),
        routes=_facts(routes),
        card=True,
    )
    turn.state = shown(turn.state, routes, unmet(need, routes))


def shown(state: State, routes: list[Route], missing: tuple[str, ...]) -> State:
    """The state after these routes: what they were, and what was missing."""
    return state.but(
        unmet=added(state.unmet, missing),
        routed=True,
        shown=tuple(r.service.id for r in routes),
        kinds=added(state.kinds, tuple(r.kind for r in routes[:1])),
        turns_to_route=state.turns_to_route or state.turns,
    )


def lead(turn: Turn, routes: list[Route]) -> list[Any]:
    again = turn.asking("routes")
    if turn.state.shown and [r.service.id for r in routes] == list(turn.state.shown):
        return line("conversation.routes.same", turn.asking("routes_same"))
    if routes[0].service.id in turn.state.declined:
        return line("conversation.routes.left", turn.asking("left"))
    if turn.state.shown and (turn.state.declined or turn.state.drempel == "asked"):
        return line("conversation.routes.again", turn.asking("routes_again"))
    return line("conversation.routes.lead", again)


def best(first: Route, need: Need) -> list[list[Any]]:
    """The first place in words, so that it can be heard without seeing the cards; why it fits is only heard."""
    lines = [line("conversation.routes.name", name=first.service.name), why(first.service, need)]
    if first.phone and first.ask_for == first.service.name:
        lines.append(line("conversation.routes.call_name", phone=first.phone))
    elif first.phone and first.ask_for:
        lines.append(line("conversation.routes.call_ask", phone=first.phone, ask_for=first.ask_for))
    elif first.phone:
        lines.append(line("conversation.routes.call", phone=first.phone))
    if first.service.address:
        lines.append(line("conversation.routes.go", address=first.service.address))
    return lines


def why(place: Service, need: Need) -> list[Any]:
    """The reason for the place, with the need that it helps with."""
    helped = next((topic for topic in need.topics if not place.topics or topic in place.topics), None)
    return line(WHY, topic=f"@topics.{helped}.name") if helped else line(WHY)


def others(rest: list[Route]) -> list[list[Any]]:
    return [line("conversation.routes.others", names=[r.service.name for r in rest])] if rest else []


def _facts(routes: list[Route]) -> list[dict[str, Any]]:
    return [facts_of(r) for r in routes]
