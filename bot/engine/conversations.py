"""The running conversations on disk, by SQLAlchemy: events appended, ended ones moved to the outbox."""

from __future__ import annotations

import json
import secrets
from collections.abc import Container, Iterable, Sequence
from datetime import date
from math import inf
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from bot.engine.held import Held
from bot.engine.pseudonyms import Pseudonyms
from bot.engine.scrubbing import write_anew, write_back
from bot.engine.tables import ANSWERED, CONVERSATIONS, DAY_KEYS, EVENTS, METADATA, OUTBOX, OWNED
from bot.engine.turns import NOTHING_KEPT, Turns, Version, must_be_written, said_in, version_in

Leaving = tuple[str, str | None]
"""A conversation, and what it leaves to the count."""
AT_ONCE = 500
"""Names in one question to the database."""


class Conversations:
    """All that is kept of running conversations. Every method but `scrub` is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._held = Held(engine)
        self._turns = Turns(engine.dialect)
        self._pseudonyms = Pseudonyms(engine)
        self._dirty = True
        """Whether something may be left of what was forgotten: also after a crash, so at the start always."""

    @property
    def on_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    def length(self, conversation: str) -> int:
        """How many events are kept; 0 for a conversation that is not there."""
        return self.version(conversation)[0]

    def version(self, conversation: str) -> Version:
        """What tells whether somebody else has written since; NOTHING_KEPT where it is not there."""
        return version_in(self._held.one(self._turns.version(conversation)))

    def rows(self, conversation: str) -> list[dict[str, Any]]:
        wanted = sa.select(EVENTS.c.data).where(EVENTS.c.conversation == conversation).order_by(EVENTS.c.number)
        with self.engine.connect() as connection:
            return [row for (data,) in connection.execute(wanted) for row in _rows(data)]

    def append(
        self, conversation: str, start: int, rows: list[dict[str, Any]], answered: tuple[str, str] | None
    ) -> Version:
        """Adds events behind the first `start`; `answered` is (message, said) of a message that came with an id.

        The version after it. Raises WrittenMeanwhile, or the database's own error of a key that is there already, where
        another process has written, or ended, this conversation since: then nothing of the turn is kept.
        """
        version, steps = self._turns.append(conversation, start, rows, answered)
        must_be_written(self._held.together(steps))
        return version

    def said_to(self, conversation: str, message: str) -> str | None:
        """What was said to a message that was heard before; None for a new one."""
        return said_in(self._held.one(self._turns.said_to(conversation, message)))

    def unanswered(self, conversation: str, message: str) -> None:
        """Forgets that this message was answered: the same id is heard again."""
        with self.engine.begin() as connection:
            connection.execute(ANSWERED.delete().where(
                ANSWERED.c.conversation == conversation, ANSWERED.c.message == message))  # fmt: skip

    def writable(self) -> None:
        """Writes a row and takes it away: a store that can only be read cannot answer. Raises what the database raises."""
        row = secrets.token_hex(5)
        with self.engine.begin() as connection:
            connection.execute(DAY_KEYS.insert().values(day=row, key=""))
            connection.execute(DAY_KEYS.delete().where(DAY_KEYS.c.day == row))

    def end(self, conversation: str, finished: str | None, quiet_since: float = inf) -> bool:
        """Forgets a conversation; what it leaves to the count (`written`) goes into the outbox in the same transaction.

        False where it was gone already: somebody else ended it, and counted it; or where its last turn is not before
        `quiet_since` (seconds since 1970) any more, and it goes on. SQLite's files are scrubbed at once, PostgreSQL's soon.
        """
        return self.end_together([(conversation, finished)], quiet_since)[0]

    def end_together(self, leaving: Sequence[Leaving], quiet_since: float = inf) -> list[bool]:
        """Several at once, all of them or none; the files are scrubbed once."""
        with self.engine.begin() as connection:
            gone = [_forget(connection, *one, quiet_since) for one in leaving]
        if any(gone):
            self._dirty = not write_back(self.engine) or self._dirty
        return gone

    def scrub(self) -> None:
        """Takes what was forgotten out of the files, where that was not done at once."""
        if self._dirty:
            self._dirty = False
            tables = (table.name for table in METADATA.sorted_tables)
            done = write_back(self.engine) if self.on_sqlite else write_anew(self.engine, tables)
            self._dirty = self._dirty or not done

    def forget_keys(self, today: date) -> None:
        """Deletes day keys older than yesterday's, also when nobody talks."""
        self._dirty = self._pseudonyms.forget(today) or self._dirty

    def gone(self, names: list[str]) -> set[str]:
        """Those of the names under which nothing is kept any more."""
        there: set[str] = set()
        with self.engine.connect() as connection:
            for start in range(0, len(names), AT_ONCE):
                asked = sa.select(CONVERSATIONS.c.id).where(CONVERSATIONS.c.id.in_(names[start : start + AT_ONCE]))
                there.update(connection.execute(asked).scalars())
        return set(names) - there

    def overdue(self, before: float) -> list[str]:
        """Conversations whose last turn was before this moment (seconds since 1970)."""
        with self.engine.connect() as connection:
            late = sa.select(CONVERSATIONS.c.id).where(CONVERSATIONS.c.last_turn < before)
            return list(connection.execute(late.order_by(CONVERSATIONS.c.id)).scalars())

    def outbox(self) -> list[tuple[str, str]]:
        """(nonce, finished conversation) of all that waits to be counted; the nonces are random and keep no order."""
        with self.engine.connect() as connection:
            return [(row.nonce, row.data) for row in connection.execute(sa.select(OUTBOX).order_by(OUTBOX.c.nonce))]

    def delivered(self, nonces: Iterable[str]) -> None:
        with self.engine.begin() as connection:
            connection.execute(OUTBOX.delete().where(OUTBOX.c.nonce.in_(list(nonces))))
        self._dirty = True

    def pseudonym(self, channel_id: str, today: date, going_on: Container[str] = ()) -> str:
        """The id under which a resident's conversation is kept; one that was begun yesterday moves to today's key.

        `going_on`: those that are known to go on under today's, and need not be looked for under yesterday's.
        """
        name, *before = self._pseudonyms.of(channel_id, today)
        if before and name not in going_on and self.version(before[0]) != NOTHING_KEPT:
            with self.engine.begin() as connection:
                self._dirty = _move(connection, before[0], name) or self._dirty
        return name


def _forget(connection: Connection, conversation: str, finished: str | None, quiet_since: float) -> bool:
    own = CONVERSATIONS.delete().where(CONVERSATIONS.c.id == conversation, CONVERSATIONS.c.last_turn < quiet_since)
    if connection.execute(own).rowcount == 0:
        return False
    for table, column in OWNED[:2]:
        connection.execute(table.delete().where(column == conversation))
    if finished is not None:
        connection.execute(OUTBOX.insert().values(nonce=secrets.token_hex(16), data=finished))
    return True


def _rows(data: str) -> list[dict[str, Any]]:
    """One turn's events; a conversation that was begun under 0.1 has them one by one."""
    found = json.loads(data)
    return found if isinstance(found, list) else [found]


def _move(connection: Connection, old: str, new: str) -> bool:
    """Whether there was anything to move."""
    moves = (table.update().where(column == old).values({column.name: new}) for table, column in OWNED)
    return sum(connection.execute(move).rowcount for move in moves) > 0
