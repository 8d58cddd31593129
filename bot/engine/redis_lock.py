"""One message at a time per resident over several processes: a queue in Redis, first come, first served.

Each who waits has a token in a sorted set; the first one holds the lock for as long as it says so: who died is passed over
after `LEASE`. Nobody polls fast: who is done wakes the next one by a push into its own list. Lock names are pseudonyms.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

LEASE = 10.0
"""Seconds after which a process that no longer says that it lives is passed over."""
AWAY = 5.0
"""Seconds between two looks at a Redis that was away."""
LOOK = 1.0
"""Seconds between two looks at those before us: how late a death is noticed, beyond the lease."""
PATIENCE = 1.5
"""Seconds that a turn waits for a Redis that hangs, once; longer than LOOK, for which Redis itself is told to wait."""
PREFIX = "drempelhulp:turn:"
JOIN = """
local number = redis.call('INCR', KEYS[3])
redis.call('ZADD', KEYS[1], number, ARGV[1])
redis.call('SET', KEYS[2] .. ARGV[1], 1, 'PX', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
redis.call('PEXPIRE', KEYS[3], ARGV[3])
return redis.call('ZRANGE', KEYS[1], 0, 0)[1] == ARGV[1] and 1 or 0
"""
"""Takes a place at the end; 1 where it is the first."""
FIRST = """
redis.call('SET', KEYS[2] .. ARGV[1], 1, 'PX', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
while true do
  local first = redis.call('ZRANGE', KEYS[1], 0, 0)[1]
  if not first then return -1 end
  if first == ARGV[1] then return 1 end
  if redis.call('EXISTS', KEYS[2] .. first) == 1 then return 0 end
  redis.call('ZREM', KEYS[1], first)
end
"""
"""Says that we live, passes over the dead; 1: it is our turn; 0: it is not; -1: we were taken for dead ourselves."""
LEAVE = """
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('DEL', KEYS[2] .. ARGV[1])
local first = redis.call('ZRANGE', KEYS[1], 0, 0)[1]
if first then
  redis.call('RPUSH', KEYS[2] .. first .. ':go', 1)
  redis.call('PEXPIRE', KEYS[2] .. first .. ':go', ARGV[2])
end
"""
"""Gives the place up and wakes the next one."""


@dataclass(frozen=True)
class Place:
    """One who waits, or holds: in which queue, by which token."""

    queue: str
    token: str

    @property
    def keys(self) -> tuple[str, str, str]:
        return (self.queue, f"{self.queue}:", f"{self.queue}:number")

    @property
    def woken_by(self) -> str:
        return f"{self.queue}:{self.token}:go"


class RedisLocks:
    """The locks of all residents. The connection is made when the first one is needed, in the running loop."""

    def __init__(self, url: str, lease: float = LEASE) -> None:
        self._url = url
        self._lease = lease
        self._redis: Redis | None = None
        self._looking: asyncio.Task[None] | None = None
        """Looks whether Redis is back, while it is away: no turn waits for that."""

    @asynccontextmanager
    async def lock(self, name: str) -> AsyncGenerator[None, None]:
        """Held within. Where Redis is away a turn begins all the same: the database refuses the second of two writers."""
        place = Place(f"{PREFIX}{name}", secrets.token_hex(8))
        alive = asyncio.create_task(self._say_so(place)) if await self._taken(place) else None
        try:
            yield
        finally:
            if alive is not None:
                alive.cancel()
                await asyncio.shield(self._left(place))

    async def _taken(self, place: Place) -> bool:
        """Waits for our turn; False where Redis is away."""
        if self._looking is not None:
            return False
        try:
            first = await self._run(JOIN, place)
            while first != 1:
                await self._client().blpop([place.woken_by], timeout=min(LOOK, self._lease / 3))
                first = await self._run(FIRST, place)
                if first == -1:
                    first = await self._run(JOIN, place)
        except RedisError:
            self._go_on_without()
            return False
        except asyncio.CancelledError:
            await asyncio.shield(self._left(place))
            raise
        return True

    async def _left(self, place: Place) -> None:
        if self._looking is not None:
            return
        try:
            await self._run(LEAVE, place)
        except RedisError:  # what is not given up ends with its lease
            self._go_on_without()

    def _go_on_without(self) -> None:
        if self._looking is None:
            logger.warning("Redis is away; until it is back turns are not put in order between processes")
            self._looking = asyncio.create_task(self._await_return())

    async def _await_return(self) -> None:
        while self._looking is not None:
            await asyncio.sleep(AWAY)
            with suppress(RedisError):
                await self._client().ping()
                self._looking = None

    async def _say_so(self, place: Place) -> None:
        """A turn that takes long keeps its place."""
        while True:
            await asyncio.sleep(self._lease / 3)
            with suppress(RedisError):
                await self._run(FIRST, place)

    async def _run(self, script: str, place: Place) -> Any:
        lease = int(self._lease * 1000)
        return await self._client().eval(script, 3, *place.keys, place.token, lease, lease * 3)

    def _client(self) -> Redis:
        if self._redis is None:
            self._redis = Redis.from_url(self._url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE)
        return self._redis
