"""What a resident typed is nowhere: not in a file, not in a database, not in a log. Searched for, byte by byte."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.conftest import ROOT, start_site

SECRETS = (
    "Zwaanhildis Quackelbeen",
    "NL91ABNA0417164300",
    "999994542",
    "zwaanhildis@quackelbeen.example",
    "0687654321",
    "6822XQ",
    "Kwakkelstraat 1234",
)
MESSAGES = (
    f"ik ben {SECRETS[0]} en ik heb schulden, mijn iban is {SECRETS[1]}",
    f"mijn bsn is {SECRETS[2]} en mail {SECRETS[3]}",
    f"bel me op {SECRETS[4]}, ik woon op {SECRETS[6]}, {SECRETS[5]}",
    f"ik wil niet meer leven, {SECRETS[0]}",
    "ja",
)


def everything_under(folder: Path) -> bytes:
    parts = [path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file() and "models" not in path.parts]
    assert parts, "an empty search proves nothing"
    return b"\n".join(parts)


def folded(secret: str) -> list[bytes]:
    return [secret.encode(), secret.lower().encode(), secret.encode("utf-16-le"), secret.split()[0].encode()]


@pytest.fixture(scope="module")
def after_a_talk(model: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a server after talks that succeed, fail, are erased and are cut off by a crash."""
    site = start_site(tmp_path_factory.mktemp("privacy"))
    with httpx.Client(base_url=site.url, timeout=20) as http:
        for last in ("stop", "wissen", "dag"):
            session = http.post("/webhooks/web/session", json={}).json()["session"]
            for number, text in enumerate((*MESSAGES, last)):
                answer = http.post(
                    "/webhooks/web/message", json={"session": session, "message": text, "id": f"{text}{number}"}
                )
                assert answer.status_code == 200
        http.post("/webhooks/web/message", content=f"{{broken {SECRETS[0]}".encode())
        http.get(f"/{SECRETS[0]}?q={SECRETS[1]}")
    site.process.kill()
    site.process.wait(10)
    return site.var


@pytest.mark.parametrize("secret", SECRETS)
def test_nothing_that_was_typed_is_on_disk_or_in_a_log(after_a_talk: Path, secret: str) -> None:
    found = everything_under(after_a_talk)
    for form in folded(secret):
        assert form not in found


def test_the_search_finds_what_is_there(after_a_talk: Path) -> None:
    """A control: the ids that are kept are found by the same search."""
    assert b"hulp_geld" in everything_under(after_a_talk)


def test_the_store_holds_ids_only(after_a_talk: Path) -> None:
    with sqlite3.connect(after_a_talk / "conversations.db") as database:
        rows = database.execute("select data from events").fetchall()
    assert rows
    assert not any('"text"' in row[0] for row in rows)


def test_expire_ends_what_is_over_and_counts_it_once(after_a_talk: Path) -> None:
    import os

    environ = {**os.environ, "DREMPELHULP_VAR": str(after_a_talk), "DREMPELHULP_CONVERSATION_HOURS": "0"}
    time.sleep(0.1)
    run = [sys.executable, "-m", "bot", "expire"]
    first = subprocess.run(run, cwd=ROOT, env=environ, capture_output=True, text=True, check=True)
    again = subprocess.run(run, cwd=ROOT, env=environ, capture_output=True, text=True, check=True)
    assert first.stdout.startswith("1 ended"), first.stdout
    assert again.stdout.strip() == "0 ended, 0 counted"
    with sqlite3.connect(after_a_talk / "conversations.db") as database:
        for table in ("events", "conversations", "outbox", "answered"):
            assert database.execute(f"select count(*) from {table}").fetchone() == (0,), table
