"""What a turn leaves: its events, its conversation's version, what was said to its message; all of it or nothing.

SQLite is in the process: one statement after the other. PostgreSQL is a way off: there all is one statement, with its commit.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.sql import ClauseElement

from bot.engine.prepared import Prepared, Step
from bot.engine.tables import ANSWERED, CONVERSATIONS, EVENTS


@dataclass(frozen=True)
class TurnRows:
    """`start`: how many events are kept before it. `data`: its own, as JSON; None without any. `answered`: (message, said)."""

    conversation: str
    start: int
    length: int
    now: float
    data: str | None
    answered: tuple[str, str] | None

    def values(self) -> dict[str, Any]:
        message, said = self.answered or (None, None)
        return {**vars(self), "message": message, "said": said}

    @property
    def shape(self) -> tuple[bool, bool, bool]:
        return self.start == 0, self.data is not None, self.answered is not None


class Writing:
    """How turns are written into the database of one dialect."""

    def __init__(self, dialect: Dialect) -> None:
        self._steps = lru_cache(lambda *shape: [Prepared.of(one, dialect) for one in _statements(dialect, *shape)])

    def steps(self, turn: TurnRows) -> list[Step]:
        """Of one transaction; the first writes no row where the conversation is not as the turn found it."""
        values = turn.values()
        return [(step, values) for step in self._steps(*turn.shape)]


def _statements(dialect: Dialect, first: bool, events: bool, answered: bool) -> list[ClauseElement]:
    """In the order in which they run; the first tells by its count of rows whether the conversation was as expected."""
    head = _begun() if first else _touched()
    tables = [table for table, wanted in ((ANSWERED, answered), (EVENTS, events)) if wanted]
    if dialect.name != "postgresql":
        return [head, *(table.insert().values(_columns(table)) for table in tables)]
    if not tables:
        return [head]
    turn = head.returning(CONVERSATIONS.c.id).cte("turn")
    parts = [_behind(turn, table) for table in tables]
    for part in parts[:-1]:
        parts[-1] = parts[-1].add_cte(part.cte("beside"))
    return [parts[-1]]


def _begun() -> sa.sql.Insert:
    return CONVERSATIONS.insert().values(
        id=sa.bindparam("conversation"), last_turn=sa.bindparam("now"), events=sa.bindparam("length")
    )


def _touched() -> sa.sql.Update:
    known = CONVERSATIONS.c
    unchanged = (known.id == sa.bindparam("conversation")) & (known.events == sa.bindparam("start"))
    return (
        CONVERSATIONS.update()
        .where(unchanged)
        .values({"last_turn": sa.bindparam("now"), "events": sa.bindparam("length")})
    )


def _columns(table: sa.Table) -> dict[str, Any]:
    names = {"number": "start"}
    return {column.name: sa.bindparam(names.get(column.name, column.name)) for column in table.columns}


def _behind(turn: Any, table: sa.Table) -> sa.sql.Insert:
    """An insert that happens only where the conversation's own row was written."""
    columns = _columns(table)
    own = {**columns, "conversation": turn.c.id}
    return table.insert().from_select(list(own), sa.select(*own.values()), include_defaults=False)
