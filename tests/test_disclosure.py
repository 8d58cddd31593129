"""What is shown cannot be turned into what is hidden: by example, and against an attacker with a solver."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from bot.model import FinishedConversation
from bot.statistics.disclosure import WITHHELD, Cell, Line, of_month, of_quarter, total
from bot.statistics.periods import middle_of, parts_of
from bot.statistics.publication import publish
from bot.statistics.schema import PUBLISHED
from bot.statistics.store import Store
from tests.statistics_fixtures import QUARTER, SMALL_TOWN, RawCounts, batches, empty, fill, sqlite_store, tally

AFTER_THE_QUARTER = datetime(2026, 4, 2, 12)
Key = tuple[str, str, str, str]
"""(table, period, wijk or language or nothing, id)"""
Published = dict[Key, int | None]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return sqlite_store(tmp_path_factory.mktemp("town"))


def released(store: Store, counters: RawCounts) -> Published:
    """All that is published of a quarter with these counters."""
    fill(empty(store), counters)
    publish(store, AFTER_THE_QUARTER)
    return published_in(store)


def published_in(store: Store) -> Published:
    with store.engine.begin() as connection:
        rows = connection.execute(PUBLISHED.select()).all()
    return {(row.name, row.period, row.side, row.id): row.n for row in rows}


class Attacker:
    """Knows the program and all that is published, and asks a solver which numbers a hidden cell can still be.

    A hidden cell is 0 to 9, unless it may have been withheld: those in `open_cells` can be anything.
    """

    def __init__(self, published: Published, open_cells: set[Key]) -> None:
        self.hidden = [key for key, n in published.items() if n is None]
        self.place: dict[object, int] = {key: number for number, key in enumerate(published)}
        self.rooms = [self._room(n, key in open_cells) for key, n in published.items()]
        self.rows: list[dict[int, float]] = []
        self.equal: list[bool] = []
        self.published = published
        for month in parts_of("2026-Q1"):
            self._learn_month(month)
        self._learn_quarter("2026-Q1")

    @staticmethod
    def _room(n: int | None, is_open: bool) -> tuple[float, float]:
        if n is None:
            return (0, np.inf) if is_open else (0, 9)
        return (max(10, n - 2), n + 2)

    def _unknown(self, name: object) -> object:
        self.place[name] = len(self.place)
        self.rooms.append((0, np.inf))
        return name

    def _cells(self, name: str, period: str, id_: str | None = None) -> list[object]:
        return [key for key in self.published if key[:2] == (name, period) and id_ in (None, key[3])]

    def _at_most(self, parts: Iterable[object], wholes: Iterable[object], equal: bool = False) -> None:
        row: dict[int, float] = defaultdict(float)
        for key in parts:
            row[self.place[key]] += 1
        for key in wholes:
            row[self.place[key]] -= 1
        self.rows.append(row)
        self.equal.append(equal)

    def _learn_month(self, month: str) -> None:
        city, routed = self._unknown(("all", month)), self._unknown(("routed", month))
        weeks = [key for week in parts_of(month) for key in self._cells("conversations", week)]
        self._at_most(weeks, [city], equal=True)
        self._at_most(self._cells("channels", month), [city], equal=True)
        self._at_most(self._cells("turns", month), [routed], equal=True)
        self._at_most([routed], [city])
        self._at_most([routed], self._cells("routes", month))
        self._at_most(self._cells("outcome", month), [routed])
        self._at_most(self._cells("not_understood", month), [city])
        for name, whole in (("topics", city), ("drempels", city), ("unmet", routed), ("routes", routed)):
            for cell in self._cells(name, month):
                self._at_most([cell], [whole])

    def _learn_quarter(self, quarter: str) -> None:
        for name in ("topics", "drempels", "routes", "unmet"):
            for id_ in SMALL_TOWN.ids[name]:
                months = [key for month in parts_of(quarter) for key in self._cells(name, month, id_)]
                for side in ("wijk", "language"):
                    cells = self._cells(f"{side}_{name}", quarter, id_)
                    if cells:
                        self._at_most(cells, months, equal=True)
        for by in ("wijk", "language"):
            self._learn_sides(quarter, by)

    def _learn_sides(self, quarter: str, by: str) -> None:
        """Each conversation stands on one side with all its ids: a side has as many as its largest cell, or more."""
        talks: list[object] = []
        routed: list[object] = []
        for side in dict.fromkeys(key[2] for key in self.published if key[0] == f"{by}_topics"):
            own, with_route = self._unknown(("of", by, side)), self._unknown(("routed of", by, side))
            talks, routed = [*talks, own], [*routed, with_route]
            for name, whole in (("topics", own), ("drempels", own), ("routes", with_route), ("unmet", with_route)):
                for key in self._cells(f"{by}_{name}", quarter):
                    if key[2] == side:  # type: ignore[index]
                        self._at_most([key], [whole])
            self._at_most([with_route], [own])
            kinds = [key for key in self._cells(f"{by}_routes", quarter) if key[2] == side]  # type: ignore[index]
            self._at_most([with_route], kinds)
        self._at_most(talks, [("all", month) for month in parts_of(quarter)], equal=True)
        self._at_most(routed, [("routed", month) for month in parts_of(quarter)], equal=True)

    def solve(self, goal: np.ndarray) -> np.ndarray | None:
        """A whole-number world that agrees with all that is known and makes the goal least; None where there is none."""
        matrix = np.zeros((len(self.rows), len(self.place)))
        for number, row in enumerate(self.rows):
            for place, factor in row.items():
                matrix[number, place] = factor
        lows = np.where(self.equal, 0, -np.inf)
        low, high = np.array(self.rooms, dtype=float).T
        high = np.minimum(high, 10_000)
        found = milp(
            goal,
            constraints=LinearConstraint(matrix, lows, 0),
            bounds=Bounds(low, high),
            integrality=1,
            options={"presolve": False},
        )
        return found.x if found.success else None

    def narrowed(self, small: set[Key]) -> Iterator[tuple[Key, str]]:
        """Hidden cells with fewer than ten candidates; of `small`, which are 0 to 9, those that cannot be each of these.

        Sums of whole numbers leave no gap between the least and the most.
        """
        least = self._ends([key for key in self.hidden if key in small], 1, 0)
        most = self._ends([key for key in self.hidden if key in small], -1, 9)
        yield from ((key, "cannot be 0") for key in least)
        yield from ((key, "cannot be 9") for key in most)
        for key in self.hidden:
            if key not in small and self._end(key, -1) - self._end(key, 1) < 9:
                yield key, "was withheld, and has fewer than ten candidates"

    def _ends(self, keys: list[Key], sign: int, end: int) -> list[Key]:
        """Those of the keys that cannot reach the end: tried all together first, for one world may show it of many."""
        world = self._world(keys, sign)
        left = [key for key in keys if sign * world[self.place[key]] > sign * end + 0.5]
        return [key for key in left if sign * self._end(key, sign) > sign * end + 0.5]

    def _end(self, key: Key, sign: int) -> float:
        return float(self._world([key], sign)[self.place[key]])

    def _world(self, keys: list[Key], sign: int) -> np.ndarray:
        goal = np.zeros(len(self.place))
        goal[[self.place[key] for key in keys]] = sign
        world = self.solve(goal)
        assert world is not None, "what the attacker knows is true, so one world at least agrees with it"
        return world


def line_of(key: Key) -> Key | tuple[str, str]:
    """The line with which a cell is shown or withheld."""
    name, period, _, id_ = key
    if name in ("channels", "turns", "outcome", "not_understood"):
        return (name, period)
    return (name, period, "", id_) if name.startswith(("wijk_", "language_")) else key


def maybe_withheld(published: Published, counters: RawCounts) -> set[Key]:
    """Hidden cells of which a reader of the program cannot know that they are small: those withheld, and silent lines."""
    shown = {line_of(key) for key, n in published.items() if n is not None}
    silent = {key for key, n in published.items() if n is None and line_of(key) not in shown and line_of(key) != key}
    return silent | {key for key, n in published.items() if n is None and counters.get(key, 0) >= 10}


@given(log=batches())
@settings(max_examples=25, deadline=None)
def test_no_hidden_cell_can_be_narrowed_by_all_that_is_published(town: Store, log: list[FinishedConversation]) -> None:
    counters = tally(log)
    published = released(town, counters)
    small = {key for key, n in published.items() if n is None and counters.get(key, 0) < 10}
    assert list(Attacker(published, maybe_withheld(published, counters)).narrowed(small)) == []


def test_the_attacker_does_find_what_a_gate_for_each_cell_alone_lets_through(town: Store) -> None:
    web = [talk(week) for week in WEEKS for _ in range(17)]
    counters = tally([talk(WEEKS[0], "whatsapp"), *web[1:]])
    published = released(town, counters)
    naive = published | {("channels", "2026-01", "", "web"): 85}
    whatsapp = ("channels", "2026-01", "", "whatsapp")
    assert published[whatsapp] is None and published["channels", "2026-01", "", "web"] is None
    assert dict(Attacker(naive, set()).narrowed({whatsapp})) == {whatsapp: "cannot be 9"}


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
    naive = dict(Attacker(published | large, maybe_withheld(published | large, counters)).narrowed(third))
    assert third and third <= naive.keys()
    assert list(Attacker(published, maybe_withheld(published, counters)).narrowed(small)) == []


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
        ("silence would tell: 18 at most", [12, 0, 0, 0], {"web": 12, "whatsapp": 0}, {"web": None, "whatsapp": None}),
        ("and does not beside a larger cell", [12, 3, 0, 0], {"web": 15, "whatsapp": 0}, {"web": 15, "whatsapp": None}),
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
            "the smallest shown one gives way",
            [22, 22, 22],
            {"nl": 42, "tr": 24, "pl": 0},
            {"nl": 40, "tr": None, "pl": None},
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
