"""The wijkteam: when it comes before all else, and what stands in for it where the wijk is not known."""

from __future__ import annotations

from bot.model import Service
from bot.routing.case import Case
from bot.routing.ranking import Ranked


def team_or_floor(case: Case) -> Service:
    """The wijkteam of the resident's wijk; the number of the gemeente where the wijk is not known."""
    return case.team or case.directory.floor


def put_team_first(case: Case, places: list[Ranked]) -> None:
    """Adds the points and reasons of the wijkteam (or its stand-in) to its place among the others."""
    team = team_or_floor(case)
    place = next((place for place in places if place.service.id == team.id), None)
    if place is None:
        return
    points = case.rules.points
    if case.team is None:
        place.add(points["stand_in"], "vangnet")
    causes = _causes(case, places)
    if causes:
        place.add(points["urgent" if "dringend" in causes else "wijkteam_first"], *causes)


def _causes(case: Case, places: list[Ranked]) -> set[str]:
    """Why the wijkteam comes before lighter help; empty where the lightest that fits comes first."""
    need, rules, causes = case.need, case.rules, set()
    if any(rules.traits[trait].wijkteam_first for trait in need.traits if trait in rules.traits):
        causes.add("dringend")
    if any(need.traits & rules.topics[topic].wijkteam_first for topic in need.topics if topic in rules.topics):
        causes.add("dringend")
    if rules.more_than_one_field(need.topics):
        causes.add("meer_problemen")
    if need.topics and not any(_is_light(case, place) for place in places):
        causes.add("niets_lichters")
    return causes


def _is_light(case: Case, place: Ranked) -> bool:
    """Whether a place is light help for one of the topics, by the rows of data/routing.yml."""
    service = place.service
    if "bel_eerst" in place.why:
        return False
    rows = (
        case.rules.topics[topic] for topic in case.need.topics if topic in service.topics and topic in case.rules.topics
    )
    return any(service.kind in row.light and service.id not in row.beside for row in rows)
