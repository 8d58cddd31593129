"""A real PostgreSQL for as long as it is needed: the one place where tests and measurements start theirs."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pgserver
from pgserver import PostgresServer

PROGRAMS = Path(pgserver.__file__).parent / "pginstall" / "bin"
"""Where pg_dump and pg_restore of the same version are."""


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """The server itself, to make databases in, to stop and to start.

    In a folder of its own: another pytest closes pytest's folder to PostgreSQL's user. It is gone with all that is in it
    afterwards, whatever has happened.
    """
    folder = Path(tempfile.mkdtemp(prefix="drempelhulp-postgres-"))
    try:
        server = pgserver.get_server(folder, cleanup_mode="stop")
        try:
            yield server
        finally:
            server.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def url_of(server: PostgresServer, database: str | None = None) -> str:
    """The address of one of its databases for SQLAlchemy; of `postgres` where none is named."""
    return str(server.get_uri(database)).replace("postgresql://", "postgresql+psycopg2://")


@contextmanager
def real_postgres() -> Iterator[str]:
    """The address of its one database, for SQLAlchemy."""
    with postgres_server() as server:
        yield url_of(server)
