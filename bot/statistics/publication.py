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

from bot.statistics.disclosure import LEAST, WITHHELD, Cell, Line, Sum, of_month, of_quarter
from bot.statistics.measures import MEASURE, MEASURES
from bot.statistics.periods import GRAINS, first_week, next_week, parts_of, period_of, week_of, weeks_until
from bot.statistics.schema import META, PUBLISHED
from bot.statistics.sides import with_room

if TYPE_CHECKING:
    from bot.statistics.store import Store

OPEN_FROM = "open_from"
"""In meta: the first week that is not published yet; empty before the first publication."""
EDITION = "edition"
"""In meta: another random word after each publication, by which a reader knows that what it has is still all there is."""
CITY = ""


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
        lines = of_month(_weeks(store, connection, period), lines)
    elif "wijk_topics" in lines:
        lines = _quarter(store, connection, period, lines)
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


def _shown(store: Store, connection: Connection, name: str, period: str) -> Line:
    """What was shown of a table and period whose counters are still there, and what can be known of it."""
    counts = store.counts(name, period, connection)
    line = published(connection, name, period)
    return {
        key: Cell.of(n) if n is not None else WITHHELD if counts.get(key, 0) >= LEAST else Cell.gated(0)
        for key, n in line.items()
    }


def _quarter(store: Store, connection: Connection, period: str, lines: dict[str, Line]) -> dict[str, Line]:
    months, leasts = parts_of(period), dict[tuple[str, str], float]()
    for base in ("topics", "drempels", "routes", "unmet"):
        names = [name for name in lines if name.endswith(f"_{base}")]
        shown = [_shown(store, connection, base, month) for month in months]
        ceilings = [_ceiling(store, connection, base, month) for month in months]
        for id_ in dict.fromkeys(id_ for name in names for _, id_ in lines[name]):
            cells = [month.get((CITY, id_), Cell.gated(0)) for month in shown]
            rows = [_row(lines[name], id_) for name in names]
            for name, row in zip(names, of_quarter(cells, ceilings, rows), strict=True):
                lines[name] |= row
                leasts[name, id_] = Sum.of(cells).low
    for by in ("wijk", "language"):
        for bases in (("routes", "unmet"), ("topics", "drempels", "routes", "unmet")):
            names = [name for base in bases if (name := f"{by}_{base}") in lines]
            own = {key: _row(lines[key[0]], key[1]) for key in leasts if key[0] in names}
            whole = sum(_ceiling(store, connection, bases[0], month) for month in months)
            for (name, _), row in with_room(own, leasts, whole).items():
                lines[name] |= row
    return lines


def _row(line: Line, id_: str) -> Line:
    """One id's cells of a table."""
    return {key: cell for key, cell in line.items() if key[1] == id_}


def _ceiling(store: Store, connection: Connection, base: str, month: str) -> float:
    """The most that a cell of a month's table can be, by the tables that are at least as much."""
    lines = [_shown(store, connection, name, month) for name in ("channels", "turns")[: 2 if base == "routes" else 1]]
    # A line that is hidden throughout may have been withheld, and bounds nothing.
    bounds = [line.values() for line in lines if any(cell.shown is not None for cell in line.values())]
    return min(Sum.of(cells).high for cells in (_weeks(store, connection, month), *bounds))


def _weeks(store: Store, connection: Connection, month: str) -> list[Cell]:
    return [cell for week in parts_of(month) for cell in _shown(store, connection, "conversations", week).values()]


def published(connection: Connection, name: str, period: str) -> dict[tuple[str, str], int | None]:
    """What was shown of one table and period."""
    columns = select(PUBLISHED.c.side, PUBLISHED.c.id, PUBLISHED.c.n)
    rows = connection.execute(columns.where(PUBLISHED.c.name == name, PUBLISHED.c.period == period))
    return {(row.side, row.id): row.n for row in rows}
