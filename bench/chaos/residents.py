"""Residents with a page that keeps what they typed: each message goes out again until it is answered."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import httpx

from bench.chaos.city import City
from tests.privacy_fixtures import TEMPLATES, Person

LINES = {
    "nl": ("ik heb schulden", "ja", "Klarendal"),
    "tr": ("borcum var", "evet", "Malburgen"),
    "pl": ("mam długi", "tak", "Presikhaaf"),
    "pap": ("mi tin debe", "si", "Klarendal"),
    "en": ("I have debts", "yes", "Malburgen"),
}
LAST_WORD = {"finished": "stop", "erased": "wissen", "left": None}
PATIENCE = 30.0
"""Seconds after which a page gives a request up."""
LONGEST = 90.0
"""Seconds in which a message must be answered, however much is broken meanwhile."""


@dataclass
class Seen:
    """What became of all that was said."""

    answers: Counter[str] = field(default_factory=Counter)
    ended: Counter[str] = field(default_factory=Counter)
    waits: list[float] = field(default_factory=list)
    """Seconds of each request that got an answer, whatever it was."""
    faults: list[str] = field(default_factory=list)


class Residents:
    """Everybody who talks in one run. `secrets`: what they said of themselves, to be found nowhere."""

    def __init__(self, city: City, dice: random.Random) -> None:
        self._city, self._dice = city, dice
        self.seen = Seen()
        self.secrets: set[str] = set()

    async def talk(self, over: asyncio.Event) -> None:
        """One conversation after another."""
        async with httpx.AsyncClient(timeout=PATIENCE, limits=httpx.Limits(max_keepalive_connections=0)) as http:
            while not over.is_set():
                way = self._dice.choice(list(LAST_WORD))
                await self._conversation(http, self._dice.choice(list(LINES)), way)
                self.seen.ended[way] += 1

    async def _conversation(self, http: httpx.AsyncClient, language: str, way: str) -> None:
        opened = await self._said(http, "session", {"language": language}, language)
        token = opened.get("session", "")
        person = Person.invented(self._dice)
        self.secrets |= set(person.secrets())
        lines = [*LINES[language], *(text.format(**vars(person)) for text in TEMPLATES[language])]
        for number, line in enumerate(self._dice.sample(lines, self._dice.randint(1, 4))):
            body = {"session": token, "message": line, "id": str(number)}
            answer = await self._said(http, "message", body, language)
            if self._dice.random() < 0.3:
                again = await self._said(http, "message", body, language)
                if texts(again) != texts(answer):
                    self.seen.faults.append(f"the same message got two answers: {texts(answer)} and {texts(again)}")
        if last := LAST_WORD[way]:
            await self._said(http, "message", {"session": token, "message": last, "id": "last"}, language)

    async def _said(self, http: httpx.AsyncClient, path: str, body: dict[str, Any], language: str) -> dict[str, Any]:
        """Sends it, as a proxy does to the other server where one is gone, until it is answered."""
        begun = time.monotonic()
        while time.monotonic() - begun < LONGEST:
            answer = await self._sent(http, path, body)
            if answer is not None and answer.status_code == 200:
                if not texts(answer.json()):
                    self.seen.faults.append(f"an answer without a word to {path}")
                return dict(answer.json())
            if answer is not None:
                self._judge(answer, language)
            await asyncio.sleep(0.3)
        self.seen.faults.append(f"no answer in {LONGEST} s to {path}")
        return {}

    async def _sent(self, http: httpx.AsyncClient, path: str, body: dict[str, Any]) -> httpx.Response | None:
        """None where no server gave an answer: the page says that it tries again."""
        servers = list(self._city.servers.values())
        for site in self._dice.sample(servers, len(servers)):
            begun = time.monotonic()
            try:
                answer = await http.post(f"{site.url}/webhooks/web/{path}", json=body)
            except httpx.TimeoutException:
                self.seen.faults.append(f"a server that was there said nothing for {PATIENCE} s to {path}")
            except httpx.TransportError as error:
                self.seen.answers[f"cut off ({type(error).__name__})"] += 1
            else:
                self.seen.answers[str(answer.status_code)] += 1
                self.seen.waits.append(time.monotonic() - begun)
                return answer
        return None

    def _judge(self, answer: httpx.Response, language: str) -> None:
        """Not answered: then the sender is told, kindly, with a number to call."""
        try:
            (message,) = answer.json()["messages"]
            kind = answer.status_code == 503 and any(route.get("phone") for route in message["routes"])
        except (ValueError, KeyError):
            kind = False
        if not kind:
            self.seen.faults.append(f"{answer.status_code} {answer.text[:200]}")
        elif message["language"] != language:
            self.seen.answers["503 in another language"] += 1


def texts(answer: dict[str, Any]) -> list[str]:
    return [message["text"] for message in answer.get("messages", ())]
