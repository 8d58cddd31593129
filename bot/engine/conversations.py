"""The running conversations on disk, by SQLAlchemy: events appended, ended ones moved to the outbox, day keys for pseudonyms."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Iterable
from datetime import date, timedelta
from hashlib import blake2b
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, make_url

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
OWNED = ((EVENTS, EVENTS.c.conversation), (ANSWERED, ANSWERED.c.conversation), (CONVERSATIONS, CONVERSATIONS.c.id))


def open_engine(url: str) -> Engine:
    """An engine with the tables in it. SQLite writes ahead, and overwrites what it deletes."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(url, future=True)
    if parsed.get_backend_name() == "sqlite":
        sa.event.listen(engine, "connect", _sqlite_settings)
    METADATA.create_all(engine)
    return engine


def _sqlite_settings(connection: Any, _record: Any) -> None:
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "secure_delete=ON", "busy_timeout=5000"):
        connection.execute(f"PRAGMA {pragma}")


class Conversations:
    """All that is kept of running conversations. Every method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def length(self, conversation: str) -> int:
        """How many events are kept; 0 for a conversation that is not there."""
        with self.engine.connect() as connection:
            found = connection.execute(sa.select(CONVERSATIONS.c.events).where(CONVERSATIONS.c.id == conversation))
            return int(found.scalar() or 0)

    def rows(self, conversation: str) -> list[dict[str, Any]]:
        wanted = sa.select(EVENTS.c.data).where(EVENTS.c.conversation == conversation).order_by(EVENTS.c.number)
        with self.engine.connect() as connection:
            return [json.loads(data) for (data,) in connection.execute(wanted)]

    def append(
        self, conversation: str, start: int, rows: list[dict[str, Any]], answered: tuple[str, str] | None
    ) -> None:
        """Adds events behind the first `start`; `answered` is (message, said) of a message that came with an id."""
        with self.engine.begin() as connection:
            if rows:
                connection.execute(EVENTS.insert(), [
                    {"conversation": conversation, "number": start + n, "data": json.dumps(row, separators=(",", ":"))}
                    for n, row in enumerate(rows)
                ])  # fmt: skip
            _touch(connection, conversation, start + len(rows))
            if answered:
                connection.execute(ANSWERED.insert().values(
                    conversation=conversation, message=answered[0], said=answered[1]))  # fmt: skip

    def said_to(self, conversation: str, message: str) -> str | None:
        """What was said to a message that was heard before; None for a new one."""
        wanted = sa.select(ANSWERED.c.said).where(
            ANSWERED.c.conversation == conversation, ANSWERED.c.message == message
        )
        with self.engine.connect() as connection:
            return connection.execute(wanted).scalar()

    def end(self, conversation: str, finished: str | None) -> bool:
        """Forgets a conversation; what it leaves to the count (`written`) goes into the outbox in the same transaction.

        False where it was gone already: somebody else ended it, and counted it.
        """
        with self.engine.begin() as connection:
            gone = connection.execute(CONVERSATIONS.delete().where(CONVERSATIONS.c.id == conversation)).rowcount == 0
            for table, column in OWNED[:2]:
                connection.execute(table.delete().where(column == conversation))
            if finished is not None and not gone:
                connection.execute(OUTBOX.insert().values(nonce=secrets.token_hex(16), data=finished))
        return not gone

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

    def pseudonym(self, channel_id: str, today: date) -> str:
        """The id under which a resident's conversation is kept; one that was begun yesterday moves to today's key."""
        with self.engine.begin() as connection:
            keys = _day_keys(connection, today)
            names = [_name(channel_id, key) for key in keys]
            if len(names) > 1:
                _move(connection, names[1], names[0])
            return names[0]


def _touch(connection: Connection, conversation: str, events: int) -> None:
    now = time.time()
    row = CONVERSATIONS.update().where(CONVERSATIONS.c.id == conversation).values(last_turn=now, events=events)
    if connection.execute(row).rowcount == 0:
        connection.execute(CONVERSATIONS.insert().values(id=conversation, last_turn=now, events=events))


def _day_keys(connection: Connection, today: date) -> list[str]:
    """Today's key (made on the first need) and yesterday's, if there was one; older keys are deleted."""
    yesterday = today - timedelta(days=1)
    days = [today.isoformat(), yesterday.isoformat()]
    found: dict[str, str] = dict(connection.execute(sa.select(DAY_KEYS.c.day, DAY_KEYS.c.key)).all())
    if days[0] not in found:
        found[days[0]] = secrets.token_hex(32)
        connection.execute(DAY_KEYS.insert().values(day=days[0], key=found[days[0]]))
        connection.execute(DAY_KEYS.delete().where(DAY_KEYS.c.day.not_in(days)))
    return [found[day] for day in days if day in found]


def _name(channel_id: str, key: str) -> str:
    return blake2b(channel_id.encode(), key=bytes.fromhex(key), digest_size=20).hexdigest()


def _move(connection: Connection, old: str, new: str) -> None:
    for table, column in OWNED:
        connection.execute(table.update().where(column == old).values({column.name: new}))
