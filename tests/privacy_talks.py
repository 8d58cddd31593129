"""Residents who tell who they are, in talks that succeed, break down, are erased, and are cut off by a kill."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.conftest import ROOT, Site
from tests.privacy_fixtures import BREAKS, Person, Search, letters, start_broken_site, written_since
from tests.whatsapp_fixtures import FakeMeta, Phone

ENDINGS = ("stop", "wissen", "", BREAKS)
"""How a talk goes on after its letters; empty: it does not."""
OVER_WHATSAPP = 4
"""One talk in so many."""


@dataclass
class Talks:
    """One run of letters over both ways, with a search wherever something may have been written."""

    var: Path
    number: int
    dice: random.Random = field(default_factory=random.Random)
    settings: dict[str, str] = field(default_factory=dict)
    found: dict[str, dict[str, set[str]]] = field(default_factory=dict)
    """Moment -> file -> secrets in it."""
    searched: dict[str, int] = field(default_factory=dict)
    """Moment -> bytes that were searched."""
    limits: str = ""
    broken: int = 0
    """Turns that broke down, and were answered with a number to call."""

    def __post_init__(self) -> None:
        self.start = time.time() - 1
        self.letters = letters(self.dice, self.number)
        self.meta = FakeMeta()
        self.phones: list[Phone] = []

    def run(self) -> None:
        site = start_broken_site(self.var, **self.meta.settings(), **self.settings, RATE_PER_SESSION="100000")
        self.limits = Path(f"/proc/{site.process.pid}/limits").read_text() if sys.platform == "linux" else ""
        try:
            self._talk(site)
            self._search("success and error")
            self._kill_while_talking(site)
            self._search("crash")
        finally:
            site.process.kill()
            site.process.wait(10)
            self.meta.stop()
        self._expire()
        self._search("expiry")

    def _talk(self, site: Site) -> None:
        with httpx.Client(base_url=site.url, timeout=60) as http:
            for number, (texts, person) in enumerate(self._by_person()):
                ending = ENDINGS[number % len(ENDINGS)]
                said = [*texts, *([f"{ending} {person.name}" if ending == BREAKS else ending] if ending else [])]
                if number % OVER_WHATSAPP == 1:
                    self._by_phone(site, said)
                else:
                    self._by_web(http, said, number)
                if number % 10 == 0:
                    http.post("/webhooks/web/message", content=f"{{broken {person.name}".encode())
                    http.get(
                        f"/{person.name}", params={"q": person.iban}, headers={"Referer": f"https://{person.mail}"}
                    )

    def _by_person(self) -> Iterator[tuple[list[str], Person]]:
        for place in range(0, len(self.letters), 3):
            part = self.letters[place : place + 3]
            yield [text for _, text, _ in part], part[0][2]

    def _by_web(self, http: httpx.Client, said: list[str], number: int) -> None:
        session = http.post("/webhooks/web/session", json={}).json()["session"]
        for place, text in enumerate(said):
            body = {"session": session, "message": text, "id": f"{number}-{place}-{text}"}
            answer = http.post("/webhooks/web/message", json=body)
            assert answer.status_code == 200 and answer.json()["messages"], answer.text
            self.broken += BREAKS in text

    def _by_phone(self, site: Site, said: list[str]) -> None:
        phone = Phone(site.url, self.meta)
        self.phones.append(phone)
        for text in said:
            assert phone.say(text)
            self.broken += BREAKS in text

    def _kill_while_talking(self, site: Site) -> None:
        """Nobody knows how far a turn has come when the process is gone."""
        killed = threading.Event()

        def talk() -> None:
            with suppress(httpx.TransportError), httpx.Client(base_url=site.url, timeout=10) as http:
                session = http.post("/webhooks/web/session", json={}).json()["session"]
                while not killed.is_set():
                    for _, text, _ in self.letters:
                        http.post("/webhooks/web/message", json={"session": session, "message": text})

        talkers = [threading.Thread(target=talk) for _ in range(3)]
        for talker in talkers:
            talker.start()
        time.sleep(1)
        site.process.kill()
        site.process.wait(10)
        killed.set()
        for talker in talkers:
            talker.join(20)

    def _expire(self) -> None:
        environ = {**os.environ, "DREMPELHULP_VAR": str(self.var), "DREMPELHULP_CONVERSATION_HOURS": "0"}
        with (self.var / "expire.log").open("wb") as out:
            run = [sys.executable, "-m", "bot", "expire"]
            subprocess.run(run, cwd=ROOT, env=environ, stdout=out, stderr=out, check=True)

    def _search(self, moment: str) -> None:
        secrets = {secret for _, _, person in self.letters for secret in person.secrets()}
        search = Search(secrets | {phone.number for phone in self.phones})
        files = written_since(self.start, self.var, ROOT)
        self.searched[moment] = sum(len(raw) for raw in files.values())
        hits = {str(path): search.in_bytes(raw) for path, raw in files.items()}
        self.found[moment] = {path: hit for path, hit in hits.items() if hit}
