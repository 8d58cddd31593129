"""Things that may be used one time: remembered in this process until they would have ended anyway."""

from __future__ import annotations

from collections import OrderedDict

MOST = 20_000
"""So many at most; then the oldest is forgotten."""


class Once:
    """Ids that were used; moments are seconds since 1970."""

    def __init__(self) -> None:
        self._until: OrderedDict[str, float] = OrderedDict()

    def used(self, id_: str) -> bool:
        return id_ in self._until

    def use(self, id_: str, until: float, now: float) -> bool:
        """Whether this is the first time. `until`: from then on nobody could use it."""
        while self._until and next(iter(self._until.values())) <= now:  # they end about in the order they were used
            self._until.popitem(last=False)
        if id_ in self._until:
            return False
        self._until[id_] = until
        if len(self._until) > MOST:
            self._until.popitem(last=False)
        return True
