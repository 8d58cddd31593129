"""Random logs of conversations, from their events to the counters, agree with a count by hand that shares no code with it."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.engine.conversations import Conversations
from bot.engine.expiry import expire
from bot.engine.tables import open_engine
from bot.settings import AMSTERDAM
from bot.statistics.counting import read
from bot.statistics.measures import MEASURES
from bot.statistics.store import Store
from tests.statistics_fixtures import SMALL_TOWN, RawCounts, empty, postgresql_url, raw, sqlite_store

Slots = dict[str, Any]
FIRST = datetime(2025, 12, 20, 12, tzinfo=AMSTERDAM)
SOME = {
    "language": st.sampled_from(("nl", "tr", "pl")),
    "channel": st.sampled_from(("web", "whatsapp")),
    "topics": st.lists(st.sampled_from(("geld", "eten")), max_size=3),
    "wijken": st.sampled_from(([], ["noord"], ["zuid"], ["noord", "zuid"])),
    "drempels": st.dictionaries(st.sampled_from(("schaamte", "taal")), st.sampled_from(("heard", "asked"))),
    "drempel": st.sampled_from(("heard", "asked", "skipped")),
    "kinds": st.lists(st.sampled_from(("spreekuur", "wijkteam")), max_size=3),
    "unmet": st.lists(st.sampled_from(("hour", "language", "halal", "women_only", "place", "service")), max_size=3),
    "outcomes": st.lists(st.sampled_from(("nee", "beetje", "ja")), max_size=3),
    "turns_to_route": st.integers(1, 9),
    "not_understood": st.integers(0, 5),
    "crisis": st.sampled_from(([], [], [], ["geweld"], ["geweld", "dakloos"])),
}
EVENTS = st.lists(st.one_of([st.tuples(st.just(name), values) for name, values in SOME.items()]), max_size=14)
"""Slots as they were set one after the other: the last value stands."""
LOGS = st.lists(st.tuples(EVENTS, st.integers(0, 400)), max_size=8)
"""(events, the day after FIRST on which it was over)"""


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Store:
    if request.param == "postgresql":
        return Store.open(postgresql_url(), SMALL_TOWN)
    return sqlite_store(tmp_path_factory.mktemp("brute"))


@pytest.fixture(scope="module")
def conversations(tmp_path_factory: pytest.TempPathFactory) -> Conversations:
    return Conversations(open_engine(f"sqlite:///{tmp_path_factory.mktemp('running')}/conversations.db"))


@given(log=LOGS)
@settings(max_examples=25, deadline=None)
def test_every_counter_is_what_a_count_by_hand_says(
    store: Store, conversations: Conversations, log: list[tuple[list[tuple[str, Any]], int]]
) -> None:
    empty(store)
    expected: Counter[tuple[str, str, str, str]] = Counter()
    for number, (events, day) in enumerate(log):
        rows = [{"e": "slot", "t": 1.0, "k": name, "v": value} for name, value in events]
        conversations.append(f"talk-{number}", 0, rows, None)
        over = FIRST + timedelta(days=day)
        assert expire(conversations, -1, over) == 1
        expected.update(by_hand(dict(events), over))
    waiting = conversations.outbox()
    for nonce, data in [*waiting, *waiting]:
        store.count(read(data), nonce)
    conversations.delivered(nonce for nonce, _ in waiting)
    assert raw(store) == expected


def by_hand(slots: Slots, over: datetime) -> RawCounts:
    """The cells that one conversation adds to, read off the definitions on the dashboard, one by one."""
    thursday = over.date() + timedelta(days=4 - over.isoweekday())
    week = "{}-W{:02}".format(*over.isocalendar()[:2])
    month, quarter, year = f"{thursday:%Y-%m}", f"{thursday.year}-Q{-(-thursday.month // 3)}", str(thursday.year)
    if slots.get("crisis"):
        return {("crisis", year, "", id_): 1 for id_ in slots["crisis"]}
    many = {
        "topics": slots.get("topics", []),
        "drempels": list(slots.get("drempels", {})),
        "routes": slots.get("kinds", []),
        "unmet": slots.get("unmet", []),
    }
    one = {
        "channels": slots.get("channel", "web"),
        "outcome": next((word for word in ("ja", "beetje", "nee") if word in slots.get("outcomes", [])), None),
        "turns": capped(slots.get("turns_to_route"), 6),
        "not_understood": capped(slots.get("not_understood") or None, 3),
    }
    named = slots.get("wijken", [])
    wijk = named[0] if len(named) == 1 else "onbekend"
    cells = [("conversations", week, "", "")]
    cells += [(table, month, "", id_) for table, id_ in one.items() if id_ is not None]
    for table, ids in many.items():
        cells += [(table, month, "", id_) for id_ in ids]
        cells += [(f"wijk_{table}", quarter, wijk, id_) for id_ in ids]
        if table != "unmet":
            cells += [(f"language_{table}", quarter, slots.get("language", "nl"), id_) for id_ in ids]
    return dict.fromkeys(cells, 1)


def capped(number: int | None, most: int) -> str | None:
    return None if number is None else str(number) if number < most else f"{most}_of_meer"


def test_the_count_by_hand_knows_every_table() -> None:
    everything: Slots = {
        "topics": ["geld"], "drempels": {"taal": "heard"}, "kinds": ["wijkteam"], "unmet": ["hour"], "outcomes": ["ja"],
        "turns_to_route": 1, "not_understood": 1,
    }  # fmt: skip
    counted = {table for talk in (everything, {"crisis": ["geweld"]}) for table, *_ in by_hand(talk, FIRST)}
    assert counted == {measure.name for measure in MEASURES}
