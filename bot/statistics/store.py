"""The counters: a finished conversation is added to each of its tables once, and nothing of it stays together."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Engine

from bot.model import FinishedConversation
from bot.statistics.database import open_database
from bot.statistics.known import Known
from bot.statistics.measures import counted_in
from bot.statistics.periods import period_of, starts, week_of
from bot.statistics.publication import open_from, publish
from bot.statistics.schema import COUNTERS, META, NONCES

KEPT_MONTHS = 13
"""How long a counter is kept, by the contract; what is published of it stays."""
NONCE_DAYS = 2
"""A nonce is forgotten at the second midnight after its day: within 48 hours."""
FICTIONAL = "fictional"
"""In meta: there only in a demonstration."""
AN_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")

Counts = dict[tuple[str, str], int]
"""(wijk or language or nothing, id) -> number of conversations."""


class NotAnId(ValueError):
    """Something in a finished conversation is no id. It says which field, and never what stood there: words, maybe."""


def real_time() -> datetime:
    return datetime.now(timezone.utc)


@dataclass(frozen=True)
class Store:
    """The statistics in one database. `clock` is real time, for nonces expire by it whatever DREMPELHULP_NOW says."""

    engine: Engine
    known: Known
    clock: Callable[[], datetime] = real_time
    read: dict[Any, Any] = field(default_factory=dict, init=False, compare=False, repr=False)
    """What was read last of what is published, by its edition: bot/statistics/tables.py."""

    @classmethod
    def open(cls, url: str, known: Known, clock: Callable[[], datetime] = real_time) -> Store:
        """The store at a SQLAlchemy URL, its tables up to date. Raises OperationalError where the database is away."""
        return cls(open_database(url), known, clock)

    def count(self, conversation: FinishedConversation, nonce: str) -> bool:
        """Adds the conversation to its tables, all or none. False, and nothing changes, for a nonce that was counted.

        A conversation that comes in after its week was published counts in the first week that is still open, in every
        table alike: what was shown never shifts, and nothing is lost.
        """
        check_ids(conversation)
        with self.engine.begin() as connection:
            if not self._is_new(connection, nonce):
                return False
            week = max(week_of(conversation.ended), open_from(connection))
            for measure in counted_in(conversation):
                period = period_of(week, measure.grain)
                keys = sorted(measure.keys(conversation))  # one order for all: two counts never wait for each other
                rows = [{"period": period, "side": side, "id": id_, "n": 1} for side, id_ in keys]
                if rows:
                    self._add(connection, measure.name, rows)
        return True

    def counts(self, name: str, period: str, connection: Connection) -> Counts:
        """The raw counters of one table and period. Nothing of this leaves the program but through disclosure.py."""
        table = COUNTERS[name]
        rows = connection.execute(select(table.c.side, table.c.id, table.c.n).where(table.c.period == period))
        return {(row.side, row.id): row.n for row in rows}

    def first_year(self, connection: Connection) -> str | None:
        """The first year with a counter in it, None where there is none."""
        firsts = (connection.execute(select(func.min(table.c.period))).scalar() for table in COUNTERS.values())
        return min((first[:4] for first in firsts if first), default=None)

    def prune(self, now: datetime) -> None:
        """Drops counters that reach back further than 13 months, after publishing them, and nonces of 48 hours ago."""
        publish(self, now)
        limit = months_before(now.date(), KEPT_MONTHS)
        with self.engine.begin() as connection:
            for table in COUNTERS.values():
                periods = connection.execute(select(table.c.period).distinct()).scalars().all()
                old = [period for period in periods if starts(period) <= limit]
                connection.execute(delete(table).where(table.c.period.in_(old)))
            before = self.clock().date() - timedelta(days=NONCE_DAYS)
            connection.execute(delete(NONCES).where(NONCES.c.day <= before))

    def mark_fictional(self) -> None:
        """Says of the whole store that nothing in it was ever said by a resident."""
        with self.engine.begin() as connection:
            connection.execute(self.insert(META).values(key=FICTIONAL, value="1").on_conflict_do_nothing())

    def is_fictional(self) -> bool:
        with self.engine.begin() as connection:
            return connection.execute(select(META.c.key).where(META.c.key == FICTIONAL)).first() is not None

    def insert(self, table: Any) -> Any:
        """An INSERT that knows ON CONFLICT, in the words of this database."""
        return (postgresql if self.engine.dialect.name == "postgresql" else sqlite).insert(table)

    def _is_new(self, connection: Connection, nonce: str) -> bool:
        row = self.insert(NONCES).values(nonce=nonce, day=self.clock().date()).on_conflict_do_nothing()
        return bool(connection.execute(row).rowcount == 1)

    def _add(self, connection: Connection, name: str, rows: list[dict[str, Any]]) -> None:
        table = COUNTERS[name]
        key = [table.c.period, table.c.side, table.c.id]
        connection.execute(
            self.insert(table).on_conflict_do_update(index_elements=key, set_={"n": table.c.n + 1}), rows
        )


def check_ids(conversation: FinishedConversation) -> None:
    """Raises NotAnId unless all that a conversation leaves is ids, as the contract promises."""
    fields: dict[str, tuple[str | None, ...]] = {
        "language": (conversation.language,),
        "channel": (conversation.channel,),
        "wijk": (conversation.wijk,),
        "topics": conversation.topics,
        "drempels": tuple(id_ or None for pair in conversation.drempels for id_ in pair),
        "routes": conversation.routes,
        "unmet": conversation.unmet,
        "outcome": (conversation.outcome,),
        "crisis": conversation.crisis,
    }
    wrong = [name for name, ids in fields.items() if any(id_ is not None and not AN_ID.fullmatch(id_) for id_ in ids)]
    if wrong:
        expected = "expected ids of data/taxonomy.yml or of the municipality's folder: lower case, digits, - and _"
        raise NotAnId(f"a finished conversation holds something else than an id in {', '.join(wrong)}; {expected}")


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    first_after = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + timedelta(days=day.day - 1), first_after - timedelta(days=1))
