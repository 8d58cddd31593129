"""Ways in which things break, each for a moment: what it is done to, and how it is whole again."""

from __future__ import annotations

import asyncio
import random
import resource
import signal
import time
from collections import Counter
from collections.abc import Awaitable, Callable

from bench.chaos.city import City, OnPostgres, OnSqlite

Break = Callable[[City, random.Random], Awaitable[None]]
DISK = resource.RLIMIT_FSIZE


async def killed(city: City, dice: random.Random) -> None:
    """kill -9, and the supervisor starts it again."""
    await _restarted(city, dice, signal.SIGKILL)


async def rolled(city: City, dice: random.Random) -> None:
    """A new version is put there: it is asked to end, and started again."""
    await _restarted(city, dice, signal.SIGTERM)


async def hung(city: City, dice: random.Random) -> None:
    """A server that does nothing for a while."""
    process = city.servers[dice.choice(list(city.servers))].process
    process.send_signal(signal.SIGSTOP)
    await asyncio.sleep(dice.uniform(0.2, 6))
    process.send_signal(signal.SIGCONT)


async def disk_full(city: City, dice: random.Random) -> None:
    """No file of a server may grow; only one that keeps its own files notices."""
    if isinstance(city, OnSqlite):
        pid = city.servers[0].process.pid
        room = resource.prlimit(pid, DISK)
        resource.prlimit(pid, DISK, (4096, room[1]))
        await asyncio.sleep(dice.uniform(0.5, 4))
        resource.prlimit(pid, DISK, room)


async def database_held(city: City, dice: random.Random) -> None:
    """Somebody else writes for a long time."""
    if isinstance(city, OnSqlite):
        held = await asyncio.to_thread(city.hold_the_database)
        await asyncio.sleep(dice.uniform(0.5, 7))
        held.close()
    else:
        with city.engine("tracker").begin() as connection:
            connection.exec_driver_sql("set lock_timeout = '5s'")
            connection.exec_driver_sql("lock table conversations, events, answered in access exclusive mode")
            await asyncio.sleep(dice.uniform(0.5, 5))


async def database_stopped(city: City, dice: random.Random) -> None:
    if isinstance(city, OnPostgres):
        await asyncio.to_thread(city.stop_database, dice.choice(("immediate", "fast")))
        await asyncio.sleep(dice.uniform(0.2, 6))
        await asyncio.to_thread(city.start_database)


async def lines_cut(city: City, dice: random.Random) -> None:
    """Every connection with the database is ended by the database."""
    if isinstance(city, OnPostgres):
        others = "pid <> pg_backend_pid() and datname is not null"
        with city.engine("tracker").connect() as connection:
            connection.exec_driver_sql(f"select pg_terminate_backend(pid) from pg_stat_activity where {others}")


async def redis_gone(city: City, dice: random.Random) -> None:
    if isinstance(city, OnPostgres):
        await asyncio.to_thread(city.end_redis)
        await asyncio.sleep(dice.uniform(0.2, 8))
        await asyncio.to_thread(city.start_redis)


async def redis_hung(city: City, dice: random.Random) -> None:
    if isinstance(city, OnPostgres):
        city.redis.execute_command("CLIENT", "PAUSE", str(int(dice.uniform(200, 7000))), "ALL")


async def _restarted(city: City, dice: random.Random, how: signal.Signals) -> None:
    number = dice.choice(list(city.servers))
    await asyncio.to_thread(city.end_server, number, how)
    await asyncio.sleep(dice.uniform(0, 1))
    await asyncio.to_thread(city.start_server, number)


BREAKS: dict[str, Break] = {
    function.__name__: function
    for function in (
        killed, rolled, hung, disk_full, database_held, database_stopped, lines_cut, redis_gone, redis_hung,
    )
}  # fmt: skip
ALONE = {OnSqlite: ("database_stopped", "lines_cut", "redis_gone", "redis_hung"), OnPostgres: ("disk_full",)}
"""What means nothing there."""


async def keep_breaking(city: City, dice: random.Random, until: float, only: list[str] | None) -> dict[str, int]:
    """One thing after another, sometimes the next before the last is whole; how often each."""
    names = [name for name in only or BREAKS if name not in ALONE[type(city)]]
    broken: Counter[str] = Counter()
    while time.monotonic() < until:
        await asyncio.sleep(dice.uniform(0.3, 3))
        name = dice.choice(names)
        broken[name] += 1
        await BREAKS[name](city, dice)
    return dict(broken)
