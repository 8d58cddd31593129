"""A real PostgreSQL for the tests of one file."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pgserver


@contextmanager
def real_postgres() -> Iterator[str]:
    """Its address, for SQLAlchemy. In a folder of its own: another pytest closes pytest's folder to PostgreSQL's user."""
    folder = Path(tempfile.mkdtemp(prefix="drempelhulp-postgres-"))
    server = pgserver.get_server(folder, cleanup_mode="stop")
    try:
        yield str(server.get_uri()).replace("postgresql://", "postgresql+psycopg2://")
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
