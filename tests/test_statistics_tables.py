"""The published tables are those of the contract, hold only periods that are over, and add up to what they show."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import defaultdict
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from bot.i18n.catalogue import catalogue
from bot.model import FinishedConversation
from bot.paths import ROOT
from bot.settings import Settings
from bot.statistics.counting import open_store
from bot.statistics.known import Known
from bot.statistics.measures import MEASURES
from bot.statistics.periods import grain_of, parts_of
from bot.statistics.store import Store
from bot.statistics.tables import Table, tables
from tests.statistics_fixtures import batches, empty, fill, sqlite_store, tally

BY_MONTH = ("topics", "drempels", "routes", "unmet", "outcome", "channels", "turns", "not_understood")
BY_QUARTER = tuple(f"wijk_{name}" for name in BY_MONTH[:4]) + tuple(f"language_{name}" for name in BY_MONTH[:3])
GRAINS_OF = (
    {"conversations": ["week", "month", "quarter", "year"], "crisis": ["year"]}
    | {name: ["month", "quarter", "year"] for name in BY_MONTH}
    | {name: ["quarter", "year"] for name in BY_QUARTER}
)
"""The closed list of the contract."""


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return sqlite_store(tmp_path_factory.mktemp("tables"))


@pytest.fixture
def store(database: Store) -> Store:
    return empty(database)


def cells(table: Table, period: str) -> dict[tuple[str, ...], Any]:
    """The rows of one period by their ids."""
    wanted = (row for row in table["rows"] if row["period"] == period)
    return {tuple(row[name] for name in table["columns"]): row["cell"] for row in wanted}


def talks(day: datetime, number: int, **given: Any) -> list[FinishedConversation]:
    return [FinishedConversation(**{"ended": day, "language": "nl", "channel": "web", **given})] * number


def test_the_tables_are_the_closed_list_of_the_contract(store: Store) -> None:
    published = tables(store, datetime(2026, 3, 1))
    assert {name: table["grains"] for name, table in published.items()} == GRAINS_OF
    assert all(catalogue().has(table["definition"], "nl") for table in published.values())


def test_a_period_is_published_when_it_is_over_and_not_before(store: Store) -> None:
    fill(store, tally(talks(datetime(2026, 1, 6), 12, topics=("geld",))))
    before = tables(store, datetime(2026, 1, 11, 23, 59))  # Sunday of the second week
    assert [row["period"] for row in before["conversations"]["rows"]] == ["2026-W01"] and not before["topics"]["rows"]
    after = tables(store, datetime(2026, 2, 2))
    assert cells(after["conversations"], "2026-W02") == {(): {"n": 10}}
    assert cells(after["conversations"], "2026-W03") == {(): {"n": None, "hidden": True}}
    assert cells(after["conversations"], "2026-01") == {(): {"n": 10}}
    assert cells(after["topics"], "2026-01") == {("geld",): {"n": 10}, ("eten",): {"n": None, "hidden": True}}
    assert not after["wijk_topics"]["rows"] and not cells(after["topics"], "2026-Q1")


def test_what_was_shown_is_not_shown_before_its_time_when_the_clock_is_set_back(store: Store) -> None:
    fill(store, tally(talks(datetime(2026, 1, 6), 12)))
    tables(store, datetime(2027, 1, 10))
    assert [row["period"] for row in tables(store, datetime(2026, 1, 12))["conversations"]["rows"]] == [
        "2026-W01",
        "2026-W02",
    ]


def test_every_wijk_and_onbekend_has_its_rows_and_a_crisis_is_in_no_other_table(store: Store) -> None:
    log = talks(datetime(2026, 2, 3), 14, wijk="noord", topics=("geld",)) + talks(
        datetime(2026, 2, 3), 11, topics=("geld",)
    )
    log += talks(datetime(2026, 2, 3), 12, topics=("geld",), crisis=("geweld",))
    fill(store, tally(log))
    published = tables(store, datetime(2027, 1, 10))
    shown = {
        side: cell["n"] for (side, id_), cell in cells(published["wijk_topics"], "2026-Q1").items() if id_ == "geld"
    }
    assert shown == {"noord": 15, "zuid": None, "onbekend": 10}
    assert cells(published["crisis"], "2026") == {("geweld",): {"n": 10}, ("dakloos",): {"n": None, "hidden": True}}
    assert cells(published["conversations"], "2026") == {(): {"n": 25}}
    assert cells(published["language_topics"], "2026")["nl", "geld"] == {"n": 25}


@given(log=batches())
@settings(max_examples=15, deadline=None)
def test_every_period_and_total_is_the_sum_of_what_is_shown_below_it(
    database: Store, log: list[FinishedConversation]
) -> None:
    fill(empty(database), tally(log))
    for table in tables(database, datetime(2027, 1, 10)).values():
        finest = table["grains"][0]
        below: dict[tuple[str, tuple[str, ...]], list[int]] = defaultdict(list)
        totals: dict[str, list[int]] = defaultdict(list)
        for row in table["rows"]:
            n, ids = row["cell"]["n"], tuple(row[name] for name in table["columns"])
            assert row["cell"] == ({"n": None, "hidden": True} if n is None else {"n": n})
            assert n is None or (n >= 10 and n % 5 == 0)
            below[row["period"], ids] += [n] if n else []
            totals[row["period"]] += [n] if n else []
        for (period, ids), shown in below.items():
            if grain_of(period) != finest:
                assert sum(shown) == sum(sum(below[part, ids]) for part in parts_of(period))
        assert {row["period"]: row["cell"]["n"] for row in table["total"]} == {
            period: sum(shown) or None for period, shown in totals.items()
        }


def test_the_ids_of_a_municipality_are_those_of_the_taxonomy_and_its_folder() -> None:
    known = Known.of("arnhem")
    assert known.gemeente == "Arnhem" and len(known.wijken) == 24 and known.wijken["klarendal"] == "Klarendal"
    keys = {measure.name: len(known.keys(measure)) for measure in MEASURES}
    assert keys["conversations"] == 1 and keys["wijk_topics"] == 25 * 15 and keys["language_drempels"] == 5 * 13


COMMAND = """
import argparse, sys
from bot.commands import statistics
from bot.settings import Settings
parser = argparse.ArgumentParser()
statistics.add_arguments(parser)
sys.exit(statistics.run(parser.parse_args(), Settings()))
"""


def printed(var: Path, *arguments: str, **settings_: str) -> subprocess.CompletedProcess[str]:
    environment = {"DREMPELHULP_VAR": str(var), "DREMPELHULP_NOW": "2027-01-10", "PATH": "", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", COMMAND, *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=environment | settings_, check=False)


def test_the_command_prints_every_table_as_one_json_object_and_as_text(tmp_path: Path) -> None:
    store = open_store(Settings({"DREMPELHULP_VAR": str(tmp_path)}))
    fill(store, tally(talks(datetime(2026, 2, 3), 14, wijk="klarendal", topics=("geld",))))
    as_json = json.loads(printed(tmp_path, "--json").stdout)
    assert as_json == json.loads(json.dumps(tables(store, datetime(2027, 1, 10))))
    as_text = printed(tmp_path).stdout
    assert (
        "Onderwerpen per wijk, het vierde kwartaal van 2026" in as_text and "15  Klarendal: Geld en schulden" in as_text
    )


def test_the_command_says_so_when_the_database_is_away(tmp_path: Path) -> None:
    (tmp_path / "statistics.db").mkdir()
    away = printed(tmp_path, "--json")
    assert away.returncode == 1 and "DREMPELHULP_DATABASE_URL" in away.stderr and not away.stdout
