"""The wijkteam: when it comes before all else, and what stands in for it where the wijk is not known."""

from __future__ import annotations

from collections.abc import Iterator

from bot.routing.case import Case
from bot.routing.facts import Clock, Has
from bot.routing.ranking import Term


def team_terms(case: Case, something_lighter: bool) -> Iterator[Term]:
    """The points and reasons of the wijkteam, or of its stand-in."""
    points, its = case.rules.points, Has("id", case.team_or_floor.id)
    if case.team is None:
        yield Term(points["stand_in"], its, ("vangnet",))
    causes = tuple(_causes(case, something_lighter))
    if causes:
        yield Term(points["urgent_closed" if "dringend" in causes else "wijkteam_first"], its, causes)
    if "dringend" in causes:
        yield Term(points["urgent"], its & Clock("not_closed"))


def _causes(case: Case, something_lighter: bool) -> Iterator[str]:
    """Why the wijkteam comes before lighter help; nothing where the lightest that fits comes first."""
    need, rules = case.need, case.rules
    found = (rules.traits[trait] for trait in need.traits if trait in rules.traits)
    told = {trait for topic in need.topics if topic in rules.topics for trait in rules.topics[topic].wijkteam_first}
    if need.traits & told or any(row.wijkteam_first for row in found):
        yield "dringend"
    if rules.more_than_one_field(need.topics):
        yield "meer_problemen"
    if need.topics and not something_lighter:
        yield "niets_lichters"
