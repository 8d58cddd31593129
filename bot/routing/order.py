"""The order in which places come, asked for no further than is needed; plain.py says what it is, quick.py is quick."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Protocol

from bot.model import Service
from bot.routing.door import Door
from bot.routing.questions import Question
from bot.routing.ranking import Ranked, Term


def anyhow(door: Door) -> bool:
    """However its door stands."""
    return True


class Order(Protocol):
    """The places that fit one case, as far as somebody asks: the most points first, then by id."""

    def some(self, question: Question) -> bool:
        """Whether the question, not of the clock, holds of any place that fits."""

    def by(self, more: list[Term]) -> None:
        """Ranks them by all the parts of the case, and by these terms besides; once, before what follows is asked."""

    def first(self, question: Question, enough: Callable[[Door], bool] = anyhow) -> Service | None:
        """The first one of which the question holds and whose door stands well enough."""

    def ranked(self, service: Service) -> Ranked:
        """A place with its points and reasons, whether it fits or not."""


def open_within(door: Door, time: timedelta) -> bool:
    """Whether somebody can turn to it now or soon; a place without known hours can be called."""
    return not door.service.hours or bool(door.open_now) or door.opens_within(time)
