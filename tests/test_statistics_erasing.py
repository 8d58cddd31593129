"""What was erased is gone from the files, not only from the tables; keys go when their time is over, talk or no talk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import text

from bot.engine.conversations import Conversations
from bot.engine.tables import DAY_KEYS, METADATA, open_engine
from tests.statistics_fixtures import postgresql_url

TODAY = date(2026, 11, 24)
MARK = "hulp-onvindbaar"
ROWS = [{"e": "slot", "t": 1.0, "k": "topics", "v": [MARK]}] * 40
Files = Callable[[], bytes]


@pytest.fixture(params=["sqlite", "postgresql"])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Conversations, Files]]:
    """The conversations in a database, and every byte of its tables' files."""
    if request.param == "sqlite":
        engine = open_engine(f"sqlite:///{tmp_path}/conversations.db")
        yield Conversations(engine), lambda: b"".join(path.read_bytes() for path in tmp_path.glob("conversations.db*"))
        engine.dispose()
        return
    engine = open_engine(postgresql_url())
    with engine.begin() as connection:
        for table in METADATA.sorted_tables:
            connection.execute(table.delete())
    yield Conversations(engine), lambda: tables_of(engine)
    engine.dispose()


def tables_of(engine: sa.engine.Engine) -> bytes:
    """PostgreSQL's tables as they are on disk now, with their indexes."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("CHECKPOINT"))
        folder = Path(connection.execute(text("SHOW data_directory")).scalar_one())
    return b"".join(path.read_bytes() for path in (folder / "base").rglob("*") if path.is_file())


def test_what_is_there_is_found_in_the_files(kept: tuple[Conversations, Files]) -> None:
    conversations, files = kept
    conversations.append("pseudonym-a", 0, ROWS, ("m1", MARK))
    assert MARK.encode() in files() and b"pseudonym-a" in files()


@pytest.mark.parametrize("left", [None, "finished"], ids=["erased", "over"])
def test_what_is_erased_or_over_is_in_no_file(kept: tuple[Conversations, Files], left: str | None) -> None:
    conversations, files = kept
    for name in ("pseudonym-a", "pseudonym-b"):
        conversations.append(name, 0, ROWS, ("m1", MARK))
        conversations.append(name, len(ROWS), ROWS, None)
    conversations.end("pseudonym-a", left)
    conversations.end("pseudonym-b", left)
    conversations.scrub()
    assert MARK.encode() not in files()
    assert b"pseudonym" not in files()


def test_on_sqlite_an_erased_one_is_gone_when_that_is_said(tmp_path: Path) -> None:
    conversations = Conversations(open_engine(f"sqlite:///{tmp_path}/conversations.db"))
    conversations.append("pseudonym-a", 0, ROWS, ("m1", MARK))
    conversations.end("pseudonym-a", None)
    assert all(MARK.encode() not in path.read_bytes() for path in tmp_path.iterdir())


def test_a_pseudonym_that_moved_to_todays_key_is_not_left_under_yesterdays(kept: tuple[Conversations, Files]) -> None:
    conversations, files = kept
    monday = conversations.pseudonym("somebody", TODAY)
    conversations.append(monday, 0, ROWS, None)
    tuesday = conversations.pseudonym("somebody", TODAY + timedelta(days=1))
    conversations.scrub()
    assert tuesday.encode() in files() and monday.encode() not in files()


def test_keys_older_than_yesterdays_go_though_nobody_talks(kept: tuple[Conversations, Files]) -> None:
    conversations, files = kept
    conversations.pseudonym("somebody", TODAY)
    with conversations.engine.connect() as connection:
        (key,) = connection.execute(sa.select(DAY_KEYS.c.key)).scalars()
    conversations.forget_keys(TODAY + timedelta(days=1))
    conversations.scrub()
    assert key.encode() in files()
    conversations.forget_keys(TODAY + timedelta(days=2))
    conversations.scrub()
    assert key.encode() not in files()


def test_a_reader_in_the_way_puts_it_off_and_does_not_stop_it(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/conversations.db"
    conversations = Conversations(open_engine(url))
    with conversations.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout = 50")
    conversations.append("pseudonym-a", 0, ROWS, None)
    with open_engine(url).connect() as reader:
        rows = reader.exec_driver_sql("SELECT data FROM events")
        rows.fetchone()
        assert conversations.end("pseudonym-a", None)
        rows.close()
    conversations.scrub()
    assert all(MARK.encode() not in path.read_bytes() for path in tmp_path.iterdir())
