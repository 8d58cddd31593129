"""How often a wrong token may be given: some a minute in one process, then none is looked at for a while."""

from __future__ import annotations

from collections import deque
from math import ceil

WINDOW = 60
"""Seconds in which the wrong ones are counted."""
LOCKED = 60
"""Seconds in which none is looked at, right or wrong, after too many."""
BY_FORM = 10
BY_PROGRAM = 100
"""A program that was set up wrongly asks again and again, and keeps out no person: it has a count of its own."""


class Attempts:
    """The moments of the last wrong ones, `most` at most; the clock is the process's own, in seconds."""

    def __init__(self, most: int) -> None:
        self._wrong: deque[float] = deque(maxlen=most)

    def wait(self, now: float) -> int:
        """Seconds until a token is looked at again; 0 where it is now."""
        if len(self._wrong) < (self._wrong.maxlen or 0) or self._wrong[-1] - self._wrong[0] > WINDOW:
            return 0
        return max(0, ceil(self._wrong[-1] + LOCKED - now))

    def wrong(self, now: float) -> None:
        self._wrong.append(now)
