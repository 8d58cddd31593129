"""What was heard in voice messages, as ids, until the resident says that it is right.

In memory only: after a restart it is asked again.
"""

from __future__ import annotations

import secrets
import time
from collections import OrderedDict
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
    """One for each resident: what was heard last. Those of longest ago are forgotten first."""

    def __init__(self, most: int = 5_000) -> None:
        self._most = most
        self._key = secrets.token_bytes(32)
        self._heard: OrderedDict[str, tuple[str, float, Understanding]] = OrderedDict()
        """By a hash that only this process can make: a telephone number does not stay in memory."""

    def keep(self, who: str, understanding: Understanding) -> tuple[str, str]:
        """The ids of yes and no."""
        key, name, now = secrets.token_hex(4), self._name(who), time.monotonic()
        self._heard.pop(name, None)
        self._heard[name] = (key, now, understanding)
        while len(self._heard) > self._most or next(iter(self._heard.values()))[1] < now - LIFE.total_seconds():
            self._heard.popitem(last=False)
        return RIGHT + key, WRONG + key

    def settled(self, who: str, understanding: Understanding) -> Understanding:
        """An answer to "klopt dat?" becomes what was heard; anything else that is said lets that go."""
        if understanding["kind"] == "confirm":
            return self._answered(understanding["yes"], self._take(who, understanding["key"]))
        if understanding["kind"] != "said" or self._name(who) not in self._heard:
            return understanding
        left, heard = Gist(**understanding["gist"]), self._take(who)
        said = left.answer == YES if left.answer and left.words <= A_FEW_WORDS else None
        yes = left.number == 1 if left.number in (1, 2) else said
        return understanding if left.pressed or yes is None else self._answered(yes, heard)

    @staticmethod
    def _answered(yes: bool, heard: Understanding | None) -> Understanding:
        return heard if yes and heard else {"kind": "notice", "name": UNCLEAR, "aloud": True}

    def _take(self, who: str, key: str | None = None) -> Understanding | None:
        """What was heard, once; None where nothing waits, or something newer. Without a key whatever waits is taken."""
        name = self._name(who)
        waiting = self._heard.get(name)
        if waiting is None or key not in (None, waiting[0]):
            return None
        del self._heard[name]
        return waiting[2]

    def _name(self, who: str) -> str:
        return blake2b(who.encode(), key=self._key, digest_size=16).hexdigest()
