"""route(need, directory, moment): one to three places, the best first."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.directory.directory import Directory
from bot.directory.hours import next_opening
from bot.model import Need, Route, Service
from bot.routing.case import Case, case_of
from bot.routing.contact import can_be_reached, contact
from bot.routing.ranking import Ranked, ranked
from bot.routing.reasons import in_order
from bot.routing.rules import Rules
from bot.routing.rules import rules as default_rules
from bot.routing.team import put_team_first, team_or_floor

MOST = 3
"""More than three places is being sent round."""


def route(need: Need, directory: Directory, moment: datetime, rules: Rules | None = None) -> list[Route]:
    """One to three routes for a need. The same need, map and moment give the same routes; nothing is read or kept."""
    case = case_of(need, directory, moment, rules or default_rules())
    places = [ranked(case, service) for service in _candidates(case)]
    put_team_first(case, places)
    places.sort(key=lambda place: (-place.points, place.service.id))
    chosen = _reachable_first(case, _with_team(case, places))
    return [_route(case, place) for place in chosen] or [_floor(case)]


def _candidates(case: Case) -> list[Service]:
    """Every place that fits, each once: by topic, for everything, and what a heard drempel lets join."""
    directory, need = case.directory, case.need
    found = {service.id: service for topic in need.topics for service in directory.by_topic.get(topic, ())}
    found.update({service.id: service for service in directory.for_everything})
    rows = (case.rules.drempels[drempel] for drempel in need.drempels if drempel in case.rules.drempels)
    also = (directory.services.get(id_) for row in rows for id_ in row.also)
    found.update({service.id: service for service in also if service})
    if case.team and case.may_go(case.team):
        found.pop(directory.floor.id, None)  # its number stands in for a wijkteam that is not known
    return [service for service in found.values() if case.may_go(service)]


def _with_team(case: Case, places: list[Ranked]) -> list[Ranked]:
    """The best three; the last of them makes room for the wijkteam, or its stand-in, where that fell out."""
    best = places[:MOST]
    team = next((place for place in places if place.service.id == team_or_floor(case).id), None)
    return best if team is None or team in best else [*best[: MOST - 1], team]


def _reachable_first(case: Case, places: list[Ranked]) -> list[Ranked]:
    """The same places, with one that has a telephone or an address in front."""
    first = next((place for place in places if can_be_reached(place.service, case.directory, case.team)), None)
    if first is None:
        return []
    return [first, *(place for place in places if place is not first)]


def _route(case: Case, place: Ranked) -> Route:
    service = place.service
    phone, ask_for = contact(service, case.directory, case.team)
    opens = None if place.open_now else next_opening(service, case.moment)
    soon = opens is not None and opens - case.moment <= timedelta(hours=case.rules.soon_hours)
    why = place.why | ({"opens_soon"} if soon else set())
    return Route(service.kind, service, in_order(why), phone, ask_for, place.open_now, opens)


def _floor(case: Case) -> Route:
    """The number at which every route ends, even when it was declined: better twice than nobody."""
    place = ranked(case, case.directory.floor)
    place.add(0, "vangnet")
    return _route(case, place)
