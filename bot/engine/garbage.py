"""Python's garbage collector at its own times: what is loaded is never looked through again, and what lives every ten seconds.

Left to itself it looked through all talks in memory every few hundred turns, and held everybody up for a tenth of a second each
time. It has to look: a request whose sender left may be a circle of objects with a resident's words in it, which nothing else
frees. So only what was loaded at the start is set aside for good.
"""

from __future__ import annotations

import asyncio
import gc

EVERY = 10.0
"""Seconds for which a circle of objects lives on, at most. A look takes 8 to 26 ms with a hundred talks in
memory, as many as there may be, and 17 to 50 with three hundred, on a machine whose speed changes by the minute."""
YOUNG = (5_000, 20, 1_000_000)
"""Objects that are made before the youngest are looked through, and of these looks before the next; the oldest wait for ours."""


def wait_until_loaded() -> None:
    """Before anything is loaded: all of it stays, and looking through it again and again was a fifth of the start."""
    gc.disable()


def set_aside_what_is_loaded() -> None:
    """Takes it out of the collector's sight for good. Only before the first resident: no words may be among it."""
    gc.collect()
    gc.freeze()


async def keep_collecting(every: float = EVERY) -> None:
    gc.set_threshold(*YOUNG)
    gc.enable()
    while True:
        await asyncio.sleep(every)
        gc.collect()
