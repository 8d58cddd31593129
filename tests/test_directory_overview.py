"""What an editor is told of the map: how old its facts are, where it has nothing, and what single things leave open."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from bot.__main__ import main
from bot.dashboard.words import word
from bot.directory import Directory, load
from bot.directory.completeness import UNKNOWN, empty_wijken, unknown, untranslated
from bot.directory.files import files
from bot.directory.gap_groups import grouped
from bot.directory.gaps import Gap, gaps, helps_anybody, takes_away
from bot.directory.staleness import AGEING, OLD, last_day, newest, stale
from bot.languages import complete
from bot.model import Service, Source
from bot.paths import GEMEENTEN
from bot.taxonomy import taxonomy

TODAY = date(2026, 11, 24)
TOWNS = ("voorbeeldstad", "arnhem")
OTHERS = [code for code in complete() if code != "nl"]


@pytest.fixture(scope="module", params=TOWNS)
def any_town(request: pytest.FixtureRequest) -> Directory:
    return load(GEMEENTEN / request.param)


@pytest.fixture(scope="module")
def town() -> Directory:
    return load(GEMEENTEN / "voorbeeldstad")


def a_service(**given: Any) -> Service:
    """A place in Voorbeeldstad where anybody can go for money."""
    known = {"id": "x", "kind": "voorziening", "name": "X", "sources": (Source("X"),), "checked": TODAY}
    rest = {"checked_by": "x", "topics": ("geld",), "access": ("phone",), "phone": "0999-000 99"}
    return Service(**{**known, **rest, **given})


def with_only(town: Directory, *services: Service) -> Directory:
    """The town with these things, its wijkteams and the number of the gemeente."""
    kept = {id_: one for id_, one in town.services.items() if one.kind == "wijkteam" or one == town.floor}
    return replace(town, services={**kept, **{one.id: one for one in services}}, unconfirmed={})


# How old it is


@pytest.mark.parametrize(
    ("days", "group"),
    [(-1, "future"), (0, "fresh"), (89, "fresh"), (90, "ageing"), (179, "ageing"), (180, "old"), (4000, "old")],
)
def test_a_thing_is_in_the_group_of_its_age(town: Directory, days: int, group: str) -> None:
    found = stale(with_only(town, a_service(checked=TODAY - timedelta(days=days))), TODAY)
    [thing] = [one for one in getattr(found, group) if one.service.id == "x"]
    assert thing.days == days
    others = {"future", "fresh", "ageing", "old"} - {group}
    assert not any(one.service.id == "x" for name in others for one in getattr(found, name))


@pytest.mark.parametrize("later", [-30, 0, AGEING - 1, AGEING, OLD - 1, OLD, 1000])
def test_everything_that_residents_see_is_in_one_group(any_town: Directory, later: int) -> None:
    day = TODAY + timedelta(days=later)
    found = stale(any_town, day)
    grouped_ids = [one.service.id for name in ("old", "ageing", "future", "fresh") for one in getattr(found, name)]
    shown = [id_ for id_, one in any_town.services.items() if one.stopped is None or one.stopped > day]
    assert sorted(grouped_ids) == sorted(shown)
    assert {one.service.id for one in found.unconfirmed} == set(any_town.unconfirmed)


def test_the_oldest_comes_first(town: Directory) -> None:
    long_ago = a_service(checked=date(2020, 1, 1))
    assert (
        stale(with_only(town, a_service(id="y", checked=date(2021, 1, 1)), long_ago), TODAY).old[0].service == long_ago
    )


def test_what_has_stopped_is_not_looked_at(town: Directory) -> None:
    old = a_service(checked=date(2020, 1, 1), stopped=TODAY)
    assert stale(with_only(town, old), TODAY).old == ()
    assert stale(with_only(town, old), TODAY - timedelta(days=1)).old != ()


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2025-12-06", date(2025, 12, 6)),
        ("2020-03", date(2020, 3, 31)),
        ("2024-02", date(2024, 2, 29)),
        ("2018", date(2018, 12, 31)),
        ("ongedateerd", None),
        ("ongedateerd (2017 of later)", None),
        ("jaar onbekend, ongeveer 2020", None),
        ("2025-02-30", None),
        ("2025-13", None),
        ("", None),
    ],
)
def test_a_date_of_a_source_is_its_last_possible_day(text: str, day: date | None) -> None:
    assert last_day(text) == day


def test_the_newest_source_that_has_a_date_counts(town: Directory) -> None:
    sources = (Source("a", date="2019"), Source("b", date="2026-01-10"), Source("c", date="ongedateerd"))
    assert newest(sources) == date(2026, 1, 10)
    found = stale(with_only(town, a_service(sources=sources)), TODAY)
    assert [one.service.id for one in found.older_sources if one.service.id == "x"] == ["x"]
    fresh = stale(with_only(town, a_service(sources=(*sources, Source("d", date="2026-11")))), TODAY)
    assert not any(one.service.id == "x" for one in fresh.older_sources)
    undated = stale(with_only(town, a_service(sources=(Source("c", date="ongedateerd"), Source("d")))), TODAY)
    assert [one.service.id for one in undated.undated if one.service.id == "x"] == ["x"]


def test_what_is_old_itself_is_not_named_again_for_its_sources(town: Directory) -> None:
    service = a_service(checked=date(2020, 1, 1), sources=(Source("a", date="2019"),))
    found = stale(with_only(town, service), TODAY)
    assert not any(one.service.id == "x" for one in found.older_sources)


# Where there is nothing


def brute_force(directory: Directory, today: date) -> Iterator[Gap]:
    """Each combination by itself, each thing asked anew."""
    shown = [
        one for one in directory.services.values() if helps_anybody(one) and not (one.stopped and one.stopped <= today)
    ]
    for wijk, topic in product(directory.wijken, taxonomy().topics):
        here = [s for s in shown if wijk in (s.wijken or directory.wijken) and topic in (s.topics or taxonomy().topics)]
        if not any(
            s.kind in ("voorziening", "spreekuur") and set(s.access) - {"via_wijkteam", "via_huisarts"} for s in here
        ):
            yield Gap("lighter", wijk, topic)
        for code in OTHERS:
            if not any(code in s.languages for s in here):
                yield Gap("language", wijk, topic, code)
        for drempel in taxonomy().drempels:
            over = [s for s in here if takes_away(s, drempel)]
            if not over:
                yield Gap("drempel", wijk, topic, None, drempel)
            for code in OTHERS:
                speaks = any(code in s.languages for s in here)
                if over and speaks and not any(code in s.languages for s in over):
                    yield Gap("together", wijk, topic, code, drempel)


def test_every_combination_is_there_as_if_each_was_looked_up(any_town: Directory) -> None:
    needs = gaps(any_town, TODAY).needs
    assert len(set(needs)) == len(needs) > 0
    assert set(needs) == set(brute_force(any_town, TODAY))


def test_the_few_lines_say_the_same_as_all_combinations(any_town: Directory) -> None:
    needs = gaps(any_town, TODAY).needs
    told = [
        Gap(group.missing, *cell)
        for group in grouped(needs, any_town)
        for cell in product(group.wijken, group.topics, group.languages or (None,), group.drempels or (None,))
    ]
    assert sorted(told, key=repr) == sorted(needs, key=repr)
    assert len(grouped(needs, any_town)) < 60


HERE = Gap("lighter", "dorpskern", "geld")


@pytest.mark.parametrize(
    ("what", "given", "fills"),
    [
        ("a place that can be called", {}, True),
        ("a place in another wijk", {"wijken": ("parkzicht",)}, False),
        ("a place for something else", {"topics": ("eten",)}, False),
        ("a walk-in hour that helps with all", {"kind": "spreekuur", "topics": (), "hours": "Mo 10:00-12:00"}, True),
        ("a desk of the gemeente", {"kind": "gemeente"}, False),
        ("only through the wijkteam", {"access": ("via_wijkteam",)}, False),
        ("only through the doctor", {"access": ("via_huisarts",)}, False),
        ("through the wijkteam or by telephone", {"access": ("via_wijkteam", "phone")}, True),
        ("a walk-in of which nobody knows when", {"access": ("walk_in",)}, False),
        ("a walk-in with its hours", {"access": ("walk_in",), "hours": "Mo 10:00-12:00"}, True),
        ("only for somebody with a child", {"traits": ("kind_0_4",)}, False),
        ("only for the young", {"age_max": 26}, False),
        ("only for the old", {"age_min": 60}, False),
        ("for grown-ups", {"age_min": 18, "age_max": 67}, True),
        ("stopped today", {"stopped": TODAY}, False),
        ("stops tomorrow", {"stopped": TODAY + timedelta(days=1)}, True),
        ("a number for a crisis", {"kind": "crisis", "topics": (), "crisis": ("geweld",)}, False),
    ],
)  # fmt: skip
def test_lighter_help_is_what_anybody_can_go_to(town: Directory, what: str, given: dict[str, Any], fills: bool) -> None:
    assert HERE in gaps(with_only(town), TODAY).needs
    assert (HERE not in gaps(with_only(town, a_service(**given)), TODAY).needs) == fills, what


def test_what_is_not_confirmed_fills_nothing(town: Directory) -> None:
    assert "spreekuur-in-de-maak" in town.unconfirmed
    assert gaps(town, TODAY).needs == gaps(replace(town, unconfirmed={}), TODAY).needs


@pytest.mark.parametrize(
    ("drempel", "given", "taken"),
    [
        ("schaamte", {"anonymous": True}, True),
        ("schaamte", {"anonymous": False}, False),
        ("schaamte", {}, False),
        ("taal", {"interpreter": True}, True),
        ("wantrouwen", {"independent": True}, True),
        ("kosten", {"free": True}, True),
        ("kosten", {"free": False}, False),
        ("digitaal", {"access": ("online",)}, False),
        ("digitaal", {"access": ("online", "home_visit")}, True),
        ("cultuur", {"suits": ("halal",)}, True),
        ("cultuur", {"suits": ("wheelchair",)}, False),
        ("niet_weten", {"anonymous": True, "free": True, "independent": True}, False),
        ("niet_weten", {"removes": ("niet_weten",)}, True),
        ("geen_netwerk", {"removes": ("schaamte",)}, False),
    ],
)
def test_a_drempel_is_taken_away_by_saying_so_or_by_a_fact(drempel: str, given: dict[str, Any], taken: bool) -> None:
    assert takes_away(a_service(**given), drempel) == taken


def test_a_language_and_a_drempel_may_each_be_there_and_not_in_one_place(town: Directory) -> None:
    speaks, anonymous = a_service(id="speaks", languages=("pap",)), a_service(id="anonymous", anonymous=True)
    gap = Gap("together", "dorpskern", "geld", "pap", "schaamte")
    assert gap in gaps(with_only(town, speaks, anonymous), TODAY).needs
    assert gap not in gaps(with_only(town, replace(speaks, anonymous=True), anonymous), TODAY).needs


# What single things leave open


def test_a_sentence_is_listed_with_the_languages_that_it_lacks() -> None:
    half = a_service(say={"nl": "Hallo.", "tr": "Merhaba."}, cost={"nl": "Vijf euro."}, not_for={})
    found = {(one.field, one.languages) for one in untranslated([half], OTHERS)}
    assert found == {("say", ("pl", "pap", "en")), ("cost", ("tr", "pl", "pap", "en"))}
    assert untranslated([a_service(say=dict.fromkeys(complete(), "Hallo."))], OTHERS) == ()


@pytest.mark.parametrize(
    ("given", "lacks"),
    [
        ({}, set()),
        ({"access": ("walk_in",)}, {"hours", "address"}),
        ({"access": ("walk_in",), "hours": "24/7", "address": "Plein 1"}, set()),
        ({"kind": "spreekuur", "hours": "24/7"}, {"address"}),
        ({"phone": None}, {"phone"}),
        ({"phone": None, "whatsapp": "0999-000 98"}, set()),
        ({"phone": None, "phone_of": "gemeente"}, {"own_phone"}),
        ({"phone": None, "access": ("via_wijkteam",)}, set()),
        ({"access": ("phone", "online")}, {"url"}),
        ({"free": False}, {"cost"}),
        ({"free": False, "cost": {"nl": "Vijf euro."}}, set()),
        ({"free": True}, set()),
    ],
)
def test_a_fact_that_a_resident_needs_there_is_told(given: dict[str, Any], lacks: set[str]) -> None:
    assert {one.fact for one in unknown([a_service(**given)])} == lacks


def test_every_fact_that_can_be_missing_has_words() -> None:
    assert all(word(f"map.gaps.facts.{fact}") for fact in UNKNOWN)


def test_a_wijk_without_a_place_of_its_own_is_told_with_what_waits_there(town: Directory) -> None:
    walk_in = a_service(access=("walk_in",), wijken=("dorpskern",))
    for_all = a_service(id="y", access=("walk_in",))
    found = {one.wijk: one.waiting for one in empty_wijken(town, [walk_in, for_all])}
    assert set(found) == set(town.wijken) - {"dorpskern"}
    assert found["havenkwartier"] == ("spreekuur-in-de-maak",) and found["parkzicht"] == ()


# The commands


def a_copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(GEMEENTEN / "voorbeeldstad", tmp_path / "stadje"))


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(["directory", *arguments])
    printed = capsys.readouterr()
    return code, printed.out, printed.err


@pytest.mark.parametrize("name", TOWNS)
@pytest.mark.parametrize("command", ["stale", "gaps"])
def test_the_commands_end_well_and_fit_a_screen(
    name: str, command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DREMPELHULP_GEMEENTE", name)
    code, out, _ = told(capsys, command)
    assert code == 0 and 10 < len(out.splitlines()) < 250


def test_stale_prints_each_group_as_json(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = a_copy(tmp_path)
    path = folder / "nummers" / "geldlijn.yml"
    path.write_text(path.read_text("utf-8").replace('checked: "2026-11-21"', 'checked: "2026-05-28"'), "utf-8")
    monkeypatch.setenv("DREMPELHULP_GEMEENTE", str(folder))
    monkeypatch.setenv("DREMPELHULP_NOW", "2026-11-24T10:30")
    code, out, _ = told(capsys, "stale", "--json")
    found = json.loads(out)
    assert code == 0 and found["today"] == "2026-11-24"
    assert [(one["id"], one["days"], one["file"]) for one in found["old"]] == [("geldlijn", 180, str(path))]
    assert [one["id"] for one in found["unconfirmed"]] == ["spreekuur-in-de-maak"]
    code, out, _ = told(capsys, "stale")
    assert "nummers/geldlijn.yml" in out and f"{word('map.stale.groups.old.title')} (1)" in out


def test_gaps_prints_every_combination_as_json(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], town: Directory
) -> None:
    monkeypatch.setenv("DREMPELHULP_GEMEENTE", "voorbeeldstad")
    code, out, _ = told(capsys, "gaps", "--json")
    found = json.loads(out)
    assert code == 0 and {Gap(**one) for one in found["needs"]} == set(gaps(town, TODAY).needs)
    assert set(found) == {"today", "needs", "untranslated", "unknown", "empty"}


@pytest.mark.parametrize("command", ["stale", "gaps"])
def test_a_folder_with_mistakes_is_told_all_of_them(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = a_copy(tmp_path)
    for name in ("geldlijn", "luisterlijn"):
        path = folder / "nummers" / f"{name}.yml"
        path.write_text(path.read_text("utf-8").replace("topics: [", "topics: [etten, "), "utf-8")
    monkeypatch.setenv("DREMPELHULP_GEMEENTE", str(folder))
    code, out, err = told(capsys, command)
    assert code == 1 and out == "" and "geldlijn.yml:" in err and "luisterlijn.yml:" in err


def test_each_thing_has_its_file(any_town: Directory) -> None:
    where = files(GEMEENTEN / any_town.id)
    assert set(where) == {*any_town.services, *any_town.unconfirmed} and all(path.is_file() for path in where.values())
