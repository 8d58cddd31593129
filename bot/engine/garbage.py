"""Python's garbage collector, in small steps: what it has looked through once it does not look through again.

A turn leaves next to no garbage that needs it (0.3 objects of a turn, all of SQLAlchemy's statements, were ever found), but talks
that go on are many small objects, and each look through all of them held every resident up for a tenth of a second, several
times a thousand turns. What is alive is set aside every second instead; it is still freed when it is let go of.
"""

from __future__ import annotations

import asyncio
import gc

EVERY = 0.5
"""Seconds between two looks: at full load one takes two to eight milliseconds."""
YOUNG = (10_000, 20, 1000)
"""Objects that are made before the youngest are looked through, and so on; Python's own 700 looks at a turn's many times."""


def wait_until_loaded() -> None:
    """Before anything is loaded: all of it stays, and looking through it again and again was a fifth of the start."""
    gc.disable()


def set_aside_what_stays() -> None:
    """Takes all that is alive out of the collector's sight, after a look through it."""
    gc.collect()
    gc.freeze()


async def keep_collecting() -> None:
    gc.set_threshold(*YOUNG)
    gc.enable()
    while True:
        set_aside_what_stays()
        await asyncio.sleep(EVERY)
