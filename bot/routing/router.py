"""route(need, directory, moment): one to three places, the best first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.directory.directory import Directory
from bot.model import Need, Route, Service
from bot.routing.case import Case, case_of
from bot.routing.contact import contact
from bot.routing.facts import Has
from bot.routing.fitting import can_be_turned_to, light, worth_naming
from bot.routing.order import Order, open_within
from bot.routing.questions import AnyOf
from bot.routing.quick import Quick
from bot.routing.ranking import Ranked
from bot.routing.reasons import in_order
from bot.routing.rules import Rules
from bot.routing.rules import rules as default_rules
from bot.routing.team import team_terms

MOST = 3
"""More than three places is being sent round."""


def route(
    need: Need,
    directory: Directory,
    moment: datetime,
    rules: Rules | None = None,
    ordering: Callable[[Case], Order] = Quick,
) -> list[Route]:
    """One to three routes for a need. The same need, map and moment give the same routes.

    `ordering` is for the tests: Plain gives the same routes, and shows what they should be.
    """
    case = case_of(need, directory, moment, rules or default_rules())
    order = ordering(case)
    order.by(list(team_terms(case, order.some(light(case)))))
    return [_route(case, place) for place in _chosen(case, order)]


def _chosen(case: Case, order: Order) -> list[Ranked]:
    """In front the best to which somebody can turn now or soon, then the best others, the wijkteam always among them."""
    within = timedelta(days=case.rules.days["first_within"])
    first = order.first(can_be_turned_to(case), lambda door: open_within(door, within))
    front, team = first or case.directory.floor, case.team_or_floor
    chosen = [front]
    if team.id != front.id and order.some(Has("id", team.id)):
        chosen.append(team)
    while len(chosen) < MOST and (another := _another(case, order, chosen)):
        chosen.append(another)
    others = sorted(map(order.ranked, chosen[1:]), key=lambda place: (-place.points, place.service.id))
    return [order.ranked(front) if first else _at_the_end(order.ranked(front)), *others]


def _another(case: Case, order: Order, chosen: list[Service]) -> Service | None:
    """The best place for a topic for which none was chosen yet; else the best that is left and is more than a name."""
    served = {topic for service in chosen for topic in service.topics}
    left = ~AnyOf(Has("id", service.id) for service in chosen)
    for topic in case.need.topics:
        if topic not in served and (found := order.first(Has("topics", topic) & left)):
            return found
    return order.first(left & worth_naming(case))


def _at_the_end(floor: Ranked) -> Ranked:
    """The number at which every route ends, even when it was declined: better twice than nobody."""
    return replace(floor, why=floor.why | {"vangnet"})


def _route(case: Case, place: Ranked) -> Route:
    service, door = place.service, place.door
    phone, ask_for = contact(service, case.directory, case.team)
    soon = door.opens_within(timedelta(days=case.rules.days["soon"]))
    why = {*place.why, "opens_soon"} if soon else place.why
    return Route(service.kind, service, in_order(why), phone, ask_for, door.open_now, door.opens)
