"""Residents who finish, leave or erase their conversations while the server is killed again and again, and what must be counted."""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from bot.channels.session import Sessions
from bot.engine.conversations import Conversations
from bot.engine.tables import open_engine
from bot.settings import AMSTERDAM
from tests.conftest import ROOT, SECRET, Site, start_site

WAYS = ("finished", "erased", "left")
LAST_WORD = {"finished": "stop", "erased": "wissen"}
LINES = ("ik heb schulden", "Klarendal", "ik schaam me")
AT_ONCE = 4
"""Residents who talk at the same time."""
REPLY = 30
"""Seconds that a resident waits for an answer."""


@dataclass
class Town:
    """One run. A resident whose server was killed says the same again, with the same id, when it is back."""

    var: Path
    conversations: int
    kills: int
    dice: random.Random = field(default_factory=random.Random)
    ended: Counter[str] = field(default_factory=Counter)
    """How conversations ended, by what was seen in the database where no answer came."""
    unheard: int = 0
    """Conversations that were opened, but of which no resident has the key: the kill came first."""
    left_over: int = 0
    """Conversations that were still there at the end, and expired."""

    def __post_init__(self) -> None:
        self._up = threading.Event()
        self._done = threading.Event()
        self._sessions = Sessions(SECRET, 24)

    def run(self) -> None:
        self.site = self._started()
        killer = threading.Thread(target=self._kill_now_and_then)
        killer.start()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            ways = [WAYS[number % len(WAYS)] for number in range(self.conversations)]
            for seen in pool.map(self._live, ways):
                self.ended[seen] += 1
        self._done.set()
        killer.join()
        self.site.process.kill()
        self.site.process.wait(10)
        self._expire()

    @property
    def expected(self) -> int:
        return self.ended["finished"] + self.left_over

    def counted(self) -> int:
        with sqlite3.connect(self.var / "statistics.db") as database:
            return int(database.execute("select coalesce(sum(n), 0) from count_conversations").fetchone()[0])

    def waiting(self) -> int:
        """Rows that are left of anybody, or wait to be counted."""
        with sqlite3.connect(self.var / "conversations.db") as database:
            tables = ("events", "answered", "conversations", "outbox")
            return sum(int(database.execute(f"select count(*) from {name}").fetchone()[0]) for name in tables)

    def _started(self) -> Site:
        site = start_site(self.var, SECRET_KEY=SECRET, RATE_PER_SESSION="100000")
        self._up.set()
        return site

    def _kill_now_and_then(self) -> None:
        """At a random moment of the talks, each time; then it is started again, as a supervisor does."""
        for _ in range(self.kills):
            if self._done.wait(self.dice.uniform(0.5, 3)):
                return
            self._up.clear()
            self.site.process.kill()
            self.site.process.wait(10)
            self.site = self._started()

    def _live(self, way: str) -> str:
        """One conversation; how it ended."""
        token = self._post("session", {})["session"]
        for line in LINES[: self.dice.randint(1, len(LINES))]:
            self._post("message", {"session": token, "message": line, "id": line})
        if way == "left":
            return way
        return way if self._last_word(token, LAST_WORD[way]) else "left"

    def _last_word(self, token: str, word: str) -> bool:
        """Says it until it is heard. Where no answer came, the database tells: after its end nothing may be said twice."""
        while True:
            self._up.wait()
            try:
                return self._try("message", {"session": token, "message": word})["messages"] != []
            except httpx.TransportError:
                self._up.wait(120)
                if not self._is_there(token):
                    return True

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        while True:
            self._up.wait()
            try:
                return self._try(path, body)
            except httpx.TransportError:
                time.sleep(0.1)

    def _try(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = httpx.post(f"{self.site.url}/webhooks/web/{path}", json=body, timeout=REPLY)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def _is_there(self, token: str) -> bool:
        """Whether the conversation of this session is on disk."""
        now = datetime.now(AMSTERDAM)
        kept = Conversations(open_engine(f"sqlite:///{self.var}/conversations.db"))
        return kept.length(kept.pseudonym(self._sessions.read(token, now).id, now.date())) > 0

    def _expire(self) -> None:
        with sqlite3.connect(self.var / "conversations.db") as database:
            self.left_over = int(database.execute("select count(*) from conversations").fetchone()[0])
        self.unheard = self.left_over - self.ended["left"]
        environ = {**os.environ, "DREMPELHULP_VAR": str(self.var), "DREMPELHULP_CONVERSATION_HOURS": "0"}
        for _ in range(2):
            subprocess.run(
                [sys.executable, "-m", "bot", "expire"], cwd=ROOT, env=environ, check=True, capture_output=True
            )
