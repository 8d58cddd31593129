"""The inbox of messages that were understood and wait to be answered: on disk beside the conversations, ids only.

A row goes from `waiting` to `sending` to `done`. It is `sending` from just before the answer leaves until Meta has confirmed it:
what a crash leaves there may have been answered, and is not answered again; only a danger is: rather twice than never.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Engine

from bot.channels.whatsapp.hearing import is_danger
from bot.channels.whatsapp.waiting import DAY, Waiting
from bot.engine.scrubbing import write_back
from bot.engine.tables import METADATA

REPEATED_FOR = 8 * DAY
"""Seconds that ids are kept: Meta repeats what it is not sure of for seven days."""
WAITING, SENDING, DONE = "waiting", "sending", "done"
INBOX = sa.Table(
    "whatsapp_inbox", METADATA,
    sa.Column("message", sa.String(40), primary_key=True),
    sa.Column("number", sa.Integer, nullable=False, index=True),
    sa.Column("sent", sa.Float, nullable=False, index=True),
    sa.Column("state", sa.String(8), nullable=False, index=True),
    sa.Column("understanding", sa.Text),
    sa.Column("address", sa.Text),
)  # fmt: skip
NOTHING = {"understanding": None, "address": None}


class Inbox:
    """The durable queue. Every method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        INBOX.create(engine, checkfirst=True)

    def new(self, messages: Iterable[str]) -> set[str]:
        """Those of the messages that were never seen."""
        wanted = set(messages)
        with self._engine.connect() as connection:
            known = connection.execute(sa.select(INBOX.c.message).where(INBOX.c.message.in_(wanted))).scalars()
            return wanted - set(known)

    def take(self, rows: list[Waiting]) -> list[Waiting]:
        """Keeps the rows; those that were not there yet. Another process may be faster: then it answers, not we."""
        with self._engine.begin() as connection:
            last = connection.execute(sa.select(sa.func.max(INBOX.c.number))).scalar() or 0
            return [row for place, row in enumerate(rows, last + 1) if _insert(connection, row, place)]

    def waiting(self) -> list[Waiting]:
        """What waits, oldest first; what a crash left half sent is closed, or waits again where somebody is in danger."""
        half = INBOX.c.state == SENDING
        with self._engine.begin() as connection:
            for row in connection.execute(sa.select(INBOX.c.message, INBOX.c.understanding).where(half)).all():
                if is_danger(json.loads(row.understanding)):
                    connection.execute(INBOX.update().where(INBOX.c.message == row.message).values(state=WAITING))
            connection.execute(INBOX.update().where(half).values(state=DONE, **NOTHING))
            found = sa.select(INBOX).where(INBOX.c.state == WAITING).order_by(INBOX.c.sent, INBOX.c.number)
            return [Waiting(r.message, r.sent, r.understanding, r.address) for r in connection.execute(found)]

    def sending(self, message: str) -> None:
        self._change(message, state=SENDING)

    def back(self, message: str) -> None:
        """It was refused, so it certainly did not arrive, and waits again."""
        self._change(message, state=WAITING)

    def done(self, message: str) -> None:
        """It was answered, or nobody can answer it any more. Its id stays, all else goes."""
        self._change(message, state=DONE, **NOTHING)

    def forget(self, now: float) -> None:
        """Drops ids that Meta no longer repeats, and all but the id of what nobody may answer any more."""
        with self._engine.begin() as connection:
            connection.execute(INBOX.delete().where(INBOX.c.sent < now - REPEATED_FOR))
            late = INBOX.update().where(INBOX.c.sent < now - DAY, INBOX.c.state != DONE)
            connection.execute(late.values(state=DONE, **NOTHING))
        write_back(self._engine)

    def _change(self, message: str, **values: str | None) -> None:
        with self._engine.begin() as connection:
            connection.execute(INBOX.update().where(INBOX.c.message == message).values(**values))


def _insert(connection: Connection, row: Waiting, number: int) -> bool:
    """Whether the row was new."""
    insert = (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(INBOX)
    values = {"number": number, "sent": row.sent, "state": WAITING, "understanding": row.understanding}
    new = insert.values(message=row.message, address=row.address, **values).on_conflict_do_nothing()
    return bool(connection.execute(new).rowcount)
