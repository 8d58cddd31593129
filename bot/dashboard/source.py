"""Where the figures come from: the store, read beside the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from bot.dashboard.figures import Figures
from bot.settings import Settings
from bot.statistics.counting import open_store
from bot.statistics.known import Known
from bot.statistics.store import Store
from bot.statistics.tables import Table, tables

Read = TypeVar("Read")


class Source:
    """The store, opened when it is first needed, and again after the database was away."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.known = Known.of(settings.gemeente)
        self._store: Store | None = None
        self._last: Figures | None = None

    def figures(self) -> Figures:
        store = self._opened()
        found, fictional = tables(store, self.settings.moment()), store.is_fictional()
        last = self._last
        if last is None or last.tables is not found or last.fictional != fictional:
            self._last = last = Figures(found, self.known, fictional)
        return last

    def begin(self) -> None:
        """Reads all tables, and has them looked up by period, which is what takes time."""
        self.figures().city("")

    def tables(self) -> dict[str, Table]:
        return tables(self._opened(), self.settings.moment())

    def check(self) -> None:
        """Raises what AWAY holds where the database cannot be read."""
        self._opened().is_fictional()

    def _opened(self) -> Store:
        self._store = self._store or open_store(self.settings)
        return self._store


async def aside(read: Callable[[], Read]) -> Read:
    """Reads the database beside the event loop, which goes on answering."""
    return await asyncio.get_running_loop().run_in_executor(None, read)
