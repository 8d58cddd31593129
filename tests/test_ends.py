"""Talks that end while others go on: they end together, nobody who talks is held up, and what was forgotten is off the disk."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import sqlite3
import threading
import weakref
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from bot.engine.conversations import Conversations
from bot.engine.ends import Ends
from bot.engine.garbage import keep_collecting, set_aside_what_is_loaded
from bot.engine.tables import open_engine

NEW = {"e": "slot", "t": 1.0, "k": "topics", "v": ["geld"]}
NAMES = [f"talk-{number}" for number in range(20)]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "conversations.db"


@pytest.fixture
def conversations(file: Path) -> Conversations:
    kept = Conversations(open_engine(f"sqlite:///{file}"))
    for name in NAMES:
        kept.append(name, 0, [NEW], None)
    return kept


async def test_talks_that_end_at_once_are_each_counted_once_and_gone_from_the_files(
    conversations: Conversations, file: Path
) -> None:
    ends = Ends(conversations)
    gone = await asyncio.gather(*(ends.end(name, f"count of {name}") for name in [*NAMES, NAMES[0]]))
    assert gone == [True] * len(NAMES) + [False], "the second end of one talk counts nothing"
    assert sorted(data for _, data in conversations.outbox()) == sorted(f"count of {name}" for name in NAMES)
    assert Path(f"{file}-wal").stat().st_size == 0
    left = file.read_bytes()
    assert not [name for name in NAMES if f"{name}\0".encode() in left or f'"{name}"'.encode() in left]
    assert all(conversations.length(name) == 0 for name in NAMES)


async def test_while_the_files_are_not_free_others_are_served(conversations: Conversations, file: Path) -> None:
    """Somebody else (a back-up, another process) has the files for a third of a second."""
    ends, held = Ends(conversations), threading.Event()

    def hold() -> None:
        with sqlite3.connect(file) as other:
            other.execute("BEGIN IMMEDIATE")
            held.set()
            free.wait(5)

    free = threading.Event()
    holding = asyncio.ensure_future(asyncio.to_thread(hold))
    await asyncio.to_thread(held.wait)
    ending = asyncio.ensure_future(ends.end(NAMES[0], None))
    writing = asyncio.ensure_future(_write(ends, conversations))
    await asyncio.sleep(
        0.3
    )  # a writer that slept in SQLite would hold this up, and `free` behind it, until it gives up
    assert not ending.done() and not writing.done()
    free.set()
    await asyncio.gather(holding, ending, writing)
    assert conversations.length(NAMES[0]) == 0
    assert conversations.length(NAMES[1]) == 2


async def _write(ends: Ends, conversations: Conversations) -> None:
    await asyncio.sleep(0.02)  # the other one has begun to end
    async with ends.files:
        conversations.append(NAMES[1], 1, [NEW], None)


async def test_who_leaves_before_the_end_has_ended_all_the_same(conversations: Conversations) -> None:
    ends = Ends(conversations)
    asking = asyncio.ensure_future(ends.end(NAMES[0], "counted"))
    await asyncio.sleep(0)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert conversations.length(NAMES[0]) == 0
    assert [data for _, data in conversations.outbox()] == ["counted"]


async def test_where_it_fails_all_who_wait_are_told_and_nothing_is_half_done(conversations: Conversations) -> None:
    ends = Ends(conversations)
    with conversations.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE outbox RENAME TO elsewhere")
    told = await asyncio.gather(*(ends.end(name, "counted") for name in NAMES[:3]), return_exceptions=True)
    assert [type(error).__name__ for error in told] == ["OperationalError"] * 3
    assert [conversations.length(name) for name in NAMES[:3]] == [1, 1, 1]
    with conversations.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE elsewhere RENAME TO outbox")
    assert await ends.end(NAMES[0], "counted")


async def test_an_end_that_is_broken_off_leaves_nobody_waiting(conversations: Conversations) -> None:
    ends = Ends(conversations)
    asking = asyncio.ensure_future(ends.end(NAMES[0], None))
    async with ends.files:  # it waits for the files
        await asyncio.sleep(0.02)
        assert ends._at_work is not None
        ends._at_work.cancel()
        await asyncio.sleep(0.02)
    ends._waiting.clear()
    assert await ends.end(NAMES[1], None), "the next one ends"
    asking.cancel()


class Words:
    """Stands for all that a turn knows of a resident."""


async def test_a_turn_that_failed_holds_nothing_but_for_the_garbage_collector(conversations: Conversations) -> None:
    """An error, its traceback and the frames in it must be no circle: it would live on until somebody looks for circles."""
    ends, known = Ends(conversations), list[weakref.ref[Words]]()

    async def turn(asked: Callable[[], Awaitable[object]]) -> None:
        words = Words()
        known.append(weakref.ref(words))
        await asked()

    with conversations.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE outbox RENAME TO elsewhere")
    gc.disable()
    try:
        with contextlib.suppress(Exception):
            await turn(lambda: ends.end(NAMES[0], "counted"))
        await asyncio.sleep(0.05)
        assert [words() for words in known] == [None]
    finally:
        gc.enable()


async def test_a_circle_is_found_in_time_and_what_was_loaded_is_not_looked_through() -> None:
    old = gc.get_threshold()
    try:
        set_aside_what_is_loaded()
        assert gc.get_freeze_count() > 0
        circle = Words()
        circle.itself = circle  # type: ignore[attr-defined]
        gone = weakref.ref(circle)
        del circle
        collecting = asyncio.ensure_future(keep_collecting(every=0.01))
        await asyncio.sleep(0.3)
        assert gone() is None
        collecting.cancel()
    finally:
        gc.unfreeze()
        gc.set_threshold(*old)
