"""Keeps a finished conversation on disk until it is counted, so that a database that is away, or a kill, loses nothing.

A row holds ids and the ISO week, no order and no finer time. Between two deliveries a conversation lies here whole: only as
long as the database is away, and its bytes are overwritten when it is counted.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy.exc import InterfaceError, OperationalError

from bot.model import FinishedConversation
from bot.statistics.periods import middle_of, week_of
from bot.statistics.store import check_ids

FILE = "outbox.db"
AWAY = (OperationalError, InterfaceError)
"""What SQLAlchemy raises where a database cannot be reached, or is too busy."""
# No rowid and a random key: the file does not tell which conversation came first.
TABLE = "CREATE TABLE IF NOT EXISTS outbox (nonce TEXT PRIMARY KEY, conversation TEXT NOT NULL) WITHOUT ROWID"


class Counts(Protocol):
    """What deliveries go to: the store."""

    def count(self, conversation: FinishedConversation, nonce: str) -> bool: ...


class Outbox:
    """The finished conversations that still have to be counted, in one file of the var folder.

    - `put` returns when the row is on disk; the same nonce again changes nothing.
    - `deliver` counts a row and only then takes it out. Killed in between, it counts it again, and the store knows the nonce.
    """

    def __init__(self, var: Path) -> None:
        self.path = var / FILE

    def put(self, conversation: FinishedConversation, nonce: str) -> None:
        """Keeps the conversation for the count. `nonce`: random, made once for this conversation. Raises NotAnId."""
        check_ids(conversation)
        with self._connection() as connection:
            connection.execute("INSERT OR IGNORE INTO outbox VALUES (?, ?)", (nonce, written(conversation)))

    def deliver(self, store: Counts) -> int:
        """Counts what is waiting and returns how many were taken out; stops, and keeps the rest, when the database is away."""
        delivered = 0
        for nonce, text in self._waiting():
            try:
                store.count(read(text), nonce)
            except AWAY:
                break
            with self._connection() as connection:
                connection.execute("DELETE FROM outbox WHERE nonce = ?", (nonce,))
            delivered += 1
        return delivered

    def __len__(self) -> int:
        return len(self._waiting())

    def _waiting(self) -> list[tuple[str, str]]:
        with self._connection() as connection:
            return connection.execute("SELECT nonce, conversation FROM outbox").fetchall()

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self.path, timeout=10)) as connection, connection:
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute(TABLE)
            yield connection


def written(conversation: FinishedConversation) -> str:
    """A finished conversation as JSON, its moment coarsened to the ISO week."""
    return json.dumps({**asdict(conversation), "ended": week_of(conversation.ended)})


def read(text: str) -> FinishedConversation:
    """The conversation that `written` wrote; it ended in the middle of its week."""
    row: dict[str, Any] = {name: _frozen(value) for name, value in json.loads(text).items()}
    return FinishedConversation(**{**row, "ended": middle_of(row["ended"])})


def _frozen(value: Any) -> Any:
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value
