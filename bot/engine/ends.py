"""Conversations end in a thread, for what is forgotten is taken out of the files at once, and the disk may be slow.

SQLite has one writer at a time, and waits for another one asleep, with everybody who is served by this process. So here whoever
writes waits for the files in the event loop, where others go on; and talks that end while another one is being taken out are
taken out together: the files are cleaned once for all of them.
"""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import Any, TypeVar

from bot.engine.conversations import Conversations, Leaving

Given = TypeVar("Given")
Waiting = tuple[Leaving, "asyncio.Future[bool]"]


class Ends:
    """Ends conversations of one process. `files`: to be held by who writes beside it; on PostgreSQL nobody waits."""

    def __init__(self, conversations: Conversations) -> None:
        self._conversations = conversations
        self.files: AbstractAsyncContextManager[Any] = asyncio.Lock() if conversations.on_sqlite else nullcontext()
        self._waiting: list[Waiting] = []
        self._at_work: asyncio.Task[None] | None = None

    async def end(self, conversation: str, finished: str | None) -> bool:
        """As `Conversations.end`. Who asked may leave: it ends all the same, before this returns."""
        done: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append(((conversation, finished), done))
        if self._at_work is None or self._at_work.done():
            self._at_work = asyncio.create_task(self._end_all())
        try:
            return await to_its_end(done)
        finally:
            del done  # else an error and this frame hold each other

    async def _end_all(self) -> None:
        while self._waiting:
            async with self.files:
                together, self._waiting = self._waiting, []
                try:
                    gone = await asyncio.to_thread(self._conversations.end_together, [one for one, _ in together])
                    for (_, done), was_there in zip(together, gone, strict=True):
                        done.set_result(was_there)
                except Exception as error:  # nothing of it was done: whoever waits is told, and may try again
                    _tell(together, error.with_traceback(None))  # SQLAlchemy's frames and its error hold each other
                except BaseException:  # this task is to end: nobody may wait for it for ever
                    _tell(together, asyncio.CancelledError())
                    raise
                finally:
                    del together


def _tell(waiting: list[Waiting], error: BaseException) -> None:
    for _, done in waiting:
        if not done.done():
            done.cancel() if isinstance(error, asyncio.CancelledError) else done.set_exception(error)


async def to_its_end(work: asyncio.Future[Given]) -> Given:
    """What comes of it. Who is cancelled while waiting, however often, is so only when it is done: nothing overtakes it."""
    left: asyncio.CancelledError | None = None
    try:
        while not work.done():
            try:
                await asyncio.wait([work])
            except asyncio.CancelledError as cancelled:
                left = cancelled
        if left is not None:
            work.cancelled() or work.exception()  # looked at, or asyncio complains that nobody did
            raise left
        return work.result()
    finally:
        # An error's traceback holds this frame, with all that a turn knows: the frame must not hold the error.
        del work, left
