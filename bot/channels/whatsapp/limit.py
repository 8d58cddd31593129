"""How many messages a minute one resident is answered: beyond it nothing is lost but the answers to a flood."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import OrderedDict
from dataclasses import dataclass, field
from enum import Enum

MINUTE = 60.0
"""Seconds."""
REMEMBERED = 10 * MINUTE
LAST = chr(0x10FFFF)
"""Comes behind every hash: (sent, LAST) is the end of a moment."""
Moment = tuple[float, str]
"""When a message was sent, and its hash: one that Meta brings again is the same."""


class Verdict(Enum):
    """What becomes of a message."""

    ANSWERED = "answered"
    TOLD = "told"
    """It is one too many, and that is said."""
    LEFT = "left"
    """It is one too many, and that was said already."""


@dataclass
class Seen:
    """The moments of one resident's messages within the last minutes, in order, and at which the limit was last spoken of."""

    moments: list[Moment] = field(default_factory=list)
    told: Moment = (float("-inf"), "")

    def until(self, moment: float) -> int:
        """How many were sent until then."""
        return bisect_right(self.moments, (moment, LAST))

    def has(self, moment: Moment) -> bool:
        place = bisect_left(self.moments, moment)
        return self.moments[place : place + 1] == [moment]


class Flood:
    """`most` messages in any minute, by Meta's clock: what Meta brings late and all at once was not sent all at once.

    `keys`: of so many residents it is known, for ten minutes; those who were quiet longest are forgotten first.
    """

    def __init__(self, most: int | None, keys: int = 20_000) -> None:
        self._most = most
        self._keys = keys
        self._seen: OrderedDict[str, Seen] = OrderedDict()

    def verdict(self, who: str, message: str, sent: float) -> Verdict:
        """For a message sent at this moment (seconds since 1970); the same again for one that comes again.

        `who` and `message` are keyed hashes, for they stay in memory.
        """
        if self._most is None:
            return Verdict.ANSWERED
        seen, moment = self._known(who), (sent, message)
        self._forget(sent - REMEMBERED)
        if seen.has(moment):
            return Verdict.ANSWERED
        if seen.until(sent) - seen.until(sent - MINUTE) < self._most:
            insort(seen.moments, moment)
            del seen.moments[: seen.until(seen.moments[-1][0] - 2 * MINUTE)]
            return Verdict.ANSWERED
        if sent - seen.told[0] < MINUTE and seen.told != moment:
            return Verdict.LEFT
        seen.told = moment
        return Verdict.TOLD

    def _known(self, who: str) -> Seen:
        seen = self._seen.pop(who, None) or Seen()
        self._seen[who] = seen
        while len(self._seen) > self._keys:
            self._seen.popitem(last=False)
        return seen

    def _forget(self, before: float) -> None:
        """Those who wrote last before this moment. The newest, who is writing now, stays."""
        while len(self._seen) > 1 and _last(next(iter(self._seen.values()))) <= before:
            self._seen.popitem(last=False)


def _last(seen: Seen) -> float:
    return seen.moments[-1][0] if seen.moments else float("-inf")
