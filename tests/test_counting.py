"""A finished conversation is counted once, though the database goes away, or the program is killed at any moment."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from sqlalchemy import event, text

from bot.engine.conversations import Conversations
from bot.engine.expiry import Counting, expire
from bot.engine.tables import open_engine
from bot.model import FinishedConversation
from bot.paths import ROOT
from bot.settings import AMSTERDAM, Settings
from bot.statistics.counting import open_store, read, written
from bot.statistics.periods import middle_of, week_of
from bot.statistics.store import NotAnId
from tests.statistics_fixtures import conversation, empty, postgresql, postgresql_url, raw, stop, tally

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


def test_a_full_disk_under_the_statistics_is_waited_for(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    conversations = conversations_of(settings)
    finish(conversations, "first")
    counting = Counting(settings, conversations)
    assert counting.deliver() == 1
    full = counting.store.engine
    with full.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()

    def no_more(connection: Any, _: Any) -> None:
        connection.execute(f"PRAGMA max_page_count = {pages}")

    event.listen(full, "connect", no_more)
    talks = [
        replace(TALK, ended=datetime(2020 + n // 50, 1, 1) + timedelta(weeks=n % 50), wijk=f"w-{n}") for n in range(120)
    ]
    for number, talk in enumerate(talks):
        conversations.append(f"t-{number}", 0, [EVENT], None)
        conversations.end(f"t-{number}", written(talk))
    assert counting.deliver() < 120
    assert conversations.outbox(), "the disk must be full, else this proves nothing"
    event.remove(full, "connect", no_more)
    counting.deliver()
    assert raw(open_store(settings)) == tally([TALK, *talks])
    assert conversations.outbox() == []


FILLS_ITS_DISK = """
import resource, signal, sys
from itertools import count
from sqlalchemy.exc import OperationalError
from bot.engine.expiry import Counting
from bot.settings import Settings
from tests.test_counting import conversations_of, finish
settings = Settings()
conversations = conversations_of(settings)
counting = Counting(settings, conversations)
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
size = (settings.var / "conversations.db").stat().st_size + int(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
try:
    for number in count():
        finish(conversations, f"t-{number}")
        print(number, flush=True)
except OperationalError:
    print("full", flush=True)
"""


@pytest.mark.parametrize("room", [5_000, 30_000, 61_000])
def test_a_full_disk_under_the_conversations_neither_loses_nor_doubles(tmp_path: Path, room: int) -> None:
    settings = settings_of(tmp_path)
    open_store(settings)
    environment = {"DREMPELHULP_VAR": str(tmp_path), "PYTHONPATH": str(ROOT), "PATH": ""}
    command = [sys.executable, "-c", FILLS_ITS_DISK, str(room)]
    ran = subprocess.run(command, capture_output=True, text=True, env=environment, check=True)
    *ended, last = ran.stdout.split()
    assert last == "full"
    conversations = conversations_of(settings)
    running = conversations.overdue(float("inf"))
    assert len(running) <= 1, "the one that could not be ended is there still"
    assert expire(conversations, -1, settings.moment()) == len(running)
    Counting(settings, conversations).deliver()
    counted = {key: n for key, n in raw(open_store(settings)).items() if key[0] == "conversations"}
    assert sum(counted.values()) == len(ended) + len(running)
    assert conversations.outbox() == []


def test_one_conversation_that_holds_what_is_no_id_does_not_keep_the_others_from_their_end(tmp_path: Path) -> None:
    conversations = conversations_of(settings_of(tmp_path))
    conversations.append("bad", 0, [{**EVENT, "v": ["Straat 12, bij mij"]}], None)
    conversations.append("good", 0, [EVENT], None)
    assert expire(conversations, -1, datetime(2026, 11, 5)) == 2
    assert sorted(read(data).topics for _, data in conversations.outbox()) == [(), ("geld",)]


def test_one_conversation_that_cannot_be_read_does_not_keep_the_others_from_their_end(tmp_path: Path) -> None:
    conversations = conversations_of(settings_of(tmp_path))
    for name in ("a", "bad", "c"):
        conversations.append(name, 0, [EVENT], None)
    with conversations.engine.begin() as connection:
        connection.exec_driver_sql('UPDATE events SET data = \'[{"e": "slot", "k\' WHERE conversation = \'bad\'')
    assert expire(conversations, -1, datetime(2026, 11, 5)) == 3
    assert sorted(read(data).topics for _, data in conversations.outbox()) == [(), ("geld",), ("geld",)]


def test_who_talks_again_while_expiry_looks_is_not_ended(tmp_path: Path) -> None:
    conversations = conversations_of(settings_of(tmp_path))
    conversations.append("a", 0, [EVENT], None)
    before = time.time()
    conversations.append("a", 1, [EVENT], None)
    assert not conversations.end("a", written(TALK), quiet_since=before)
    assert conversations.length("a") == 2 and conversations.outbox() == []


def test_a_nonce_lives_48_hours_at_most_though_the_fixed_moment_stands_still(tmp_path: Path) -> None:
    midnight = datetime(2026, 11, 5, tzinfo=timezone.utc)
    clock = [midnight]
    settings = settings_of(tmp_path)
    conversations = conversations_of(settings)
    counting = Counting(settings, conversations, lambda: clock[0])
    finish(conversations, "a")
    for hours, left in ((0, 1), (23, 1), (47.9, 1), (48, 0)):
        clock[0] = midnight + timedelta(hours=hours)
        counting.prune(datetime(2026, 11, 6))
        with counting.store.engine.begin() as connection:
            assert connection.execute(text("SELECT count(*) FROM nonces")).scalar_one() == left, hours


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
