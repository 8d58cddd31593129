"""Publishes a period when it is over, once: what was shown of it is kept and never worked out again.

Weeks are taken in their order, each with the month, quarter and year that it closes, so that it makes no difference how
often anybody looks.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select, update
from sqlalchemy.engine import Connection

from bot.statistics.disclosure import LEAST, Cell, Line, of_month
from bot.statistics.measures import MEASURE, MEASURES
from bot.statistics.periods import GRAINS, first_week, next_week, period_of, week_of, weeks_until
from bot.statistics.quarter import of_sides
from bot.statistics.released import weeks
from bot.statistics.schema import META, PUBLISHED

if TYPE_CHECKING:
    from bot.statistics.store import Store

OPEN_FROM = "open_from"
"""In meta: the first week that is not published yet; empty before the first publication."""
EDITION = "edition"
"""In meta: another random word after each publication, by which a reader knows that what it has is still all there is."""


def publish(store: Store, moment: datetime) -> None:
    """Freezes every period that is over and is not frozen yet. The rows begin with the first year that has a count."""
    current = week_of(moment)
    with store.engine.begin() as connection:
        first = open_from(connection, shared=False)
        if not first:
            year = store.first_year(connection)
            first = first_week(year) if year else ""
        if not first or first >= current:
            return
        for week in weeks_until(first, current):
            for period in closed_by(week):
                _freeze(store, connection, period)
        connection.execute(update(META).where(META.c.key == OPEN_FROM).values(value=current))
        edition = {"key": EDITION, "value": secrets.token_hex(16)}
        insert = store.insert(META).values(edition)
        connection.execute(insert.on_conflict_do_update(index_elements=[META.c.key], set_={"value": edition["value"]}))


def edition_of(connection: Connection) -> str | None:
    """None before the first publication."""
    word: str | None = connection.execute(select(META.c.value).where(META.c.key == EDITION)).scalar()
    return word


def open_from(connection: Connection, shared: bool = True) -> str:
    """The first week that is not published yet. The row stays locked: many may count at a time, or one may publish."""
    row = select(META.c.value).where(META.c.key == OPEN_FROM).with_for_update(read=shared)
    return str(connection.execute(row).scalar_one())


def closed_by(week: str) -> Iterator[str]:
    """The periods that are over with this week, the finest first."""
    following = next_week(week)
    for grain in GRAINS:
        period = period_of(week, grain)
        if period != period_of(following, grain):
            yield period


def _freeze(store: Store, connection: Connection, period: str) -> None:
    names = [measure.name for measure in MEASURES if period_of(first_week(period), measure.grain) == period]
    lines = {name: _gated(store, connection, name, period) for name in names}
    if "topics" in lines:
        lines = of_month(weeks(store, connection, period), lines)
    elif "wijk_topics" in lines:
        lines = of_sides(store, connection, period, lines)
    rows = [
        {"name": name, "period": period, "side": side, "id": id_, "n": cell.shown}
        for name, line in lines.items()
        for (side, id_), cell in line.items()
    ]
    connection.execute(PUBLISHED.insert(), rows)


def _gated(store: Store, connection: Connection, name: str, period: str) -> Line:
    """A table's cells, each gated by itself: the known ones, and of the others those that may be shown."""
    counts = store.counts(name, period, connection)
    line = {key: Cell.gated(counts.get(key, 0)) for key in store.known.keys(MEASURE[name])}
    return line | {key: Cell.gated(n) for key, n in counts.items() if n >= LEAST}
