"""A PostgreSQL for which the loop itself waits: questions in order, to their end, and a line that is cut, silent or shared."""

from __future__ import annotations

import asyncio
import gc
import weakref
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from bot.engine import polled
from bot.engine import wire as wires
from bot.engine.conversations import Conversations
from bot.engine.line import Far, Near, line_to
from bot.engine.prepared import Prepared
from bot.engine.tables import open_engine
from bot.engine.turns import NOTHING_KEPT, WrittenMeanwhile
from bot.engine.wire import Wire

NEW = {"e": "slot", "t": 1.0, "k": "topics", "v": ["geld"]}


@pytest.fixture
def conversations(postgres: str) -> Conversations:
    engine = open_engine(postgres)
    with engine.begin() as connection:
        for table in ("events", "conversations", "answered"):
            connection.exec_driver_sql(f"delete from {table}")
    return Conversations(engine)


@pytest.fixture
def line(conversations: Conversations) -> Far:
    return Far(conversations)


async def test_a_turn_is_kept_asked_for_and_never_written_twice(line: Far, conversations: Conversations) -> None:
    assert await line.version("a") == NOTHING_KEPT
    first = await line.append("a", 0, [NEW, NEW], ("m1", '["50 % korting, zei u"]'))
    second = await line.append("a", 2, [NEW], None)
    assert await line.version("a") == second == conversations.version("a") and first[0] == 2
    assert await line.said_to("a", "m1") == '["50 % korting, zei u"]' and await line.said_to("a", "m2") is None
    with pytest.raises(WrittenMeanwhile):
        await line.append("a", 2, [NEW], ("m2", "[]"))
    assert await line.said_to("a", "m2") is None and len(conversations.rows("a")) == 3


async def test_many_who_ask_at_once_get_each_their_own_answer(line: Far) -> None:
    names = [f"talk-{number}" for number in range(40)]
    await asyncio.gather(*(line.append(name, 0, [NEW] * (1 + at), None) for at, name in enumerate(names)))
    kept = await asyncio.gather(*(line.version(name) for name in names))
    assert [events for events, _ in kept] == [1 + at for at in range(40)]


async def test_what_was_asked_is_done_before_who_asked_is_gone(line: Far, conversations: Conversations) -> None:
    for at in range(2):
        await line.append("a", at, [NEW], None)
    with conversations.engine.connect() as other:
        other.exec_driver_sql("LOCK TABLE conversations IN ACCESS EXCLUSIVE MODE")
        asking = asyncio.ensure_future(line.append("a", 2, [NEW], None))
        for _ in range(3):  # who is in a hurry asks to be let go more than once
            await asyncio.sleep(0.05)
            asking.cancel()
        assert not asking.done(), "a loop that waited itself would never have come here"
        other.rollback()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert (await line.version("a"))[0] == 3, "the line is whole, and what was asked was done"


async def test_an_error_is_sqlalchemys_says_nothing_of_the_values_and_the_next_turn_goes_on(line: Far) -> None:
    await line.append("a", 0, [NEW], ("m1", "[]"))
    with pytest.raises(IntegrityError) as twice:
        await line.append("a", 1, [NEW], ("m1", '["onvindbaar"]'))
    assert "onvindbaar" not in str(twice.value)
    assert (await line.append("a", 1, [NEW], ("m2", "[]")))[0] == 2


async def test_a_line_that_was_cut_while_nobody_talked_costs_no_turn(line: Far, conversations: Conversations) -> None:
    await line.append("a", 0, [NEW], None)
    with conversations.engine.begin() as connection:
        cut = connection.exec_driver_sql(
            "select count(pg_terminate_backend(pid)) from pg_stat_activity"
            " where pid <> pg_backend_pid() and datname = current_database()"
        ).scalar()
    assert cut, "there was a line to cut"
    assert (await line.version("a"))[0] == 1
    assert (await line.append("a", 1, [NEW], None))[0] == 2


async def test_behind_somebody_who_changes_the_connections_statements_go_as_they_are(line: Far) -> None:
    """As behind PgBouncer: what was prepared is not known there."""
    await line.version("a")
    await line._wire._run("DEALLOCATE ALL", None)
    assert (await line.append("a", 0, [NEW], ("m1", "[]")))[0] == 1
    assert (await line.version("a"))[0] == 1 and await line.said_to("a", "m1") == "[]"


async def test_a_name_is_the_same_statement_in_every_process(line: Far, conversations: Conversations) -> None:
    """Two that share a connection, and ask in another order: what one has prepared is the other's, too."""
    other = Far(conversations)
    await line.append("a", 0, [NEW], ("m1", "[]"))
    await line.version("a")
    other._wire._connection = line._wire._connection
    assert await other.version("nobody") == NOTHING_KEPT
    assert await other.said_to("a", "m1") == "[]"
    assert (await other.append("b", 0, [NEW], ("m1", "[]")))[0] == 1
    assert other._wire._prepares and conversations.rows("b") == [NEW]


async def test_a_table_that_was_changed_meanwhile_is_asked_all_the_same(postgres: str) -> None:
    line = Far(Conversations(open_engine(postgres)))
    await line.append("changed", 0, [NEW], None)
    await line.version("changed")
    engine = create_engine(postgres)
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE conversations ALTER COLUMN events TYPE bigint")
    try:
        assert (await line.version("changed"))[0] == 1
    finally:
        with engine.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE conversations ALTER COLUMN events TYPE integer")
        engine.dispose()


async def test_only_psycopg2_is_waited_for_so(conversations: Conversations, tmp_path: Path) -> None:
    assert isinstance(line_to(conversations), Far)
    assert isinstance(line_to(Conversations(open_engine(f"sqlite:///{tmp_path}/conversations.db"))), Near)


class Between:
    """Stands between us and PostgreSQL, and can fall silent: the worst that a network does."""

    def __init__(self, url: str) -> None:
        self._folder = make_url(url).query["host"]
        self.silent = asyncio.Event()
        self._passing: list[asyncio.Task[None]] = []
        self.met: list[asyncio.StreamWriter] = []

    async def begin(self) -> int:
        server = await asyncio.start_server(self._meet, "127.0.0.1", 0)
        return int(server.sockets[0].getsockname()[1])

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.met.append(writer)
        back, forth = await asyncio.open_unix_connection(f"{self._folder}/.s.PGSQL.5432")
        self._passing += [asyncio.ensure_future(self._pass(*way)) for way in ((reader, forth), (back, writer))]

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            if not self.silent.is_set():
                writer.write(data)
                await writer.drain()
        writer.close()


@pytest.fixture
async def between(postgres: str) -> AsyncIterator[Between]:
    found = Between(postgres)
    yield found
    for way in found._passing:
        way.cancel()


async def test_a_line_on_which_nothing_comes_is_given_up_and_laid_anew(
    conversations: Conversations, between: Between, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wires, "LONGEST", 0.3)
    monkeypatch.setattr(wires, "PAUSE", 0)
    monkeypatch.setattr(polled, "PATIENCE", 0.3)
    far = conversations.engine.url.set(host="127.0.0.1", port=await between.begin(), query={})
    line = Far(Conversations(create_engine(far)))
    assert (await line.append("a", 0, [NEW], None))[0] == 1
    between.silent.set()
    with pytest.raises(OperationalError):
        await line.version("a")
    with pytest.raises(OperationalError):
        await line.append("a", 1, [NEW], None)
    between.silent.clear()
    assert (await line.version("a"))[0] == 1
    assert (await line.append("a", 1, [NEW], None))[0] == 2


async def test_who_left_while_the_line_fell_silent_has_left(
    conversations: Conversations, between: Between, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody who stops the server would otherwise wait for a turn that begins again and again."""
    monkeypatch.setattr(wires, "LONGEST", 0.3)
    far = conversations.engine.url.set(host="127.0.0.1", port=await between.begin(), query={})
    line = Far(Conversations(create_engine(far)))
    await line.version("a")
    between.silent.set()
    asking = asyncio.ensure_future(line.version("a"))
    await asyncio.sleep(0.05)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    between.silent.clear()
    assert await line.version("a") == NOTHING_KEPT


async def test_of_several_hosts_a_silent_one_is_passed_by_and_all_who_wait_are_told_together(
    conversations: Conversations, between: Between, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polled, "PATIENCE", 0.3)
    silent, url = Between(str(conversations.engine.url)), conversations.engine.url
    silent.silent.set()
    nobody, there = await silent.begin(), await between.begin()
    both = url.set(host=None, port=None, query={"host": "127.0.0.1,127.0.0.1", "port": f"{nobody},{there}"})
    assert await Far(Conversations(create_engine(both))).version("a") == NOTHING_KEPT
    alone, connections = (
        Far(Conversations(create_engine(url.set(host="127.0.0.1", port=nobody, query={})))),
        len(silent.met),
    )
    told = await asyncio.gather(*(alone.version("a") for _ in range(20)), return_exceptions=True)
    assert all(isinstance(one, OperationalError) for one in told)
    assert len(silent.met) == connections + 1, "the others were told without trying"
    for way in silent._passing:
        way.cancel()


async def test_what_the_address_says_of_limits_holds_for_a_turn_as_for_all_else(conversations: Conversations) -> None:
    asked = conversations.engine.url.update_query_dict({"options": "-c statement_timeout=0"})
    wire = Wire(create_engine(asked))
    shown = await wire.one(
        (Prepared("SELECT current_setting('statement_timeout'), %(wanted)s::text", None), {"wanted": "x"})
    )
    assert shown == ("3s", "x")


class Words:
    """Stands for all that a turn knows of a resident."""


async def test_a_turn_that_failed_holds_nothing_but_for_the_garbage_collector(
    line: Far, conversations: Conversations
) -> None:
    """An error, its traceback and the frames in it must be no circle: it would live on until somebody looks for circles."""
    nobody_there = Wire(create_engine("postgresql+psycopg2://nobody@127.0.0.1:1/nowhere"))
    known = list[weakref.ref[Words]]()

    async def turn(asked: Callable[[], Awaitable[object]]) -> None:
        words = Words()
        known.append(weakref.ref(words))
        await asked()

    await line.append("a", 0, [NEW], ("m1", "[]"))
    asked = line._turns.version("a")
    gc.disable()
    try:
        for asking in (lambda: nobody_there.one(asked), lambda: line.append("a", 1, [NEW], ("m1", "[]"))):
            with pytest.raises(DBAPIError):
                await turn(asking)
        await asyncio.sleep(0.05)
        assert [words() for words in known] == [None, None]
    finally:
        gc.enable()
