"""Conversations, counters counted the plain way, and stores, for the tests of the statistics."""

from __future__ import annotations

import atexit
import tempfile
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import pgserver
from hypothesis import strategies as st
from pgserver import PostgresServer
from sqlalchemy import text

from bot.model import FinishedConversation
from bot.statistics.known import Known
from bot.statistics.measures import MEASURES, counted_in
from bot.statistics.periods import middle_of, period_of, week_of
from bot.statistics.schema import COUNTERS
from bot.statistics.store import Store

SMALL_TOWN = Known(
    {
        "topics": ("geld", "eten"),
        "drempels": ("schaamte", "bereik"),
        "routes": ("spreekuur", "wijkteam"),
        "unmet": ("hour",),
        "outcome": ("ja", "nee"),
        "channels": ("web", "whatsapp"),
        "turns": ("1", "2", "6_of_meer"),
        "not_understood": ("1", "3_of_meer"),
        "crisis": ("geweld", "dakloos"),
    },
    ("nl", "tr", "pl"),
    {"noord": "Noord", "zuid": "Zuid"},
)
"""A town small enough for an attacker who tries everything."""
QUARTER = tuple(f"2026-W{number:02}" for number in range(1, 14))
"""The weeks of 2026-Q1."""

RawCounts = dict[tuple[str, str, str, str], int]
"""(table, period, wijk or language or nothing, id) -> n"""


@st.composite
def batches(draw: st.DrawFn, weeks: tuple[str, ...] = QUARTER, most: int = 10) -> list[FinishedConversation]:
    """A log in which likeness is likely: a few kinds of conversations, each held a few or a few dozen times."""
    log: list[FinishedConversation] = []
    for _ in range(draw(st.integers(1, most))):
        log += [draw(conversation(weeks))] * draw(st.integers(1, 30))
    return log


@st.composite
def conversation(draw: st.DrawFn, weeks: tuple[str, ...] = QUARTER) -> FinishedConversation:
    """One conversation as the dialogue could leave it: with a route alone "helpt dit?" and what was missing, an hour where `bereik` was heard."""
    town = SMALL_TOWN.ids
    kinds = draw(st.lists(st.sampled_from(town["routes"]), unique=True).map(tuple))
    drempels = draw(st.lists(st.sampled_from(town["drempels"]), unique=True))
    return FinishedConversation(
        ended=middle_of(draw(st.sampled_from(weeks))),
        language=draw(st.sampled_from(SMALL_TOWN.languages)),
        channel=draw(st.sampled_from(town["channels"])),
        wijk=draw(st.sampled_from((None, *SMALL_TOWN.wijken))),
        topics=draw(st.lists(st.sampled_from(town["topics"])).map(tuple)),
        drempels=tuple((drempel, "heard") for drempel in drempels) or draw(st.sampled_from(((), (("", "skipped"),)))),
        routes=kinds,
        unmet=draw(st.sampled_from(((), ("hour",)))) if kinds and "bereik" in drempels else (),
        outcome=draw(st.sampled_from((None, *town["outcome"]))) if kinds else None,
        turns_to_route=draw(st.sampled_from((1, 2, 7))) if kinds else None,
        not_understood=draw(st.sampled_from((0, 0, 1, 4))),
        crisis=draw(st.sampled_from(((), (), (), ("geweld",), ("geweld", "dakloos")))),
    )


def tally(log: Iterable[FinishedConversation]) -> RawCounts:
    """Every counter, worked out one conversation at a time."""
    return dict(
        Counter(
            (measure.name, period_of(week_of(conversation.ended), measure.grain), *key)
            for conversation in log
            for measure in counted_in(conversation)
            for key in measure.keys(conversation)
        )
    )


def fill(store: Store, counters: RawCounts) -> None:
    """Puts counters into an empty store, all at once."""
    with store.engine.begin() as connection:
        for (name, period, side, id_), n in counters.items():
            row = {"period": period, "side": side, "id": id_, "n": n}
            connection.execute(COUNTERS[name].insert(), row)


def raw(store: Store) -> RawCounts:
    """Every counter that the store holds."""
    found: RawCounts = {}
    with store.engine.begin() as connection:
        for name, table in COUNTERS.items():
            for row in connection.execute(table.select()):
                found[name, row.period, row.side, row.id] = row.n
    return found


def empty(store: Store) -> Store:
    """The store as it was after its first migration."""
    with store.engine.begin() as connection:
        for name in (*(f"count_{measure.name}" for measure in MEASURES), "published", "nonces"):
            connection.execute(text(f"DELETE FROM {name}"))
        connection.execute(text("DELETE FROM meta WHERE key <> 'open_from'"))
        connection.execute(text("UPDATE meta SET value = ''"))
    return store


def sqlite_store(folder: Path, known: Known = SMALL_TOWN) -> Store:
    return Store.open(f"sqlite:///{folder}/statistics.db", known)


@lru_cache
def postgresql() -> PostgresServer:
    """A real PostgreSQL of this test session alone, in a folder that goes with it."""
    folder = tempfile.TemporaryDirectory(prefix="drempelhulp-pg-")
    server = pgserver.get_server(folder.name)
    atexit.register(folder.cleanup)
    atexit.register(server.cleanup)
    return server


def postgresql_url() -> str:
    return str(postgresql().get_uri()).replace("postgresql://", "postgresql+psycopg2://")


def stop(server: PostgresServer) -> None:
    """Takes a database away as an administrator would; `server.ensure_postgres_running()` brings it back."""
    pgserver.pg_ctl(["-w", "-m", "fast", "stop"], pgdata=server.pgdata, user=server.system_user)  # type: ignore[attr-defined]
