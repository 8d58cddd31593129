"""What was heard in voice messages, as ids, until the resident says that it is right.

In memory only: after a restart it is asked again.
"""

from __future__ import annotations

import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from datetime import timedelta
from hashlib import blake2b
from typing import Any

from bot.channels.whatsapp.gist import YES, Gist
from bot.channels.whatsapp.reply import UNCLEAR

RIGHT, WRONG = "!y", "!n"
"""Begin the ids of the two answers to "klopt dat?"; what follows is the key of what was heard."""
A_FEW_WORDS = 3
"""Up to which a yes is one to "klopt dat?", and not the begin of something new."""
LIFE = timedelta(hours=24)
"""For so long, as a conversation."""
Understanding = dict[str, Any]
"""As bot.channels.whatsapp.hearing makes it."""


class Unconfirmed:
    """One for each resident: what was heard last. Those of longest ago are forgotten first. `clock`: seconds."""

    def __init__(self, most: int = 5_000, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._clock = most, clock
        self._key = secrets.token_bytes(32)
        self._heard: OrderedDict[str, tuple[str, float, Understanding]] = OrderedDict()
        """By a hash that only this process can make: a telephone number does not stay in memory."""

    def keep(self, who: str, understanding: Understanding) -> tuple[str, str]:
        """The ids of yes and no."""
        key = secrets.token_hex(4)
        self.let_go(who)
        self._heard[self._name(who)] = (key, self._clock(), understanding)
        self.forget()
        return RIGHT + key, WRONG + key

    def settled(self, who: str, understanding: Understanding) -> Understanding:
        """An answer to "klopt dat?" becomes what was heard. It still waits: a turn that breaks down is taken again."""
        self.forget()
        key, _, heard = self._heard.get(self._name(who), (None, 0.0, None))
        if understanding["kind"] == "confirm":
            return self._answered(understanding["yes"], heard if key == understanding["key"] else None)
        if understanding["kind"] != "said" or heard is None:
            return understanding
        left = Gist(**understanding["gist"])
        said = left.answer == YES if left.answer and left.words <= A_FEW_WORDS else None
        yes = left.number == 1 if left.number in (1, 2) else said
        return understanding if left.pressed or yes is None else self._answered(yes, heard)

    @staticmethod
    def _answered(yes: bool, heard: Understanding | None) -> Understanding:
        return heard if yes and heard else {"kind": "notice", "name": UNCLEAR, "aloud": True}

    def let_go(self, who: str) -> None:
        """To be called once a message is answered, whatever it was: what was heard before it counts no more."""
        self._heard.pop(self._name(who), None)

    def forget(self) -> None:
        """Drops what is too old, and what is too much."""
        before = self._clock() - LIFE.total_seconds()
        while self._heard and (len(self._heard) > self._most or next(iter(self._heard.values()))[1] <= before):
            self._heard.popitem(last=False)

    def _name(self, who: str) -> str:
        return blake2b(who.encode(), key=self._key, digest_size=16).hexdigest()
