"""A connection to PostgreSQL for which the event loop itself waits, as psycopg2 offers it.

A thread that waits costs a turn a quarter of a millisecond there and back, a tenth of the whole. Each statement is prepared once:
PostgreSQL would read and plan it anew at each use. Source: https://www.psycopg.org/docs/advanced.html#asynchronous-support
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from psycopg2.extensions import POLL_OK, POLL_READ
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError

from bot.engine.prepared import Step
from bot.engine.tables import PATIENCE, POSTGRES

LONGEST = PATIENCE + 2
"""Seconds until a line on which nothing comes counts as cut; PostgreSQL itself gives a statement up after PATIENCE."""
PREPARED_ELSEWHERE = ("26000", "42P05")
"""PostgreSQL's codes for a prepared statement that it does not know, or knows already: somebody between us changes its
connections (PgBouncer), and statements go as they are from then on."""
ENDING = "57P"
"""How its codes begin when it ends a connection, or itself."""


class Wire:
    """One connection, for one statement at a time, each its own transaction; a new one after it was cut."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._errors = engine.dialect.dbapi.Error
        self._alone = asyncio.Lock()
        self._connection: Any = None
        self._prepares = True
        self._by_name: dict[str, str] = {}
        """How each statement that is prepared on this connection is asked for."""

    async def one(self, step: Step) -> tuple[Any, ...] | None:
        """The first row, or None. A connection that was cut while nobody talked is noticed here, and the question put again."""
        async with self._alone:
            try:
                answer = await self._answer(step)
            except DBAPIError as error:
                if not error.connection_invalidated:
                    raise
                answer = await self._answer(step)
            row: tuple[Any, ...] | None = answer.fetchone()
            return row

    async def together(self, steps: Sequence[Step]) -> bool:
        """All in one transaction, for which one step is enough here. False, and nothing is written, where it wrote no row."""
        (step,) = steps
        async with self._alone:
            return int((await self._answer(step)).rowcount) > 0

    async def _answer(self, step: Step) -> Any:
        """The cursor that holds it. Raises as SQLAlchemy would, without the values."""
        statement, values = step
        if self._connection is None:
            await self._connect()
        try:
            return await self._run(await self._named(statement.sql) if self._prepares else statement.sql, values)
        except self._errors as error:
            if error.pgcode not in PREPARED_ELSEWHERE:
                raise self._told(statement.sql, error) from error
        self._prepares = False
        return await self._answer(step)

    async def _named(self, sql: str) -> str:
        if sql not in self._by_name:
            names, name = list[str](), f"turn_{len(self._by_name)}"
            await self._run(f"PREPARE {name} AS {sql % _Numbered(names)}", None)
            self._by_name[sql] = f"EXECUTE {name} ({', '.join(f'%({value})s' for value in names)})"
        return self._by_name[sql]

    async def _run(self, sql: str, values: dict[str, Any] | None) -> Any:
        cursor = self._connection.cursor()
        cursor.execute(sql, values)
        await self._come(LONGEST)
        return cursor

    async def _connect(self) -> None:
        dialect, limits = self._engine.dialect, {**POSTGRES, "async_": True}
        given, named = dialect.create_connect_args(self._engine.url)
        try:
            # in a thread, for the address of a host is looked up on the way
            self._connection = await asyncio.to_thread(dialect.dbapi.connect, *given, **{**limits, **named})
            await self._come(PATIENCE)
        except self._errors as error:
            self._drop()
            raise DBAPIError.instance(None, None, error, self._errors, hide_parameters=True) from error

    async def _come(self, seconds: float) -> None:
        """Waits until what was asked is there. Who is cancelled meanwhile is so afterwards: nothing stays half asked."""
        until, left = asyncio.get_running_loop().time() + seconds, None
        try:
            while (state := self._connection.poll()) != POLL_OK:
                try:
                    if not await _stirs(self._connection.fileno(), state == POLL_READ, until):
                        raise self._engine.dialect.dbapi.OperationalError(f"nothing came for {seconds} seconds")
                except asyncio.CancelledError as cancelled:
                    left = cancelled
            if left is not None:
                raise left
        finally:
            del left  # its traceback holds this frame, with all that a turn knows: the frame must not hold it

    def _told(self, sql: str, error: Any) -> Exception:
        """The driver's error as SQLAlchemy's. One without a code is not PostgreSQL's own: then the line is cut."""
        cut = error.pgcode is None or error.pgcode.startswith(ENDING)
        if cut:
            self._drop()
            self._engine.dispose()  # the pool's connections were cut, too
        told: Exception = DBAPIError.instance(
            sql, None, error, self._errors, hide_parameters=True, connection_invalidated=cut
        )
        return told

    def _drop(self) -> None:
        connection, self._connection, self._by_name = self._connection, None, {}
        if connection is not None:
            with suppress(self._errors):
                connection.close()


class _Numbered(dict[str, str]):
    """Gives psycopg2's `%(name)s` as `$1`, `$2` … and keeps the names in that order."""

    def __init__(self, names: list[str]) -> None:
        super().__init__()
        self._names = names

    def __missing__(self, name: str) -> str:
        self._names.append(name)
        self[name] = f"${len(self._names)}"
        return self[name]


async def _stirs(file: int, reading: bool, until: float) -> bool:
    """Whether the line is ready to be read, or written to, before this moment of the loop's clock."""
    loop = asyncio.get_running_loop()
    stirred = loop.create_future()
    add, remove = (loop.add_reader, loop.remove_reader) if reading else (loop.add_writer, loop.remove_writer)
    add(file, _settle, stirred, True)
    late = loop.call_at(until, _settle, stirred, False)
    try:
        return bool(await stirred)
    finally:
        late.cancel()
        remove(file)


def _settle(waiting: asyncio.Future[bool], ready: bool) -> None:
    if not waiting.done():
        waiting.set_result(ready)
