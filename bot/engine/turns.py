"""What a turn asks of the conversations on disk, as statements, and what the answers mean; of whoever puts them to a database."""

from __future__ import annotations

import json
import time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import Dialect

from bot.engine.prepared import Prepared, Step
from bot.engine.tables import ANSWERED, CONVERSATIONS
from bot.engine.turn_rows import TurnRows, Writing

Version = tuple[int, float]
"""What tells whether somebody else has written since: (events, last turn in seconds since 1970)."""
NOTHING_KEPT: Version = (0, 0.0)


class WrittenMeanwhile(Exception):
    """Two processes took a turn of one conversation at once; the lock store was away."""


class Turns:
    """The statements of one dialect, each written once."""

    def __init__(self, dialect: Dialect) -> None:
        self._writing = Writing(dialect)
        known, heard = CONVERSATIONS.c, ANSWERED.c
        of_message = (heard.conversation == sa.bindparam("wanted")) & (heard.message == sa.bindparam("heard"))
        version = sa.select(known.events, known.last_turn).where(known.id == sa.bindparam("wanted"))
        self._version = Prepared.of(version, dialect)
        self._said = Prepared.of(sa.select(heard.said).where(of_message), dialect)

    def version(self, conversation: str) -> Step:
        return self._version, {"wanted": conversation}

    def said_to(self, conversation: str, message: str) -> Step:
        return self._said, {"wanted": conversation, "heard": message}

    def append(
        self, conversation: str, start: int, rows: list[dict[str, Any]], answered: tuple[str, str] | None
    ) -> tuple[Version, list[Step]]:
        """The version afterwards, and the steps of one transaction. `answered`: as in `Conversations.append`."""
        version = (start + len(rows), time.time())
        data = json.dumps(rows, separators=(",", ":")) if rows else None
        return version, self._writing.steps(TurnRows(conversation, start, *version, data, answered))


def version_in(row: tuple[Any, ...] | None) -> Version:
    """NOTHING_KEPT where the conversation is not there."""
    return (row[0], row[1]) if row else NOTHING_KEPT


def said_in(row: tuple[Any, ...] | None) -> str | None:
    """What was said to a message that was heard before; None for a new one."""
    return str(row[0]) if row else None


def must_be_written(done: bool) -> None:
    """Raises WrittenMeanwhile where the first step of `append` found another conversation than it expected."""
    if not done:
        raise WrittenMeanwhile("a conversation was written or ended by another process during this turn; say it again")
