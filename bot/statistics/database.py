"""Opens the database of the statistics, SQLite or PostgreSQL, and brings its tables up to date."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import Connection, Engine, make_url

MIGRATIONS = Path(__file__).parent / "migrations"
PATIENCE = 10
"""Seconds to wait for a database that is busy or away, before the outbox keeps what was to be counted."""
MIGRATION_LOCK = 5_006_001
"""Number of the PostgreSQL lock that lets one process migrate at a time; any number that is ours alone."""


def open_database(url: str) -> Engine:
    """An engine on tables that are up to date; twice changes nothing. Raises OperationalError where it is away."""
    engine = _sqlite(url) if make_url(url).get_backend_name() == "sqlite" else _server(url)
    migrate(engine)
    return engine


def migrate(engine: Engine) -> None:
    """Runs the migrations that are still missing, all or none, one process at a time."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _server(url: str) -> Engine:
    return create_engine(
        url, future=True, hide_parameters=True, pool_pre_ping=True, connect_args={"connect_timeout": PATIENCE}
    )


def _sqlite(url: str) -> Engine:
    path = make_url(url).database
    if path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, future=True, hide_parameters=True, connect_args={"timeout": PATIENCE})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _: Any) -> None:
    connection.isolation_level = None  # Python's sqlite3 begins late and not for every statement; _begin does it itself
    connection.execute("PRAGMA secure_delete = ON")  # what is pruned is gone from the file too
    connection.execute("PRAGMA synchronous = FULL")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")  # two that read and then write would else stop each other
