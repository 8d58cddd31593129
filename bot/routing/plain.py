"""The definition of the order: every place that fits gets its points, and all are sorted."""

from __future__ import annotations

from collections.abc import Callable

from bot.model import Service
from bot.routing.case import Case
from bot.routing.door import Door
from bot.routing.fitting import fitting
from bot.routing.order import anyhow
from bot.routing.questions import Question
from bot.routing.ranking import Ranked, Term, parts_of, ranked


class Plain:
    """An Order that looks at each place by itself."""

    def __init__(self, case: Case) -> None:
        self._case = case
        fits = fitting(case)
        doors = (Door(service, case.moment) for service in case.directory.services.values())
        self._doors = {door.service.id: door for door in doors if fits.of(door.service, door)}
        if case.team and case.team.id in self._doors:
            self._doors.pop(case.directory.floor.id, None)  # its number stands in for a wijkteam that is not known
        self._terms: list[Term] = []
        self._places: list[Ranked] = []

    def some(self, question: Question) -> bool:
        return any(question.of(door.service, door) for door in self._doors.values())

    def by(self, more: list[Term]) -> None:
        self._terms = [*(term for part in parts_of(self._case) for term in part.terms()), *more]
        places = (ranked(self._terms, door.service, door) for door in self._doors.values())
        self._places = sorted(places, key=lambda place: (-place.points, place.service.id))

    def first(self, question: Question, enough: Callable[[Door], bool] = anyhow) -> Service | None:
        asked = (place for place in self._places if question.of(place.service, place.door))
        return next((place.service for place in asked if enough(place.door)), None)

    def ranked(self, service: Service) -> Ranked:
        return ranked(self._terms, service, Door(service, self._case.moment))
