"""Meta's receipts go before turns: a turn is all computing, and whoever knocks meanwhile would wait for it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager

QUIET, LONGEST, PATIENCE, A_PAUSE = 0.05, 0.5, 20.0, 1.0
"""Seconds: so long after a request a turn waits for the next; at most so long; so long a flood is let go first; what ends one."""


class Receipts:
    """Who knocks now, and since when."""

    def __init__(self) -> None:
        self._knocking = 0
        """Requests of Meta that wait for a receipt now."""
        self._last_knock = self._knocking_since = -PATIENCE

    @contextmanager
    def first(self) -> Iterator[None]:
        """Around all that is done before a receipt."""
        now = time.monotonic()
        if now - self._last_knock > A_PAUSE:
            self._knocking_since = now
        self._knocking += 1
        try:
            yield
        finally:
            self._knocking -= 1
            self._last_knock = time.monotonic()

    async def let_go(self) -> None:
        """Lets a turn wait while Meta knocks, but not for long, and not at all where the knocking never ends."""
        begun = time.monotonic()
        while (now := time.monotonic()) - begun < LONGEST and now - self._knocking_since < PATIENCE:
            if not self._knocking and now - self._last_knock > QUIET:
                break
            await asyncio.sleep(QUIET / 5)
