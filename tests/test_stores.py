"""The running conversations on the databases that they run on: SQLite, and a real PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.engine.conversations import Conversations, open_engine
from bot.engine.expiry import expire
from bot.settings import Settings
from bot.statistics.counting import read

TODAY = date(2026, 11, 24)
NEW = {"e": "slot", "t": 1.0, "k": "topics", "v": ["geld"]}


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    import pgserver

    server = pgserver.get_server(tmp_path_factory.mktemp("postgres"), cleanup_mode="stop")
    yield server.get_uri().replace("postgresql://", "postgresql+psycopg2://")
    server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def conversations(request: pytest.FixtureRequest, tmp_path: Path) -> Conversations:
    if request.param == "sqlite":
        return Conversations(open_engine(f"sqlite:///{tmp_path}/conversations.db"))
    engine = open_engine(request.getfixturevalue("postgres"))
    with engine.begin() as connection:
        for table in ("events", "conversations", "answered", "outbox", "day_keys"):
            connection.exec_driver_sql(f"delete from {table}")
    return Conversations(engine)


def test_events_are_read_in_the_order_in_which_they_came(conversations: Conversations) -> None:
    conversations.append("a", 0, [{**NEW, "v": 1}, {**NEW, "v": 2}], None)
    conversations.append("a", 2, [{**NEW, "v": 3}], None)
    assert [row["v"] for row in conversations.rows("a")] == [1, 2, 3]
    assert conversations.length("a") == 3


def test_two_writers_of_one_conversation_cannot_both_win(conversations: Conversations) -> None:
    conversations.append("a", 0, [NEW], None)
    with pytest.raises(Exception, match=r"(?i)unique|duplicate"):
        conversations.append("a", 0, [NEW], None)
    assert conversations.length("a") == 1


def test_a_finished_conversation_leaves_one_row_for_the_count_and_nothing_else(conversations: Conversations) -> None:
    conversations.append("a", 0, [NEW], ("m1", "[]"))
    assert conversations.end("a", "finished")
    assert not conversations.end("a", "finished"), "a second end counts nothing"
    assert [data for _, data in conversations.outbox()] == ["finished"]
    assert conversations.length("a") == 0
    assert conversations.said_to("a", "m1") is None


def test_an_erased_conversation_leaves_nothing(conversations: Conversations) -> None:
    conversations.append("a", 0, [NEW], None)
    conversations.end("a", None)
    assert conversations.outbox() == []
    assert conversations.rows("a") == []


def test_a_pseudonym_moves_with_the_day_and_its_key_is_forgotten(conversations: Conversations) -> None:
    monday = conversations.pseudonym("channel-id", TODAY)
    conversations.append(monday, 0, [NEW], None)
    tuesday = conversations.pseudonym("channel-id", TODAY + timedelta(days=1))
    assert tuesday != monday
    assert conversations.rows(tuesday) == [NEW]
    assert conversations.rows(monday) == []
    thursday = conversations.pseudonym("channel-id", TODAY + timedelta(days=3))
    assert conversations.rows(thursday) == [], "after two days nobody can find the way back"


def test_expiry_ends_what_is_overdue_and_nothing_else(conversations: Conversations) -> None:
    conversations.append("a", 0, [NEW, {**NEW, "k": "language", "v": "tr"}], None)
    assert expire(conversations, hours=24, now=Settings().moment()) == 0
    assert expire(conversations, hours=-1, now=Settings().moment()) == 1
    assert expire(conversations, hours=-1, now=Settings().moment()) == 0
    ((_, text),) = conversations.outbox()
    assert (read(text).language, read(text).topics) == ("tr", ("geld",))
