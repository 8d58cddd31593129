"""The way in for a conversation that is over: how it waits on disk as ids and a week, and the store that counts it."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from sqlalchemy.exc import InterfaceError, OperationalError

from bot.model import FinishedConversation
from bot.settings import Settings
from bot.statistics.known import Known
from bot.statistics.periods import middle_of, week_of
from bot.statistics.store import Store, check_ids

AWAY = (OperationalError, InterfaceError)
"""What SQLAlchemy raises where a database cannot be reached, or is too busy."""


def open_store(settings: Settings) -> Store:
    """The store of DREMPELHULP_DATABASE_URL for the municipality served. Raises OperationalError where it is away."""
    return Store.open(settings.database_url, Known.of(settings.gemeente))


def written(conversation: FinishedConversation) -> str:
    """A finished conversation as JSON, its moment coarsened to the ISO week. Raises NotAnId where a field is no id."""
    check_ids(conversation)
    return json.dumps({**asdict(conversation), "ended": week_of(conversation.ended)})


def read(text: str) -> FinishedConversation:
    """The conversation that `written` wrote; it ended in the middle of its week."""
    row: dict[str, Any] = {name: _frozen(value) for name, value in json.loads(text).items()}
    return FinishedConversation(**{**row, "ended": middle_of(row["ended"])})


def _frozen(value: Any) -> Any:
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value
