"""Plain questions about a place, put together with `|`, `&` and `~`: the only words in which a rule can look at the map.

Each question can be asked of one place (`of`), which is what it means, or of the whole map at once (`column`), which is
how ten thousand places are ranked in a millisecond. Both answers are the same; tests/test_routing_properties.py proves it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from functools import cached_property, reduce
from operator import and_, or_
from typing import Any, Protocol

import numpy as np

from bot.model import Service
from bot.routing.door import Door

Column = Any
"""Yes or no for every place of a view: an array, or one value where it is the same for all."""


class View(Protocol):
    """Some places of a map, beside each other; bot/routing/columns.py."""

    def having(self, field: str, value: object) -> Column:
        """Which places have that value."""

    def numbers(self, field: str) -> Any:
        """A day or an age of each place; see columns.NUMBERS for what stands for "not known"."""

    def kept(self, key: Hashable, make: Callable[[], Column]) -> Column:
        """What was made for that key, once."""

    def steps(self, wijken: frozenset[str]) -> Any:
        """How far each place is from all of these wijken."""

    def clock(self, word: str) -> Column:
        """What only the clock can tell."""


class Question:
    """A yes or no about a place."""

    words: frozenset[str] = frozenset()
    """The words of the clock on which the answer hangs."""

    def of(self, service: Service, door: Door) -> bool:
        raise NotImplementedError

    def column(self, view: View) -> Column:
        raise NotImplementedError

    def __or__(self, other: Question) -> Question:
        return AnyOf((self, other))

    def __and__(self, other: Question) -> Question:
        return AllOf((self, other))

    def __invert__(self) -> Question:
        return Not(self)


class AnyOf(Question):
    """One of them holds; none of none."""

    def __init__(self, parts: Iterable[Question]) -> None:
        self.parts = tuple(parts)
        self.words = frozenset[str]().union(*(part.words for part in self.parts))

    def of(self, service: Service, door: Door) -> bool:
        for part in self.parts:  # noqa: SIM110  # `any` with a generator takes twice as long
            if part.of(service, door):
                return True
        return False

    def column(self, view: View) -> Column:
        return reduce(or_, [part.column(view) for part in self.parts], np.False_)


class AllOf(Question):
    """All of them hold; all of none."""

    def __init__(self, parts: Iterable[Question]) -> None:
        self.parts = tuple(parts)
        self.words = frozenset[str]().union(*(part.words for part in self.parts))

    def of(self, service: Service, door: Door) -> bool:
        for part in self.parts:  # noqa: SIM110
            if not part.of(service, door):
                return False
        return True

    def column(self, view: View) -> Column:
        return reduce(and_, [part.column(view) for part in self.parts], np.True_)


class Not(Question):
    """The opposite; not of the clock, whose words have their opposites among them."""

    def __init__(self, part: Question) -> None:
        if part.words:
            raise ValueError("no opposite of the clock: add a word to door.CLOCK")
        self.part = part

    def of(self, service: Service, door: Door) -> bool:
        return not self.part.of(service, door)

    def column(self, view: View) -> Column:
        return np.logical_not(self.part.column(view))


class Kept(Question):
    """A question, not of the clock, whose column is worth keeping: the key holds all that it is made of."""

    def __init__(self, key: Hashable, make: Callable[[], Question]) -> None:
        self.key, self.make = key, make

    @cached_property
    def question(self) -> Question:
        return self.make()

    def of(self, service: Service, door: Door) -> bool:
        return self.question.of(service, door)

    def column(self, view: View) -> Column:
        return view.kept(self.key, lambda: self.question.column(view))


EVERY: Question = AllOf(())
NONE: Question = AnyOf(())
