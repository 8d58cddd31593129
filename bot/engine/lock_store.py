"""One message at a time per resident, in the order in which they came, without polling.

Rasa's ticket lock looks once a second whether it is its turn: three messages at once took two seconds. Within one process
an asyncio lock hands over at once. More processes share a queue in Redis besides: see `DREMPELHULP_REDIS_URL`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any
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

    def lock(
        self, conversation_id: str, lock_lifetime: float = 0, wait_time_in_seconds: float = 0
    ) -> AbstractAsyncContextManager[Any]:
        here = self._locks.setdefault(conversation_id, asyncio.Lock())
        return here if self._shared is None else self._everywhere(here, self._shared, conversation_id)

    @asynccontextmanager
    async def _everywhere(self, here: asyncio.Lock, shared: RedisLocks, conversation_id: str) -> AsyncIterator[None]:
        async with here, shared.lock(conversation_id):
            yield
