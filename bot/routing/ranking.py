"""How many points a place gets for a need, and why: data/routing.yml applied to one place."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.directory.hours import is_open
from bot.model import Service
from bot.routing.case import Case
from bot.routing.features import FEATURES, When, speaks
from bot.routing.reasons import OF_FEATURE
from bot.routing.rules import Preference


@dataclass
class Ranked:
    """A place with its points and reasons; grows while the rules are applied."""

    service: Service
    open_now: bool | None
    points: int = 0
    why: set[str] = field(default_factory=set)

    def add(self, points: int, *reasons: str) -> None:
        self.points += points
        self.why.update(reasons)


def ranked(case: Case, service: Service) -> Ranked:
    """A place with everything but the question whether the wijkteam comes before all (see team.py)."""
    place = Ranked(service, is_open(service, case.moment))
    place.add(case.rules.ladder[service.kind])
    _topics(case, place)
    _here(case, place)
    _hours(case, place)
    for drempel in case.need.drempels:
        preference = case.rules.drempels.get(drempel)
        if preference:
            _preference(case, place, preference, "drempel_first", f"drempel_{drempel}")
    for trait in sorted(case.need.traits):
        preference = case.rules.traits.get(trait)
        if preference:
            _preference(case, place, preference, "trait_first", None)
    return place


def _topics(case: Case, place: Ranked) -> None:
    """More topics are better, the weightiest counts most; then the place's own place in the topic's row."""
    service, rules = place.service, case.rules
    by_weight = [*enumerate(case.need.topics)]
    for number, topic in by_weight:
        if topic in service.topics:
            place.add(rules.topic_points[min(number, len(rules.topic_points) - 1)], "topic")
    if by_weight and service.kind in ("wijkteam", "spreekuur") and not service.topics:
        place.add(0, "topic")
    rows = [rules.topics[topic] for topic in case.need.topics if topic in rules.topics]
    if rows and service.id in rows[0].first:
        place.add(rules.points["first"] - rows[0].first.index(service.id))
    serving = [rules.topics[topic] for topic in case.need.topics if topic in service.topics and topic in rules.topics]
    if serving and all(service.id in row.beside for row in serving):
        place.add(rules.points["beside"])


def _here(case: Case, place: Ranked) -> None:
    """Nearness and language; `stad` is told of what the city has, not of a number for the whole country."""
    service, points = place.service, case.rules.points
    reach = case.reach(service)
    if reach == "wijk":
        place.add(points["wijk"], "wijk")
    elif reach == "gebied":
        place.add(points["neighbour"], "gebied")
    elif service.kind in ("spreekuur", "gemeente"):
        place.add(0, "stad")
    if speaks(service, case.need):
        place.add(points["language"], "taal")
    if service.free:
        place.add(0, "gratis")


def _hours(case: Case, place: Ranked) -> None:
    points = case.rules.points
    if place.open_now:
        place.add(points["open_now"], "open_now")
    if place.service.kind == "spreekuur" and place.service.hours is None:
        place.add(points["without_hours"], "bel_eerst")


def _preference(case: Case, place: Ranked, preference: Preference, scale: str, reason: str | None) -> None:
    """One row of `drempels` or `traits`: `first`, `prefer` and `last` each count once, however many words."""
    when = When(case.moment, place.open_now)
    for words, points in ((preference.first, scale), (preference.prefer, "prefer"), (preference.last, "last")):
        held = [word for word in words if FEATURES[word](place.service, case.need, when)]
        if not held:
            continue
        place.points += case.rules.points[points]
        if points != "last":
            place.why.update(OF_FEATURE[word] for word in held if word in OF_FEATURE)
            place.why.update((reason,) if reason else ())
