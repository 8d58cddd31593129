"""The tables of the running conversations, and an engine that has them: ids and small numbers, never a word."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine, make_url

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

PATIENCE = 3
"""Seconds that a turn waits for its database; then its resident is told a number to call."""
POSTGRES = {
    "connect_timeout": PATIENCE,
    "tcp_user_timeout": PATIENCE * 1000,
    "options": f"-c statement_timeout={PATIENCE}s -c idle_in_transaction_session_timeout=60s",
}
"""What libpq is told. A database behind PgBouncer needs `ignore_startup_parameters = options` there, and the limit of a statement
by `ALTER ROLE … SET statement_timeout = '3s'`: without it a turn may be written after its resident was told a number."""


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
