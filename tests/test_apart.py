"""What a database far away is asked: in order, without holding others up, and to its end also when who asked has left."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest

from bot.engine.apart import Apart, Here
from bot.engine.conversations import Conversations
from bot.engine.tables import open_engine

NEW = {"e": "slot", "t": 1.0, "k": "topics", "v": ["geld"]}


async def test_each_question_waits_for_the_one_before() -> None:
    line, order = Apart(), list[str]()

    def asked(name: str, seconds: float) -> str:
        time.sleep(seconds)
        order.append(name)
        return name

    assert await asyncio.gather(line.ask(asked, "first", 0.05), line.ask(asked, "second", 0)) == ["first", "second"]
    assert order == ["first", "second"]
    assert await Here().ask(asked, "here", 0) == "here"


async def test_what_was_asked_is_done_before_who_asked_is_gone() -> None:
    line, done = Apart(), threading.Event()

    def slow() -> None:
        time.sleep(0.1)
        done.set()

    asking = asyncio.ensure_future(line.ask(slow))
    await asyncio.sleep(0.02)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert done.is_set()


async def test_what_fails_there_is_told_here() -> None:
    line = Apart()

    def fails() -> None:
        raise ValueError("away")

    with pytest.raises(ValueError, match="away"):
        await line.ask(fails)


async def test_a_table_that_somebody_holds_does_not_hold_the_loop(postgres: str) -> None:
    conversations, line = Conversations(open_engine(postgres)), Apart()
    conversations.append("a", 0, [NEW], None)
    with conversations.engine.connect() as other:
        other.exec_driver_sql("LOCK TABLE conversations IN ACCESS EXCLUSIVE MODE")
        asking = asyncio.ensure_future(line.ask(conversations.version, "a"))
        await asyncio.sleep(0.2)  # a loop that waited itself would never come to let the table go
        assert not asking.done()
        other.rollback()
    assert (await asking)[0] == 1
