"""Other residents' conversations in the store: a hundred to a million."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from bench.growth.measuring import measured_on
from bench.turns.servers import ours
from bench.turns.talks import Ours
from bot.engine.tables import CONVERSATIONS, EVENTS, open_engine

AT_ONCE = 10_000
"""Rows that are written in one go."""
ROWS = json.dumps([
    {"e": "user", "t": 1.0, "i": "hulp_geld"},
    {"e": "slot", "t": 1.0, "k": "topics", "v": ["geld"]},
    {"e": "action", "t": 1.0, "n": "action_listen", "p": "RulePolicy"},
])  # fmt: skip
"""One turn of each, as it is kept."""


def with_conversations(var: Path, many: int) -> dict[str, float]:
    """What a turn takes beside so many conversations of others, of which none is over."""
    fill(var / "conversations.db", many)
    with ours(var) as server:
        return measured_on(server, Ours())


def fill(database: Path, many: int) -> None:
    engine = open_engine(f"sqlite:///{database}")
    kept = _kept(many)
    while rows := list(islice(kept, AT_ONCE)):
        with engine.begin() as connection:
            connection.execute(CONVERSATIONS.insert(), [conversation for conversation, _ in rows])
            connection.execute(EVENTS.insert(), [events for _, events in rows])
    engine.dispose()


def _kept(many: int) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    now = time.time()
    for _ in range(many):
        name = secrets.token_hex(20)
        yield {"id": name, "last_turn": now, "events": 3}, {"conversation": name, "number": 0, "data": ROWS}
