"""Takes what was deleted out of the database's files: a deleted row stays readable there until its place is written over."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError

PATIENCE = 2
"""Seconds that PostgreSQL waits for those who are at work in a table."""


def write_back(engine: Engine) -> bool:
    """Writes SQLite's log of changes back and cuts it to nothing; what the log holds is on the disk for good then.

    False where that cannot be now. SQLite itself overwrites deleted rows in the database (`secure_delete`).
    """
    if engine.dialect.name != "sqlite":
        return False
    try:
        with engine.connect() as connection:
            busy, _, _ = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
            return not busy
    except OperationalError:  # a full disk: what was to be done before this is done, and stays so
        return False


def write_anew(engine: Engine, tables: Iterable[str]) -> bool:
    """Writes PostgreSQL's tables anew without their dead rows; they are small, for they hold what runs now. False: not now."""
    try:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(f"SET lock_timeout = '{PATIENCE}s'")
            connection.exec_driver_sql("SET statement_timeout = 0")
            for table in tables:
                connection.exec_driver_sql(f"VACUUM FULL {table}")
            connection.exec_driver_sql("RESET lock_timeout")
            connection.exec_driver_sql("RESET statement_timeout")
            return True
    except OperationalError:  # somebody is at work in it
        return False
