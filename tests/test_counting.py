"""A finished conversation is counted once, though the database goes away, or the program is killed at any moment."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from sqlalchemy import text

from bot.engine.conversations import Conversations, open_engine
from bot.engine.expiry import Counting
from bot.model import FinishedConversation
from bot.paths import ROOT
from bot.settings import AMSTERDAM, Settings
from bot.statistics.counting import open_store, read, written
from bot.statistics.periods import middle_of, week_of
from bot.statistics.store import NotAnId
from tests.statistics_fixtures import conversation, empty, postgresql, postgresql_url, raw, stop

TALK = FinishedConversation(
    ended=datetime(2026, 11, 5, 14, 37, 52, tzinfo=AMSTERDAM),
    language="pl",
    channel="web",
    wijk="klarendal",
    topics=("geld",),
    drempels=(("schaamte", "heard"),),
)
CITY = ("conversations", "2026-W45", "", "")
EVENT = {"e": "slot", "t": 1.0, "k": "topics", "v": ["geld"]}


def settings_of(var: Path, url: str | None = None) -> Settings:
    return Settings({"DREMPELHULP_VAR": str(var)} | ({"DREMPELHULP_DATABASE_URL": url} if url else {}))


def conversations_of(settings: Settings) -> Conversations:
    return Conversations(open_engine(settings.tracker_url))


def finish(conversations: Conversations, name: str) -> None:
    """A conversation that was had, and is over."""
    conversations.append(name, 0, [EVENT], None)
    conversations.end(name, written(TALK))


@given(talk=conversation(("2026-W01", "2026-W53")))
def test_what_is_written_is_read_back_but_for_the_time_in_the_week(talk: FinishedConversation) -> None:
    assert read(written(talk)) == replace(talk, ended=middle_of(week_of(talk.ended)))


def test_what_waits_holds_ids_and_the_week_and_no_time() -> None:
    held = json.loads(written(TALK))
    assert held["ended"] == "2026-W45"
    assert "14:37" not in written(TALK)


def test_what_is_no_id_never_reaches_the_disk() -> None:
    with pytest.raises(NotAnId):
        written(replace(TALK, unmet=("geen plek voor mij",)))


def test_a_database_that_is_away_from_the_start_is_waited_for(tmp_path: Path) -> None:
    in_the_way = tmp_path / "statistics.db"
    in_the_way.mkdir()  # no database can be opened here
    settings = settings_of(tmp_path)
    conversations = conversations_of(settings)
    counting = Counting(settings, conversations)
    finish(conversations, "first")
    finish(conversations, "second")
    counting.prune(datetime(2026, 11, 6))
    assert len(conversations.outbox()) == 2
    in_the_way.rmdir()
    assert counting.deliver() == 2
    assert raw(open_store(settings))[CITY] == 2
    assert conversations.outbox() == []


def test_postgresql_goes_and_comes_back_and_every_conversation_is_counted_once(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, postgresql_url())
    store = empty(open_store(settings))
    conversations = conversations_of(settings)
    counting = Counting(settings, conversations)
    finish(conversations, "before")
    assert counting.deliver() == 1
    stop(postgresql())
    try:
        finish(conversations, "while it is away")
        assert counting.deliver() == 0
    finally:
        postgresql().ensure_postgres_running()
    assert counting.deliver() == 1
    finish(conversations, "after")
    assert counting.deliver() == 1
    assert raw(store)[CITY] == 3


def test_a_kill_between_the_count_and_the_outbox_does_not_count_twice(tmp_path: Path) -> None:
    class Killed(Exception):
        """What comes after the count does not happen."""

    class Dies(Conversations):
        def delivered(self, nonces: object) -> None:
            raise Killed

    settings = settings_of(tmp_path)
    conversations = conversations_of(settings)
    finish(conversations, "a")
    with pytest.raises(Killed):
        Counting(settings, Dies(conversations.engine)).deliver()
    assert len(conversations.outbox()) == 1
    Counting(settings, conversations).deliver()
    assert raw(open_store(settings))[CITY] == 1
    assert conversations.outbox() == []


def test_what_is_no_id_does_not_block_those_behind_it(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    conversations = conversations_of(settings)
    conversations.append("bad", 0, [EVENT], None)
    conversations.end("bad", json.dumps({**json.loads(written(TALK)), "wijk": "Straat 12, bij mij"}))
    finish(conversations, "good")
    assert Counting(settings, conversations).deliver() == 1
    assert conversations.outbox() == []


FINISHES_FOR_EVER = """
import sys
from itertools import count
from bot.engine.expiry import Counting
from bot.settings import Settings
from tests.test_counting import conversations_of, finish
settings, run = Settings(), sys.argv[1]
conversations = conversations_of(settings)
counting = Counting(settings, conversations)
for number in count():
    name = f"{run}-{number}"
    finish(conversations, name)
    print(name, flush=True)
    counting.deliver()
"""


def killed_while_counting(var: Path, run: int) -> list[str]:
    """Finishes and counts in a process of its own until it is killed; those of which it knew that they were over."""
    command = [sys.executable, "-c", FINISHES_FOR_EVER, str(run)]
    environment = {"DREMPELHULP_VAR": str(var), "PYTHONPATH": str(ROOT), "PATH": ""}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    assert process.stdout is not None
    first = process.stdout.readline()
    time.sleep(0.02 + 0.013 * run)
    process.send_signal(signal.SIGKILL)
    return (first + process.communicate()[0]).split()


def test_kill_9_at_any_moment_neither_loses_nor_doubles(tmp_path: Path) -> None:
    known = [name for run in range(5) for name in killed_while_counting(tmp_path, run)]
    settings = settings_of(tmp_path)
    conversations = conversations_of(settings)
    Counting(settings, conversations).deliver()
    store = open_store(settings)
    with store.engine.begin() as connection:
        counted = len(set(connection.execute(text("SELECT nonce FROM nonces")).scalars()))
    assert len(known) >= 5
    assert len(known) <= counted <= len(known) + 5, "at most one a kill was over without having said so"
    assert set(raw(store).values()) == {counted}
    assert conversations.outbox() == []
