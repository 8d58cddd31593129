"""What can be asked of a place itself: its fields, its days and ages, how far it is, and what the clock says of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.directory.indexes import GIVEN, LISTS
from bot.model import Service
from bot.routing.door import Door
from bot.routing.questions import Column, Question, View


@dataclass(frozen=True)
class Has(Question):
    """A field holds a value, or one of its values is it; GIVEN: it is known at all."""

    field: str
    value: object = GIVEN

    def of(self, service: Service, door: Door) -> bool:
        held = getattr(service, self.field)
        if self.value is GIVEN:
            return bool(held)
        return self.value in held if self.field in LISTS else held == self.value

    def column(self, view: View) -> Column:
        return view.having(self.field, self.value)


@dataclass(frozen=True)
class Before(Question):
    """A day of the place is known and lies on a day or before it."""

    field: str
    day: date

    def of(self, service: Service, door: Door) -> bool:
        held = getattr(service, self.field)
        return held is not None and held <= self.day

    def column(self, view: View) -> Column:
        return view.numbers(self.field) <= self.day.toordinal()


@dataclass(frozen=True)
class ForAges(Question):
    """Somebody between two ages, both included, may be helped there; true where no age is given."""

    youngest: int
    oldest: int

    def of(self, service: Service, door: Door) -> bool:
        old_enough = service.age_min is None or service.age_min <= self.oldest
        return old_enough and (service.age_max is None or service.age_max >= self.youngest)

    def column(self, view: View) -> Column:
        return (view.numbers("age_min") <= self.oldest) & (view.numbers("age_max") >= self.youngest)


class Within(Question):
    """From every one of these wijken it is at most so many steps to a wijk of the place; not so where no wijk is known."""

    def __init__(self, wijken: frozenset[str], most: int, steps: dict[str, dict[str, int]]) -> None:
        self.wijken, self.most, self.between = wijken, most, steps

    def of(self, service: Service, door: Door) -> bool:
        far = self.most + 1
        each = (min((self.between[wijk].get(w, far) for w in service.wijken), default=far) for wijk in self.wijken)
        return max(each, default=far) <= self.most

    def column(self, view: View) -> Column:
        return view.steps(self.wijken) <= self.most


@dataclass(frozen=True)
class Clock(Question):
    """One of door.CLOCK."""

    word: str

    @property
    def words(self) -> frozenset[str]:  # type: ignore[override]  # of a word that is given it is the word itself
        return frozenset({self.word})

    def of(self, service: Service, door: Door) -> bool:
        return door.holds(self.word)

    def column(self, view: View) -> Column:
        return view.clock(self.word)
