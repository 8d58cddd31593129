"""The last answers of talks that are over: of these nothing is kept, and a message whose answer was lost is sent again."""

from __future__ import annotations

from collections import OrderedDict
from datetime import timedelta
from typing import Any

LIFE = timedelta(minutes=10)
"""For so long; a page tries again within one."""
MOST = 2000


class Endings:
    """In memory only, by a hash of the message's id. What is kept is our own goodbye, nothing of the talk."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[float, list[dict[str, Any]]]] = OrderedDict()

    def keep(self, mark: str, messages: list[dict[str, Any]], now: float) -> None:
        """`now`: seconds of a clock that only goes up."""
        self._kept[mark] = (now, messages)
        while self._kept and (
            len(self._kept) > MOST or now - next(iter(self._kept.values()))[0] > LIFE.total_seconds()
        ):
            self._kept.popitem(last=False)

    def of(self, mark: str, now: float) -> list[dict[str, Any]] | None:
        moment, messages = self._kept.get(mark, (now - LIFE.total_seconds(), None))
        return messages if now - moment < LIFE.total_seconds() else None
