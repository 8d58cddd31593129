"""One message at a time per resident, in the order in which they came, without polling.

Rasa's ticket lock looks once a second whether it is its turn: three messages at once took two seconds. Within one process
an asyncio lock hands over at once. More processes share a queue in Redis besides: see `DREMPELHULP_REDIS_URL`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

from rasa.core.lock_store import InMemoryLockStore
from rasa.utils.endpoints import EndpointConfig

from bot.engine.redis_lock import RedisLocks
from bot.settings import Settings


class TurnLockStore(InMemoryLockStore):
    """Locks live as long as somebody holds or awaits them, so memory does not grow with the number of residents."""

    def __init__(self, endpoint_config: EndpointConfig | None = None) -> None:
        super().__init__()
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        url = Settings().redis_url
        self._shared = RedisLocks(url) if url else None

    @asynccontextmanager
    async def lock(
        self, conversation_id: str, lock_lifetime: float = 0, wait_time_in_seconds: float = 0
    ) -> AsyncGenerator[None, None]:
        lock = self._locks.setdefault(conversation_id, asyncio.Lock())
        async with lock:
            if self._shared is None:
                yield
                return
            async with self._shared.lock(conversation_id):
                yield
