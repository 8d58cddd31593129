"""How many messages a minute one resident is answered: beyond it nothing is lost but the answers to a flood."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import OrderedDict
from dataclasses import dataclass, field
from enum import Enum

MINUTE = 60.0
"""Seconds."""
REMEMBERED = 10 * MINUTE


class Verdict(Enum):
    """What becomes of a message."""

    ANSWERED = "answered"
    TOLD = "told"
    """It is one too many, and that is said."""
    LEFT = "left"
    """It is one too many, and that was said already."""


@dataclass
class Seen:
    """The moments of one resident's messages within the last minutes, in order, and when the limit was last spoken of."""

    moments: list[float] = field(default_factory=list)
    told: float = float("-inf")


class Flood:
    """`most` messages in any minute, by Meta's clock: what Meta brings late and all at once was not sent all at once.

    `keys`: of so many residents it is known, for ten minutes; those who were quiet longest are forgotten first.
    """

    def __init__(self, most: int | None, keys: int = 20_000) -> None:
        self._most = most
        self._keys = keys
        self._seen: OrderedDict[str, Seen] = OrderedDict()

    def verdict(self, who: str, sent: float) -> Verdict:
        """For a message sent at this moment (seconds since 1970). `who`: a keyed hash, for it stays in memory."""
        if self._most is None:
            return Verdict.ANSWERED
        seen = self._known(who)
        self._forget(sent - REMEMBERED)
        if bisect_right(seen.moments, sent) - bisect_right(seen.moments, sent - MINUTE) < self._most:
            insort(seen.moments, sent)
            del seen.moments[: bisect_right(seen.moments, seen.moments[-1] - 2 * MINUTE)]
            return Verdict.ANSWERED
        if sent - seen.told < MINUTE:
            return Verdict.LEFT
        seen.told = sent
        return Verdict.TOLD

    def _known(self, who: str) -> Seen:
        seen = self._seen.pop(who, None) or Seen()
        self._seen[who] = seen
        while len(self._seen) > self._keys:
            self._seen.popitem(last=False)
        return seen

    def _forget(self, before: float) -> None:
        """Those who wrote last before this moment. The newest, who is writing now, stays."""
        while len(self._seen) > 1 and max(next(iter(self._seen.values())).moments, default=before) <= before:
            self._seen.popitem(last=False)
