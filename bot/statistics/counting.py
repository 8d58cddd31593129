"""The way in for a conversation that is over: to disk, then to the counters, whatever the database does meanwhile."""

from __future__ import annotations

from datetime import datetime

from bot.model import FinishedConversation
from bot.settings import Settings
from bot.statistics.known import Known
from bot.statistics.outbox import AWAY, Outbox
from bot.statistics.store import Store


def open_store(settings: Settings) -> Store:
    """The store of DREMPELHULP_DATABASE_URL for the municipality that is served. Raises OperationalError if it is away."""
    return Store.open(settings.database_url, Known.of(settings.gemeente))


class Counting:
    """One process's counting. The store is opened when it is first needed, and again after the database was away."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._outbox = Outbox(settings.var)
        self._store: Store | None = None

    def add(self, conversation: FinishedConversation, nonce: str) -> None:
        """Counts a finished conversation, now or when the database is back. The same nonce is counted once."""
        self._outbox.put(conversation, nonce)
        self.deliver()

    def deliver(self) -> int:
        """Counts what is waiting: to be called at the start and every few minutes. Returns how many were counted."""
        if not len(self._outbox):
            return 0
        try:
            self._store = self._store or open_store(self._settings)
        except AWAY:
            return 0
        return self._outbox.deliver(self._store)

    def prune(self, now: datetime) -> None:
        """Drops what is too old: to be called once a day. First what waits is delivered, while its nonces are known."""
        self.deliver()
        try:
            self._store = self._store or open_store(self._settings)
            self._store.prune(now)
        except AWAY:
            return
