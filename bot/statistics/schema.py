"""The tables of the statistics store: one of counters for each published table, and three of housekeeping.

migrations/ makes them in the database; this says the same to SQLAlchemy, and tests/test_statistics_store.py holds the
two together. None has a column that could join it to another, and none keeps the order of its rows: SQLite's hidden row
number is left out.
"""

from __future__ import annotations

from sqlalchemy import Column, Date, Integer, MetaData, String, Table

from bot.statistics.measures import MEASURES

METADATA = MetaData()


def _table(name: str, *columns: Column) -> Table:
    return Table(name, METADATA, *columns, sqlite_with_rowid=False)


def _counter(name: str) -> Table:
    return _table(
        f"count_{name}",
        Column("period", String(8), primary_key=True),
        Column("side", String(64), primary_key=True),  # the wijk or the language, empty in tables of the whole city
        Column("id", String(64), primary_key=True),
        Column("n", Integer, nullable=False),
    )


COUNTERS = {measure.name: _counter(measure.name) for measure in MEASURES}

PUBLISHED = _table(
    "published",  # frozen: what was once shown of a period that is over, rounded; n is NULL where it is hidden
    Column("name", String(32), primary_key=True),
    Column("period", String(8), primary_key=True),
    Column("side", String(64), primary_key=True),
    Column("id", String(64), primary_key=True),
    Column("n", Integer),
)
NONCES = _table(
    "nonces",  # deliveries that were counted; a day is as much as forgetting them in time needs
    Column("nonce", String(64), primary_key=True),
    Column("day", Date, nullable=False),
)
META = _table("meta", Column("key", String(32), primary_key=True), Column("value", String(64), nullable=False))
