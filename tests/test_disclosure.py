"""What is shown cannot be turned into what is hidden: by example, and against an attacker with a solver."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.conversation.unmet import unmet
from bot.model import FinishedConversation, Need, Route, Service
from bot.statistics.disclosure import WITHHELD, Cell, Line, of_month, of_quarter, total
from bot.statistics.measures import ASKED_BY
from bot.statistics.periods import middle_of, parts_of
from bot.statistics.publication import publish
from bot.statistics.store import Store
from bot.taxonomy import taxonomy
from tests.disclosure_attacker import Attacker, maybe_withheld, published_in
from tests.disclosure_relations import Key, Published
from tests.statistics_fixtures import QUARTER, SMALL_TOWN, RawCounts, batches, empty, fill, sqlite_store, tally

AFTER_THE_QUARTER = datetime(2026, 4, 2, 12)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return sqlite_store(tmp_path_factory.mktemp("town"))


def released(store: Store, counters: RawCounts) -> Published:
    """All that is published of a quarter with these counters."""
    fill(empty(store), counters)
    publish(store, AFTER_THE_QUARTER)
    return published_in(store)


def attacked(published: Published, open_cells: set[Key]) -> Attacker:
    return Attacker(published, open_cells, SMALL_TOWN, "2026-Q1")


@given(log=batches())
@settings(max_examples=25, deadline=None)
def test_no_hidden_cell_can_be_narrowed_by_all_that_is_published(town: Store, log: list[FinishedConversation]) -> None:
    counters = tally(log)
    published = released(town, counters)
    small = {key for key, n in published.items() if n is None and counters.get(key, 0) < 10}
    assert list(attacked(published, maybe_withheld(published, counters)).narrowed(small)) == []


def test_the_attacker_does_find_what_a_gate_for_each_cell_alone_lets_through(town: Store) -> None:
    web = [talk(week) for week in WEEKS for _ in range(17)]
    counters = tally([talk(WEEKS[0], "whatsapp"), *web[1:]])
    published = released(town, counters)
    naive = published | {("channels", "2026-01", "", "web"): 85}
    whatsapp = ("channels", "2026-01", "", "whatsapp")
    assert published[whatsapp] is None and published["channels", "2026-01", "", "web"] is None
    assert dict(attacked(naive, set()).narrowed({whatsapp})) == {whatsapp: "cannot be 9"}


def test_two_large_wijken_do_not_bound_what_is_hidden_of_a_third(town: Store) -> None:
    """Noord speaks of money, zuid of food: together they are nearly the town, so that the rest would be 0 to 6."""
    log = [
        FinishedConversation(middle_of(parts_of(month)[n % 4]), ("nl", "tr")[n // 2 % 2], channel, wijk, (topic,))
        for month in parts_of("2026-Q1")
        for channel, many in (("web", 52), ("whatsapp", 32))
        for n, (wijk, topic) in enumerate([("noord", "geld"), ("zuid", "eten")] * (many // 2))
    ]
    counters = tally(log)
    published = released(town, counters)
    large = {("wijk_topics", "2026-Q1", "noord", "geld"): 125, ("wijk_topics", "2026-Q1", "zuid", "eten"): 125}
    assert any(published[key] is None for key in large)
    small = {key for key, n in published.items() if n is None and counters.get(key, 0) < 10}
    third = {key for key in small if key[0] == "wijk_topics" and key[2] == "onbekend"}
    naive = dict(attacked(published | large, maybe_withheld(published | large, counters)).narrowed(third))
    assert third and third <= naive.keys()
    assert list(attacked(published, maybe_withheld(published, counters)).narrowed(small)) == []


def test_what_was_missing_in_a_wijk_is_not_bounded_by_the_drempel_it_comes_with(town: Store) -> None:
    """Of 66 who spoke of opening hours 54 missed one. So the others are 12 at most: fewer than noord, less a hidden 0."""
    wijken = ["zuid"] * 44 + ["noord"] * 5 + [None] * 5 + ["noord"] * 9 + [None] * 3
    languages = ["nl"] * 25 + ["tr"] * 32 + ["pl"] * 9
    months = parts_of("2026-Q1")
    log = [
        replace(
            talk(parts_of(months[n % 3])[n % 4], ("web", "whatsapp")[n % 2]),
            wijk=wijken[n] if n < 66 else ("noord", "zuid", None)[n // 3 % 3],
            language=languages[n] if n < 66 else ("nl", "tr", "pl")[n // 9 % 3],
            drempels=(("bereik", "heard"),) if n < 66 else (),
            unmet=("hour",) if n < 54 else (),
            routes=("spreekuur", "wijkteam")[n % 3 % 2 :],
            turns_to_route=1 + n // 2 % 2,
        )
        for n in range(300)
    ]
    counters = tally(log)
    published = released(town, counters)
    noord, zuid = (("wijk_unmet", "2026-Q1", wijk, "hour") for wijk in ("noord", "zuid"))
    asked = {("wijk_drempels", "2026-Q1", "noord", "bereik"): 15, ("wijk_drempels", "2026-Q1", "zuid", "bereik"): 45}
    assert {published[key] for key in (noord, zuid, *asked)} == {None}
    naive = published | asked | {zuid: 45}
    assert dict(attacked(naive, maybe_withheld(naive, counters)).narrowed({noord})) == {noord: "cannot be 0"}
    small = {key for key, n in published.items() if n is None and counters.get(key, 0) < 10}
    assert list(attacked(published, maybe_withheld(published, counters)).narrowed(small)) == []


@pytest.mark.parametrize(("missed", "drempel"), ASKED_BY.items())
def test_the_dialogue_notes_it_as_missing_only_with_its_drempel(missed: str, drempel: str) -> None:
    place = Service("somewhere", "voorziening", "Somewhere", (), date(2026, 1, 1), "nobody")
    routes = [Route("voorziening", place, ("topic",), open_now=False)]
    others = tuple(id_ for id_ in taxonomy().drempels if id_ != drempel)
    assert missed in unmet(Need(("geld",), drempels=(drempel,), language="tr"), routes)
    assert missed not in unmet(Need(("geld",), drempels=others, language="tr"), routes)


WEEKS = parts_of("2026-01")


def talk(week: str, channel: str = "web") -> FinishedConversation:
    return FinishedConversation(middle_of(week), "nl", channel)


@given(log=batches(), later=batches(), weeks=st.lists(st.sampled_from(QUARTER), unique=True))
@settings(max_examples=10, deadline=None)
def test_a_year_of_looking_shows_the_same_as_one_look_and_releases_only_add(
    town: Store, log: list[FinishedConversation], later: list[FinishedConversation], weeks: list[str]
) -> None:
    at_once = released(town, tally(log))
    fill(empty(town), tally(log))
    seen: Published = {}
    for week in sorted(weeks):
        publish(town, middle_of(week))
        assert seen.items() <= published_in(town).items()
        seen = published_in(town)
    publish(town, AFTER_THE_QUARTER)
    assert published_in(town) == at_once
    for number, conversation_ in enumerate(later[:5]):
        town.count(conversation_, f"late-{number}")
    publish(town, AFTER_THE_QUARTER)
    assert published_in(town) == at_once


@pytest.mark.parametrize(
    ("n", "shown"),
    [
        (0, None),
        (1, None),
        (9, None),
        (10, 10),
        (12, 10),
        (13, 15),
        (17, 15),
        (18, 20),
        (28, 30),
        (32, 30),
        (1003, 1005),
    ],
)
def test_a_cell_is_hidden_under_ten_and_then_rounded_to_five(n: int, shown: int | None) -> None:
    cell = Cell.gated(n)
    assert cell.shown == shown and cell.low <= n <= cell.high


@pytest.mark.parametrize(
    ("cells", "shown"), [([None, None], None), ([], None), ([10, None], 10), ([10, 25, None, 15], 50)]
)
def test_a_total_is_the_sum_of_what_is_shown(cells: list[int | None], shown: int | None) -> None:
    assert total(cells) == shown


def line(**counts: int) -> Line:
    return {("", name): Cell.gated(n) for name, n in counts.items()}


def told(line_: Line) -> dict[str, int | None]:
    return {id_: cell.shown for (_, id_), cell in line_.items()}


MONTH: dict[str, Line] = {
    "topics": {},
    "drempels": {},
    "unmet": {},
    "routes": {},
    "outcome": {},
    "turns": {},
    "not_understood": {},
}
"""A month in which nothing was counted but the conversations themselves."""


@pytest.mark.parametrize(
    ("situation", "weeks", "channels", "shown"),
    [
        ("nothing can be worked out", [40, 40, 40, 40], {"web": 120, "whatsapp": 40}, {"web": 120, "whatsapp": 40}),
        ("quiet weeks leave room", [30, 3, 2, 0], {"web": 31, "whatsapp": 4}, {"web": 30, "whatsapp": None}),
        ("the rest can be 0 to 10", [22, 22, 22, 22], {"web": 79, "whatsapp": 9}, {"web": 80, "whatsapp": None}),
        ("the rest would be 0 to 5", [13, 13, 13, 13], {"web": 67, "whatsapp": 0}, {"web": None, "whatsapp": None}),
        ("18 at most, for 13 at least", [13, 0, 0, 0], {"web": 9, "whatsapp": 4}, {"web": None, "whatsapp": None}),
        ("the rest can be 0 to 27", [12, 0, 0, 0], {"web": 12, "whatsapp": 0}, {"web": 10, "whatsapp": None}),
    ],
)
def test_channels_are_shown_as_far_as_the_weeks_allow(
    situation: str, weeks: list[int], channels: dict[str, int], shown: dict[str, int | None]
) -> None:
    lines = MONTH | {"channels": line(**channels)}
    assert told(of_month([Cell.gated(n) for n in weeks], lines)["channels"]) == shown, situation


def test_a_topic_that_would_fill_hidden_weeks_is_withheld() -> None:
    weeks = [Cell.gated(9)] * 4
    lines = MONTH | {"topics": line(geld=36, eten=20), "channels": line(web=36, whatsapp=0)}
    assert told(of_month(weeks, lines)["topics"]) == {"geld": None, "eten": 20}


@pytest.mark.parametrize(
    ("situation", "months", "languages", "shown"),
    [
        ("one quiet month leaves room", [20, 20, 4], {"nl": 42, "tr": 2, "pl": 0}, {"nl": 40, "tr": None, "pl": None}),
        (
            "one language is all there is",
            [20, 20, 20],
            {"nl": 60, "tr": 0, "pl": 0},
            {"nl": None, "tr": None, "pl": None},
        ),
        (
            "none is shown where the rest would be 0 to 5",
            [22, 22, 22],
            {"nl": 42, "tr": 24, "pl": 0},
            {"nl": None, "tr": None, "pl": None},
        ),
        ("two languages leave room", [20, 20, 20], {"nl": 37, "tr": 23, "pl": 0}, {"nl": 35, "tr": 25, "pl": None}),
    ],
)
def test_languages_are_shown_as_far_as_the_months_allow(
    situation: str, months: list[int], languages: dict[str, int], shown: dict[str, int | None]
) -> None:
    found = of_quarter([Cell.gated(n) for n in months], [inf] * 3, [line(**languages)])
    assert told(found[0]) == shown, situation


def test_a_month_that_was_withheld_takes_its_quarter_along() -> None:
    found = of_quarter([Cell.gated(40), WITHHELD, Cell.gated(40)], [inf] * 3, [line(nl=60, tr=60)])
    assert told(found[0]) == {"nl": None, "tr": None}


def test_a_row_is_there_whether_anything_was_counted_in_it_or_not(town: Store) -> None:
    quiet, busy = released(town, {("channels", "2026-01", "", "web"): 1}), released(town, tally([talk("2026-W02")] * 3))
    assert quiet.keys() == busy.keys() and set(quiet.values()) == set(busy.values()) == {None}


def test_an_id_outside_the_lists_has_a_row_only_where_it_is_shown(town: Store) -> None:
    counters = {("topics", "2026-01", "", "nieuw"): 9, ("topics", "2026-02", "", "nieuw"): 24}
    published = released(town, counters)
    assert {key: n for key, n in published.items() if key[3] == "nieuw"} == {("topics", "2026-02", "", "nieuw"): 25}
