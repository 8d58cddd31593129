"""Every finished conversation is in its counters once, on SQLite and on PostgreSQL; what is old goes."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import inspect, text

from bot.model import FinishedConversation
from bot.settings import AMSTERDAM
from bot.statistics.database import migrate
from bot.statistics.measures import MEASURES
from bot.statistics.periods import first_week, middle_of, parts_of, period_of, starts, week_of, weeks_of
from bot.statistics.publication import publish
from bot.statistics.schema import METADATA
from bot.statistics.store import NotAnId, Store, months_before
from tests.statistics_fixtures import SMALL_TOWN, conversation, empty, postgresql_url, raw, sqlite_store, tally

TALK = FinishedConversation(
    ended=datetime(2026, 11, 1, 23, 30, tzinfo=AMSTERDAM),
    language="tr",
    channel="web",
    topics=("geld", "eten", "geld"),
    drempels=(("schaamte", "heard"), ("schaamte", "asked"), ("", "skipped")),
    routes=("spreekuur", "wijkteam", "wijkteam"),
    outcome="ja",
    turns_to_route=9,
    not_understood=2,
)
"""Ended in 2026-W44, whose Thursday is in October, though by the calendar it is November."""


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Store:
    if request.param == "postgresql":
        return Store.open(postgresql_url(), SMALL_TOWN)
    return sqlite_store(tmp_path_factory.mktemp("store"))


@pytest.fixture
def store(database: Store) -> Store:
    return empty(database)


def test_a_conversation_is_counted_in_each_table_once_an_id_and_no_finer_than_is_published(store: Store) -> None:
    assert store.count(TALK, "nonce")
    assert raw(store) == {
        ("conversations", "2026-W44", "", ""): 1,
        ("topics", "2026-10", "", "geld"): 1,
        ("topics", "2026-10", "", "eten"): 1,
        ("drempels", "2026-10", "", "schaamte"): 1,
        ("routes", "2026-10", "", "spreekuur"): 1,
        ("routes", "2026-10", "", "wijkteam"): 1,
        ("outcome", "2026-10", "", "ja"): 1,
        ("wijk_topics", "2026-Q4", "onbekend", "geld"): 1,
        ("wijk_topics", "2026-Q4", "onbekend", "eten"): 1,
        ("wijk_drempels", "2026-Q4", "onbekend", "schaamte"): 1,
        ("wijk_routes", "2026-Q4", "onbekend", "spreekuur"): 1,
        ("wijk_routes", "2026-Q4", "onbekend", "wijkteam"): 1,
        ("language_topics", "2026-Q4", "tr", "geld"): 1,
        ("language_topics", "2026-Q4", "tr", "eten"): 1,
        ("language_drempels", "2026-Q4", "tr", "schaamte"): 1,
        ("language_routes", "2026-Q4", "tr", "spreekuur"): 1,
        ("language_routes", "2026-Q4", "tr", "wijkteam"): 1,
        ("channels", "2026-10", "", "web"): 1,
        ("turns", "2026-10", "", "6_of_meer"): 1,
        ("not_understood", "2026-10", "", "2"): 1,
    }


def test_a_crisis_is_counted_by_year_and_nowhere_else(store: Store) -> None:
    store.count(replace(TALK, crisis=("geweld", "geweld")), "nonce")
    assert raw(store) == {("crisis", "2026", "", "geweld"): 1}


def test_a_delivery_that_comes_again_changes_nothing(store: Store) -> None:
    assert store.count(TALK, "nonce")
    before = raw(store)
    assert not store.count(replace(TALK, wijk="noord"), "nonce")
    assert raw(store) == before


def test_what_is_no_id_is_refused_without_being_repeated_and_without_a_trace(store: Store) -> None:
    with pytest.raises(NotAnId) as refused:
        store.count(replace(TALK, topics=("Ik heb schulden",), wijk="bij de Kerk"), "nonce")
    assert "wijk, topics" in str(refused.value) and "schulden" not in str(refused.value)
    assert raw(store) == {} and store.count(TALK, "nonce")


LOGS = st.lists(
    st.tuples(conversation(("2025-W52", "2026-W01", "2026-W44", "2026-W53")), st.integers(0, 12)), max_size=12
)


@given(log=LOGS)
@settings(max_examples=20, deadline=None)
def test_any_log_with_repeated_deliveries_is_counted_as_by_hand(
    database: Store, log: list[tuple[FinishedConversation, int]]
) -> None:
    empty(database)
    firsts: dict[str, FinishedConversation] = {}
    for conversation_, number in log:
        nonce = f"nonce-{number}"
        assert database.count(conversation_, nonce) == (nonce not in firsts)
        firsts.setdefault(nonce, conversation_)
    assert raw(database) == tally(firsts.values())


def test_counts_at_the_same_time_do_not_lose_each_other(store: Store) -> None:
    talks = [
        replace(TALK, wijk=wijk, topics=topics)
        for wijk in ("noord", "zuid")
        for topics in (("geld",), ("eten", "geld"))
    ]
    with ThreadPoolExecutor(8) as pool:
        new = list(pool.map(lambda n: store.count(talks[n % 4], f"nonce-{n // 2}"), range(64)))
    assert sum(new) == 32 and raw(store)["conversations", "2026-W44", "", ""] == 32


def test_after_its_week_was_published_a_conversation_counts_in_the_first_open_week_of_every_table(store: Store) -> None:
    store.count(TALK, "in time")
    publish(store, datetime(2027, 1, 13, tzinfo=AMSTERDAM))
    store.count(replace(TALK, crisis=()), "late")
    assert raw(store)["conversations", "2026-W44", "", ""] == 1
    late = {key for key in raw(store) if key[1].startswith("2027")}
    assert {period for _, period, _, _ in late} == {"2027-W02", "2027-01", "2027-Q1"}
    assert len(late) == len(raw(store)) - len(late)


def test_counters_go_after_thirteen_months_and_what_was_published_of_them_stays(store: Store) -> None:
    for number in range(12):
        store.count(TALK, f"a-{number}")
        store.count(replace(TALK, ended=datetime(2027, 6, 1)), f"b-{number}")
    before = raw(store)
    store.prune(datetime(2027, 10, 27))
    assert raw(store) == before
    store.prune(datetime(2027, 10, 28))  # October 2026, and its quarter, begin on 28 September
    assert {period for _, period, _, _ in raw(store)} == {"2026-W44", "2027-W22", "2027-06", "2027-Q2"}
    store.prune(datetime(2027, 11, 26))
    assert {period for _, period, _, _ in raw(store)} == {"2027-W22", "2027-06", "2027-Q2"}
    with store.engine.begin() as connection:
        kept = connection.execute(
            text("SELECT n FROM published WHERE name = 'topics' AND period = '2026-10' AND id = 'geld'")
        )
        assert kept.scalar_one() == 10


def test_a_nonce_is_forgotten_within_48_hours_of_real_time_whatever_the_fixed_moment(store: Store) -> None:
    day = datetime(2026, 11, 1, 23, 59, tzinfo=timezone.utc)
    then = Store(store.engine, store.known, lambda: day)
    then.count(TALK, "nonce")
    Store(store.engine, store.known, lambda: day + timedelta(hours=23)).prune(datetime(2027, 2, 1))
    assert not then.count(TALK, "nonce")
    Store(store.engine, store.known, lambda: day + timedelta(hours=25)).prune(datetime(2020, 1, 1))
    assert then.count(TALK, "nonce")


def test_migrations_and_schema_are_the_same_and_a_second_run_changes_nothing(store: Store) -> None:
    migrate(store.engine)
    with store.engine.begin() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": _ours})
        assert compare_metadata(context, METADATA) == []


def _ours(name: str | None, kind: str, _: Any) -> bool:
    """Only the statistics' own tables: other tests keep conversations in the same PostgreSQL."""
    return kind != "table" or name in METADATA.tables


def test_no_table_joins_what_may_not_be_joined_and_none_keeps_a_time_or_an_order(store: Store) -> None:
    columns = {name: {column["name"] for column in inspect(store.engine).get_columns(name)} for name in METADATA.tables}
    assert {name for name, found in columns.items() if "n" in found} == {
        "published",
        *(f"count_{measure.name}" for measure in MEASURES),
    }
    assert all(found <= {"name", "period", "side", "id", "n"} for name, found in columns.items() if "n" in found)
    assert columns["nonces"] == {"nonce", "day"}


@pytest.mark.parametrize(
    ("moment", "week", "month", "quarter", "year"),
    [
        (datetime(2026, 11, 1, 23, 59), "2026-W44", "2026-10", "2026-Q4", "2026"),
        (datetime(2026, 11, 2, 0, 0), "2026-W45", "2026-11", "2026-Q4", "2026"),
        (datetime(2027, 1, 3), "2026-W53", "2026-12", "2026-Q4", "2026"),
        (datetime(2025, 12, 29), "2026-W01", "2026-01", "2026-Q1", "2026"),
        (datetime(2026, 9, 28), "2026-W40", "2026-10", "2026-Q4", "2026"),
        (datetime(2026, 11, 1, 23, 30, tzinfo=timezone.utc), "2026-W45", "2026-11", "2026-Q4", "2026"),
    ],
)
def test_a_week_belongs_to_the_periods_of_its_thursday_in_amsterdam(
    moment: datetime, week: str, month: str, quarter: str, year: str
) -> None:
    found = week_of(moment)
    assert [found, *(period_of(found, grain) for grain in ("month", "quarter", "year"))] == [week, month, quarter, year]


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=number) for number in range((last - first).days))


def test_periods_of_one_grain_follow_each_other_without_a_gap() -> None:
    weeks = list(
        dict.fromkeys(
            week_of(datetime(day.year, day.month, day.day)) for day in _days(date(2020, 1, 1), date(2031, 1, 1))
        )
    )
    for grain in ("week", "month", "quarter", "year"):
        periods = list(dict.fromkeys(period_of(week, grain) for week in weeks))[1:-1]
        covered = [week for period in periods for week in weeks_of(period)]
        assert covered == weeks[weeks.index(covered[0]) : weeks.index(covered[-1]) + 1]
        assert all(week_of(middle_of(first_week(period))) == weeks_of(period)[0] for period in periods)
    assert parts_of("2026-Q4") == ("2026-10", "2026-11", "2026-12") and starts("2026-10") == date(2026, 9, 28)


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2027, 11, 26), 13, date(2026, 10, 26)),
        (date(2026, 1, 31), 1, date(2025, 12, 31)),
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
    ],
)
def test_months_back_end_on_a_day_that_exists(day: date, months: int, before: date) -> None:
    assert months_before(day, months) == before
