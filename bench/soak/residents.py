"""Residents of a soak: some play a known conversation, some say what nobody ever said, many leave without a word."""

from __future__ import annotations

import asyncio
import itertools
import random
from collections.abc import AsyncIterator

from bench.turns.connection import Connection, Failed
from bench.turns.talks import LANGUAGES, Ours

SYLLABLES = ("kla", "ren", "dal", "mo", "ney", "yok", "dom", "pa", "pel", "rent", "ik", "nie", "tin", "wó", "ş", "6822")
LAST_WORDS = ("stop", "wissen", None, None)
"""How an invented conversation ends: counted, erased, or not at all."""


class Residents:
    """Who talks with the server on this port of this machine. `turns` counts what was answered, `refused` what was not."""

    def __init__(self, port: int, seed: int = 1) -> None:
        self._port = port
        self._dice = random.Random(seed)
        self._known = Ours()
        self._numbers = itertools.count()
        self.turns = self.conversations = self.refused = 0

    async def talk(self) -> None:
        """One after another, for ever."""
        http = Connection("127.0.0.1", self._port)
        while True:
            self.conversations += 1
            ways = self._known.conversation(http) if next(self._numbers) % 2 else self._invented(http)
            try:
                async for _ in ways:
                    self.turns += 1
            except Failed:
                self.refused += 1
                await asyncio.sleep(0.1)

    async def _invented(self, http: Connection) -> AsyncIterator[int]:
        """Words that no cache has seen, each with an id of its own, and one said twice."""
        language = self._dice.choice(LANGUAGES)
        begun = await http.post("/webhooks/web/session", {"language": language})
        yield len(begun["messages"])
        last = self._dice.choice(LAST_WORDS)
        for number in range(self._dice.randint(1, 6)):
            body = {"session": begun["session"], "message": self._words(), "id": f"{number}"}
            for _ in range(1 + (number == 1)):
                answer = await http.post("/webhooks/web/message", body)
                yield len(answer["messages"])
        if last:
            await http.post("/webhooks/web/message", {"session": begun["session"], "message": last})
            yield 1

    def _words(self) -> str:
        words = ("".join(self._dice.choices(SYLLABLES, k=self._dice.randint(1, 4))) for _ in range(12))
        return " ".join(itertools.islice(words, self._dice.randint(1, 12)))
