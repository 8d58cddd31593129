"""The line over which a server's turns ask PostgreSQL while the event loop hears others.

A thread that waits costs a turn a quarter of a millisecond there and back, a tenth of the whole. Each statement is prepared once:
PostgreSQL would read and plan it anew at each use.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Sequence
from typing import Any

from psycopg2 import Error, OperationalError
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError

from bot.engine.polled import come, opened
from bot.engine.prepared import Step
from bot.engine.tables import PATIENCE

LONGEST = PATIENCE + 2
"""Seconds until a line on which nothing comes counts as cut; PostgreSQL itself gives a statement up after PATIENCE."""
PAUSE = 1.0
"""Seconds after a connection that failed: who waited for it too is told at once, and not one after the other."""
THERE_ALREADY = "42P05"
UNPREPARED = ("26000", "0A000")
"""PostgreSQL's codes for a prepared statement that is not known, as somebody between us changes its connections (PgBouncer), or
that does not fit its table any more: from then on statements go as they are."""
ENDING = "57P"
"""How its codes begin when it ends a connection, or itself."""


class Wire:
    """One connection, for one statement at a time, each its own transaction; a new one after it was cut."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._alone = asyncio.Lock()
        self._connection: Any = None
        self._not_before = 0.0
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
        """All in one transaction, for which one step is enough here. False, and nothing is written, where it wrote no row.

        Who is cancelled before it was asked has asked nothing; after that, only when it is done.
        """
        (step,) = steps
        async with self._alone:
            return int((await self._answer(step)).rowcount) > 0

    async def _answer(self, step: Step) -> Any:
        """The cursor that holds it. Raises as SQLAlchemy would, without the values."""
        statement, values = step
        if self._connection is None or self._connection.closed:
            await self._connect()
        try:
            return await self._run(await self._named(statement.sql) if self._prepares else statement.sql, values)
        except Error as error:
            if not self._prepares or error.pgcode not in UNPREPARED:
                raise self._told(statement.sql, error) from error
        self._prepares = False
        return await self._answer(step)

    async def _named(self, sql: str) -> str:
        """How a statement is asked for by its name, which is the same in every process: a line may be shared."""
        if sql not in self._by_name:
            values = _Numbered()
            name = f"turn_{hashlib.blake2b(sql.encode(), digest_size=8).hexdigest()}"
            try:
                await self._run(f"PREPARE {name} AS {sql % values}", None)
            except Error as error:
                if error.pgcode != THERE_ALREADY:
                    raise
            self._by_name[sql] = f"EXECUTE {name} ({', '.join(f'%({value})s' for value in values)})"
        return self._by_name[sql]

    async def _run(self, sql: str, values: dict[str, Any] | None) -> Any:
        cursor = self._connection.cursor()
        cursor.execute(sql, values)
        await come(self._connection, LONGEST)
        return cursor

    async def _connect(self) -> None:
        self._connection, self._by_name = None, {}
        if time.monotonic() < self._not_before:
            raise _as_sqlalchemys(OperationalError("there was no connection a moment ago"))
        try:
            self._connection = await opened(self._engine)
        except Error as error:
            self._not_before = time.monotonic() + PAUSE
            raise _as_sqlalchemys(error) from error

    def _told(self, sql: str, error: Any) -> Exception:
        """The driver's error as SQLAlchemy's. One without a code is not PostgreSQL's own: then the line is cut."""
        cut = error.pgcode is None or error.pgcode.startswith(ENDING)
        if cut:
            self._connection.close()
            self._engine.dispose()  # the pool's connections were cut, too
        return _as_sqlalchemys(error, sql, cut)


def _as_sqlalchemys(error: Error, sql: str | None = None, cut: bool = False) -> Exception:
    told: Exception = DBAPIError.instance(sql, None, error, Error, hide_parameters=True, connection_invalidated=cut)
    return told


class _Numbered(dict[str, str]):
    """Gives psycopg2's `%(name)s` as `$1`, `$2` … and has the names in that order."""

    def __missing__(self, name: str) -> str:
        self[name] = f"${len(self) + 1}"
        return self[name]
