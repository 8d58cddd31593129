"""What was shown before: of a table and period, and what anybody can know of it by that alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.engine import Connection

from bot.statistics.disclosure import LEAST, WITHHELD, Cell, Line
from bot.statistics.periods import parts_of
from bot.statistics.schema import PUBLISHED

if TYPE_CHECKING:
    from bot.statistics.store import Store


def published(connection: Connection, name: str, period: str) -> dict[tuple[str, str], int | None]:
    """What was shown of one table and period."""
    columns = select(PUBLISHED.c.side, PUBLISHED.c.id, PUBLISHED.c.n)
    rows = connection.execute(columns.where(PUBLISHED.c.name == name, PUBLISHED.c.period == period))
    return {(row.side, row.id): row.n for row in rows}


def shown(store: Store, connection: Connection, name: str, period: str) -> Line:
    """What was shown of a table and period whose counters are still there, and what can be known of it."""
    counts = store.counts(name, period, connection)
    line = published(connection, name, period)
    return {
        key: Cell.of(n) if n is not None else WITHHELD if counts.get(key, 0) >= LEAST else Cell.gated(0)
        for key, n in line.items()
    }


def weeks(store: Store, connection: Connection, month: str) -> list[Cell]:
    """The weeks of a month."""
    return [cell for week in parts_of(month) for cell in shown(store, connection, "conversations", week).values()]
