"""The lines of docs/running.md by which statistics are kept and put back, run as they stand there while a server runs."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa
from pgserver import PostgresServer

from tests.conftest import ROOT, Site, start_site
from tests.postgres import PROGRAMS, postgres_server, url_of

PAGE = (ROOT / "docs" / "running.md").read_text(encoding="utf-8").split("## Back-up and restore")[1]
COUNTED = "select coalesce(sum(n), 0) from count_conversations"


def lines_with(word: str) -> list[str]:
    """The commands of the page that name this, the back-up first."""
    blocks = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
    return [line.rsplit("  #", 1)[0] for block in blocks for line in block.splitlines() if word in line]


def run(command: str, here: Path, **environ: str) -> None:
    """In the folder where `var` is, with the machine's own places for the ones of the page."""
    python = command.replace(".venv/bin/python", sys.executable).replace("/backup/", f"{here}/backup/")
    done = subprocess.run(
        python, shell=True, cwd=here, env={**os.environ, **environ}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def finish(site: Site, many: int) -> None:
    """So many conversations that are over, and counted."""
    for _ in range(many):
        begun = httpx.post(f"{site.url}/webhooks/web/session", json={"language": "nl"}, timeout=30).json()
        for text in ("ik heb schulden", "stop"):
            said = {"session": begun["session"], "message": text}
            assert httpx.post(f"{site.url}/webhooks/web/message", json=said, timeout=30).status_code == 200


def count(var: Path, **settings: str) -> None:
    environ = {**os.environ, **{f"DREMPELHULP_{name}": value for name, value in {"VAR": str(var), **settings}.items()}}
    subprocess.run([sys.executable, "-m", "bot", "expire"], cwd=ROOT, env=environ, check=True, capture_output=True)


@pytest.fixture
def here(tmp_path: Path) -> Path:
    (tmp_path / "backup").mkdir()
    return tmp_path


def test_the_files_of_sqlite_are_kept_and_put_back(model: Path, here: Path) -> None:
    keep, put_back = lines_with("statistics.db")
    site = start_site(here / "var")
    try:
        finish(site, 3)
        count(site.var)
        run(keep, here)
        with sqlite3.connect(here / "var" / "statistics.db") as database:
            database.execute("update count_conversations set n = n + 7")
    finally:
        site.stop()
    run(put_back, here)
    assert counted_in(here / "var" / "statistics.db") == 3


def counted_in(path: Path) -> int:
    with sqlite3.connect(path) as database:
        return int(database.execute(COUNTED).fetchone()[0])


@pytest.fixture
def postgres() -> Iterator[PostgresServer]:
    with postgres_server() as server:
        yield server


def test_the_tables_of_postgresql_are_kept_and_put_back_and_no_conversation_is_in_the_copy(
    model: Path, here: Path, postgres: PostgresServer
) -> None:
    keep, put_back = lines_with("statistics.dump")
    postgres.psql("create database statistics;")
    postgres.psql("create database conversations;")
    urls = {name: url_of(postgres, name) for name in ("statistics", "conversations")}
    settings = {
        "DATABASE_URL": urls["statistics"],
        "TRACKER_URL": urls["conversations"],
        "SECRET_KEY": "of the back-up",
    }
    own = {"STATISTICS": postgres.get_uri("statistics"), "PATH": f"{PROGRAMS}:{os.environ['PATH']}"}
    site = start_site(here / "var", **settings)
    try:
        finish(site, 3)
        httpx.post(f"{site.url}/webhooks/web/session", json={"language": "tr"}, timeout=30)  # one who still talks
        count(site.var, **settings)
        run(keep, here, **own)
        postgres.psql("\\c statistics\nupdate count_conversations set n = n + 7;")
    finally:
        site.stop()
    run(put_back, here, **own)
    with sa.create_engine(urls["statistics"]).connect() as connection:
        assert connection.exec_driver_sql(COUNTED).scalar() == 3
    listed = subprocess.run(
        [str(PROGRAMS / "pg_restore"), "--list", str(here / "backup" / "statistics.dump")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "count_conversations" in listed.stdout and "events" not in listed.stdout and "day_keys" not in listed.stdout
