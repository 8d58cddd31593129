"""The running conversations on disk, by SQLAlchemy: events appended, ended ones moved to the outbox, day keys for pseudonyms."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Iterable
from datetime import date, timedelta
from hashlib import blake2b
from math import inf
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, make_url

from bot.engine.scrubbing import write_anew, write_back

METADATA = sa.MetaData()
CONVERSATIONS = sa.Table(
    "conversations", METADATA,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("last_turn", sa.Float, nullable=False, index=True),
    sa.Column("events", sa.Integer, nullable=False),
)  # fmt: skip
EVENTS = sa.Table(
    "events", METADATA,
    sa.Column("conversation", sa.String(64), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("data", sa.Text, nullable=False),
)  # fmt: skip
ANSWERED = sa.Table(
    "answered", METADATA,
    sa.Column("conversation", sa.String(64), primary_key=True),
    sa.Column("message", sa.String(32), primary_key=True),
    sa.Column("said", sa.Text, nullable=False),
)  # fmt: skip
OUTBOX = sa.Table(
    "outbox", METADATA,
    sa.Column("nonce", sa.String(32), primary_key=True),
    sa.Column("data", sa.Text, nullable=False),
)  # fmt: skip
DAY_KEYS = sa.Table(
    "day_keys", METADATA,
    sa.Column("day", sa.String(10), primary_key=True),
    sa.Column("key", sa.String(64), nullable=False),
)  # fmt: skip
Version = tuple[int, float]
NOTHING_KEPT: Version = (0, 0.0)
OWNED = ((EVENTS, EVENTS.c.conversation), (ANSWERED, ANSWERED.c.conversation), (CONVERSATIONS, CONVERSATIONS.c.id))

PATIENCE = 3
"""Seconds that a turn waits for its database; then its resident is told a number to call."""
POSTGRES = {
    "connect_timeout": PATIENCE,
    "tcp_user_timeout": PATIENCE * 1000,
    "options": f"-c statement_timeout={PATIENCE}s -c idle_in_transaction_session_timeout=60s",
}
"""What libpq is told. A database behind PgBouncer needs `ignore_startup_parameters = options` there."""


class WrittenMeanwhile(Exception):
    """Two processes took a turn of one conversation at once; the lock store was away."""


def open_engine(url: str) -> Engine:
    """An engine with the tables in it; its errors hold no values. SQLite writes ahead, and overwrites what it deletes."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    if parsed.get_backend_name() == "sqlite" and parsed.database:
        # by default SQLAlchemy opens and closes the file for each transaction, and each close writes the whole log back
        kept = {"poolclass": sa.pool.QueuePool, "connect_args": {"check_same_thread": False}}
        engine = sa.create_engine(url, future=True, hide_parameters=True, **kept)
        sa.event.listen(engine, "connect", _sqlite_settings)
    else:
        limits = POSTGRES if parsed.get_backend_name() == "postgresql" else {}
        engine = sa.create_engine(url, future=True, hide_parameters=True, pool_timeout=PATIENCE, connect_args=limits)
    METADATA.create_all(engine)
    return engine


def _sqlite_settings(connection: Any, _record: Any) -> None:
    """`secure_delete` overwrites in the database; in the write-ahead log what was stays, until `write_back`."""
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "secure_delete=ON", "busy_timeout=5000"):
        connection.execute(f"PRAGMA {pragma}")


class Conversations:
    """All that is kept of running conversations. Every method but `scrub` is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._keys: tuple[date, list[str]] | None = None
        self._dirty = True
        """Whether something may be left of what was forgotten: also after a crash, so at the start always."""

    def length(self, conversation: str) -> int:
        """How many events are kept; 0 for a conversation that is not there."""
        with self.engine.connect() as connection:
            found = connection.execute(sa.select(CONVERSATIONS.c.events).where(CONVERSATIONS.c.id == conversation))
            return int(found.scalar() or 0)

    def version(self, conversation: str) -> Version:
        """What tells whether somebody else has written since: (events, last turn); (0, 0.0) where nothing is kept."""
        wanted = sa.select(CONVERSATIONS.c.events, CONVERSATIONS.c.last_turn).where(CONVERSATIONS.c.id == conversation)
        with self.engine.connect() as connection:
            found = connection.execute(wanted).one_or_none()
            return (found[0], found[1]) if found else NOTHING_KEPT

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
        with self.engine.begin() as connection:
            if rows:
                data = json.dumps(rows, separators=(",", ":"))
                connection.execute(EVENTS.insert(), {"conversation": conversation, "number": start, "data": data})
            version = (start + len(rows), time.time())
            _touch(connection, conversation, start, version)
            if answered:
                connection.execute(ANSWERED.insert().values(
                    conversation=conversation, message=answered[0], said=answered[1]))  # fmt: skip
        return version

    def said_to(self, conversation: str, message: str) -> str | None:
        """What was said to a message that was heard before; None for a new one."""
        wanted = sa.select(ANSWERED.c.said).where(
            ANSWERED.c.conversation == conversation, ANSWERED.c.message == message
        )
        with self.engine.connect() as connection:
            return connection.execute(wanted).scalar()

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
        with self.engine.begin() as connection:
            own = CONVERSATIONS.delete().where(
                CONVERSATIONS.c.id == conversation, CONVERSATIONS.c.last_turn < quiet_since
            )
            if connection.execute(own).rowcount == 0:
                return False
            for table, column in OWNED[:2]:
                connection.execute(table.delete().where(column == conversation))
            if finished is not None:
                connection.execute(OUTBOX.insert().values(nonce=secrets.token_hex(16), data=finished))
        self._dirty = not write_back(self.engine) or self._dirty
        return True

    def scrub(self) -> None:
        """Takes what was forgotten out of the files, where that was not done at once."""
        if self._dirty:
            self._dirty = False
            sqlite = self.engine.dialect.name == "sqlite"
            done = (
                write_back(self.engine) if sqlite else write_anew(self.engine, (t.name for t in METADATA.sorted_tables))
            )
            self._dirty = self._dirty or not done

    def forget_keys(self, today: date) -> None:
        """Deletes day keys older than yesterday's, also when nobody talks."""
        if self._keys and self._keys[0] != today:
            self._keys = None
        with self.engine.begin() as connection:
            old = DAY_KEYS.delete().where(DAY_KEYS.c.day.not_in(_days(today)))
            self._dirty = bool(connection.execute(old).rowcount) or self._dirty

    def overdue(self, before: float) -> list[str]:
        """Conversations whose last turn was before this moment (seconds since 1970)."""
        with self.engine.connect() as connection:
            return list(
                connection.execute(sa.select(CONVERSATIONS.c.id).where(CONVERSATIONS.c.last_turn < before)).scalars()
            )

    def outbox(self) -> list[tuple[str, str]]:
        """(nonce, finished conversation) of all that waits to be counted; the nonces are random and keep no order."""
        with self.engine.connect() as connection:
            return [(row.nonce, row.data) for row in connection.execute(sa.select(OUTBOX).order_by(OUTBOX.c.nonce))]

    def delivered(self, nonces: Iterable[str]) -> None:
        with self.engine.begin() as connection:
            connection.execute(OUTBOX.delete().where(OUTBOX.c.nonce.in_(list(nonces))))
        self._dirty = True

    def pseudonym(self, channel_id: str, today: date) -> str:
        """The id under which a resident's conversation is kept; one that was begun yesterday moves to today's key."""
        names = [_name(channel_id, key) for key in self._keys_of(today)]
        if len(names) > 1 and self.length(names[1]):
            with self.engine.begin() as connection:
                self._dirty = _move(connection, names[1], names[0]) or self._dirty
        return names[0]

    def _keys_of(self, today: date) -> list[str]:
        """The day's keys, read once a day: nobody changes them."""
        if self._keys is None or self._keys[0] != today:
            try:
                with self.engine.begin() as connection:
                    self._keys = (today, _day_keys(connection, today))
            except sa.exc.IntegrityError:  # another process made today's key just now: it is the one
                with self.engine.begin() as connection:
                    self._keys = (today, _day_keys(connection, today))
        return self._keys[1]


def _rows(data: str) -> list[dict[str, Any]]:
    """One turn's events; a conversation that was begun under 0.1 has them one by one."""
    found = json.loads(data)
    return found if isinstance(found, list) else [found]


def _touch(connection: Connection, conversation: str, start: int, version: Version) -> None:
    events, now = version
    known = (CONVERSATIONS.c.id == conversation) & (CONVERSATIONS.c.events == start)
    if start == 0:
        connection.execute(CONVERSATIONS.insert(), {"id": conversation, "last_turn": now, "events": events})
    elif connection.execute(CONVERSATIONS.update().where(known).values(last_turn=now, events=events)).rowcount == 0:
        raise WrittenMeanwhile("a conversation was written or ended by another process during this turn; say it again")


def _day_keys(connection: Connection, today: date) -> list[str]:
    """Today's key (made on the first need) and yesterday's, if there was one; older keys are deleted."""
    days = _days(today)
    found: dict[str, str] = dict(connection.execute(sa.select(DAY_KEYS.c.day, DAY_KEYS.c.key)).all())
    if days[0] not in found:
        found[days[0]] = secrets.token_hex(32)
        connection.execute(DAY_KEYS.insert().values(day=days[0], key=found[days[0]]))
        connection.execute(DAY_KEYS.delete().where(DAY_KEYS.c.day.not_in(days)))
    return [found[day] for day in days if day in found]


def _days(today: date) -> list[str]:
    """Those of which the key is kept."""
    return [today.isoformat(), (today - timedelta(days=1)).isoformat()]


def _name(channel_id: str, key: str) -> str:
    return blake2b(channel_id.encode(), key=bytes.fromhex(key), digest_size=20).hexdigest()


def _move(connection: Connection, old: str, new: str) -> bool:
    """Whether there was anything to move."""
    moves = (table.update().where(column == old).values({column.name: new}) for table, column in OWNED)
    return sum(connection.execute(move).rowcount for move in moves) > 0
