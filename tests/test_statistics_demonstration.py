"""The fictional year is made of ids that exist, is the same each time, and never gets into real statistics."""

from __future__ import annotations

import argparse
from collections import Counter
from dataclasses import fields
from datetime import datetime
from pathlib import Path

import pytest

from bot.commands import demo_statistics
from bot.model import FinishedConversation
from bot.settings import Settings
from bot.statistics.demonstration import WEEKS, Year, is_fictional
from bot.statistics.known import Known
from bot.statistics.measures import ASKED_BY
from bot.statistics.periods import week_of
from bot.statistics.store import Store, check_ids
from tests.statistics_fixtures import raw, tally

MOMENT = datetime(2027, 1, 12)


@pytest.fixture(scope="module")
def known() -> Known:
    return Known.of("arnhem")


@pytest.fixture(scope="module")
def year(known: Known) -> list[FinishedConversation]:
    return list(Year(known).conversations(MOMENT))


def test_it_is_a_year_that_ends_with_the_week_before_now(year: list[FinishedConversation]) -> None:
    weeks = [week_of(talk.ended) for talk in year]
    assert (weeks[0], weeks[-1], len(set(weeks))) == ("2026-W02", "2027-W01", WEEKS)
    assert min(Counter(weeks).values()) >= 10 and 5000 < len(year) < 8000


def test_it_holds_every_id_that_is_known_and_no_other(known: Known, year: list[FinishedConversation]) -> None:
    found = {(name, id_) for name, _, _, id_ in tally(year)}
    for name, ids in known.ids.items():
        published = {id_ for table, id_ in found if table == name}
        assert published <= set(ids) and set(ids) - published <= {"crisis", "1"}
    assert {talk.wijk for talk in year} == {None, *known.wijken} and {talk.language for talk in year} == set(
        known.languages
    )
    for talk in year:
        check_ids(talk)


def test_each_conversation_is_one_that_could_be_had(year: list[FinishedConversation]) -> None:
    """What was missing, and "helpt dit?", come with a route; an hour or a language with the drempel that asks for it."""
    for talk in year:
        assert talk.routes or not (talk.unmet or talk.outcome or talk.turns_to_route)
        heard = {drempel for drempel, _ in talk.drempels}
        assert {ASKED_BY[missed] for missed in talk.unmet if missed in ASKED_BY} <= heard
        assert len(heard) == len(talk.drempels)


def test_the_dice_fall_the_same_way_each_time(known: Known, year: list[FinishedConversation]) -> None:
    again = list(Year(known).conversations(MOMENT))
    assert all(
        [getattr(talk, f.name) for talk in again] == [getattr(talk, f.name) for talk in year] for f in fields(year[0])
    )


@pytest.mark.parametrize("written", ["real", "foreign", "no database"])
def test_what_is_not_fictional_is_never_written_to(tmp_path: Path, known: Known, written: str) -> None:
    path = tmp_path / "some.db"
    if written == "real":
        Store.open(f"sqlite:///{path}", known).count(FinishedConversation(MOMENT, "nl", "web"), "nonce")
    else:
        path.write_bytes(b"" if written == "foreign" else b"a letter")
    before = path.read_bytes()
    settings = Settings({"DREMPELHULP_VAR": str(tmp_path)})
    assert demo_statistics.run(argparse.Namespace(database=path), settings) == demo_statistics.REFUSED
    assert path.read_bytes() == before


def test_a_fictional_store_is_known_as_one_and_holds_what_was_counted(tmp_path: Path, known: Known) -> None:
    path = tmp_path / "a map" / "demo.db"
    store = Store.open(f"sqlite:///{path}", known)
    assert not is_fictional(path)
    store.mark_fictional()
    store.mark_fictional()
    assert is_fictional(path) and store.is_fictional() and raw(store) == {}
