"""A psycopg2 connection for which the event loop waits: how it is opened, and how what was asked on it is waited for.

Source: https://www.psycopg.org/docs/advanced.html#asynchronous-support
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from psycopg2 import Error, OperationalError
from psycopg2.extensions import POLL_OK, POLL_READ
from sqlalchemy.engine import Engine

from bot.engine.tables import PATIENCE, POSTGRES


async def opened(engine: Engine) -> Any:
    """A connection with the first host of the engine's address that answers. Raises psycopg2's Error where none does."""
    given, named = engine.dialect.create_connect_args(engine.url)
    *before, last = _each_host(named)
    for host in before:
        with suppress(Error):
            return await _opened(engine, given, host)
    return await _opened(engine, given, last)


def _each_host(named: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """libpq tries several by itself, but one that is silent for as long as TCP has patience: here each has its own time."""
    hosts, ports = (str(named.get(name, "")).split(",") for name in ("host", "port"))
    for number, host in enumerate(hosts):
        port = ports[number] if len(ports) > 1 else ports[0]
        yield {**named, **{name: value for name, value in (("host", host), ("port", port)) if value}}


async def _opened(engine: Engine, given: list[Any], named: dict[str, Any]) -> Any:
    limits = {**named, **POSTGRES, "async_": True}
    asking = asyncio.to_thread(
        engine.dialect.dbapi.connect, *given, **limits
    )  # on its way the host's address is looked up
    try:
        connection = await asyncio.wait_for(asking, PATIENCE)
    except asyncio.TimeoutError:
        raise OperationalError(f"no connection was begun for {PATIENCE} seconds") from None
    try:
        await come(connection, PATIENCE)
    except BaseException:
        connection.close()
        raise
    return connection


async def come(connection: Any, seconds: float) -> None:
    """Waits until what was asked is there. Raises psycopg2's Error, also where nothing comes for so long.

    Who is cancelled meanwhile is so afterwards: nothing stays half asked. Where that is an error, the connection is closed.
    """
    until, left = asyncio.get_running_loop().time() + seconds, None
    try:
        while (state := connection.poll()) != POLL_OK:
            try:
                if not await _stirs(connection.fileno(), state == POLL_READ, until):
                    raise OperationalError(f"nothing came for {seconds} seconds")
            except asyncio.CancelledError as cancelled:
                left = cancelled
    except Error:
        if left is None:
            raise
        connection.close()
    try:
        if left is not None:
            raise left
    finally:
        del left  # its traceback holds this frame, with all that a turn knows: the frame must not hold it


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
