"""Where a need is sent: tables that a social worker can check, the crisis numbers, and the rules as data."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.directory import Directory, load
from bot.model import Need
from bot.paths import DATA, GEMEENTEN
from bot.routing import REASONS, RulesError, crisis_routes, read_rules, route, rules
from bot.settings import AMSTERDAM

TABLES = Path(__file__).parent / "routing"
MONDAY = "2026-11-23T09:00"
TAXONOMY = yaml.safe_load((DATA / "taxonomy.yml").read_text(encoding="utf-8"))
SCHEMA = yaml.safe_load((DATA / "schema" / "service.json").read_text(encoding="utf-8"))


@cache
def city(name: str) -> Directory:
    return load(GEMEENTEN / name)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM)


def need_of(row: dict[str, Any]) -> Need:
    return Need(
        topics=tuple(row.get("topics", ())),
        wijken=tuple(row.get("wijken", ())),
        drempels=tuple(row.get("drempels", ())),
        language=row.get("language", "nl"),
        traits=frozenset(row.get("traits", ())),
        declined=frozenset(row.get("declined", ())),
    )


ROWS = [
    (name, row)
    for name in ("arnhem", "voorbeeldstad")
    for row in yaml.safe_load((TABLES / f"{name}.yml").read_text(encoding="utf-8"))
]


@pytest.mark.parametrize(("name", "row"), ROWS, ids=[f"{name}: {row['situation']}" for name, row in ROWS])
def test_somebody_is_sent_to_the_right_place(name: str, row: dict[str, Any]) -> None:
    routes = route(need_of(row["need"]), city(name), at(row.get("moment", MONDAY)))
    ids = [found.service.id for found in routes]
    assert ids[: len(row["ids"])] == row["ids"]
    assert set(row.get("why", ())) <= set(routes[0].why)
    assert not set(row.get("not", ())) & set(ids)


@pytest.mark.parametrize("name", ["arnhem", "voorbeeldstad"])
@pytest.mark.parametrize("topic", TAXONOMY["topics"])
def test_the_lightest_help_comes_first(name: str, topic: str) -> None:
    """With one problem and nothing that holds back, what names the topic comes in the order of the ladder."""
    wijk = next(iter(city(name).wijken))
    routes = route(Need(topics=(topic,), wijken=(wijk,)), city(name), at(MONDAY))
    beside = rules().topics[topic].beside
    light = [found.kind for found in routes if found.service.id not in beside and "bel_eerst" not in found.why]
    assert light == sorted(light, key=["voorziening", "spreekuur", "wijkteam", "gemeente"].index)


@pytest.mark.parametrize("name", ["arnhem", "voorbeeldstad"])
def test_everybody_sees_the_wijkteam_of_the_own_wijk(name: str) -> None:
    for wijk in city(name).wijken:
        for topic in TAXONOMY["topics"]:
            routes = route(Need(topics=(topic,), wijken=(wijk,)), city(name), at(MONDAY))
            assert city(name).team_of(wijk) in [found.service for found in routes], (wijk, topic)


def test_a_team_without_its_own_number_is_asked_for_at_the_gemeente() -> None:
    routes = route(Need(wijken=("klarendal",)), city("arnhem"), at(MONDAY))
    assert (routes[0].phone, routes[0].ask_for) == ("0800-1809", "Wijkteam Noordwest")


def test_what_goes_through_the_wijkteam_is_asked_of_the_own_team() -> None:
    routes = route(Need(topics=("eten",), wijken=("rijkerswoerd",)), city("arnhem"), at(MONDAY))
    team = "Wijkteam Rijkerswoerd, Kronenburg en Vredenburg"
    assert (routes[0].service.id, routes[0].phone, routes[0].ask_for) == ("voedselbank-arnhem", "0800-1809", team)


def test_a_walk_in_hour_of_unknown_time_comes_last_and_is_never_open() -> None:
    routes = route(Need(topics=("eenzaam",), wijken=("malburgen-west",)), city("arnhem"), at(MONDAY))
    found = routes[-1]
    assert found.service.id in ("goed-geregeld", "wijkteam-malburgen-inloop")
    assert (found.open_now, found.next_open, "bel_eerst" in found.why) == (None, None, True)


def test_the_floor_is_left_when_everything_was_declined() -> None:
    arnhem = city("arnhem")
    routes = route(Need(topics=("geld",), declined=frozenset(arnhem.services)), arnhem, at(MONDAY))
    assert [(found.service.id, found.phone, "vangnet" in found.why) for found in routes] == [
        ("gemeente-arnhem", "0800-1809", True)
    ]


@pytest.mark.parametrize(
    ("crisis", "ids", "phones"),
    [
        ("levensgevaar", ["112"], ["112"]),
        ("zelfdoding", ["113", "112"], ["0800-0113", "112"]),
        ("geweld", ["veilig-thuis", "112"], ["0800-2000", "112"]),
        ("dakloos", ["opvang", "gemeente-arnhem", "112"], ["0800-1809", "0800-1809", "112"]),
        ("iets anders", ["112"], ["112"]),
    ],
)
@pytest.mark.parametrize("moment", [MONDAY, "2026-12-24T23:30", "2027-01-01T04:00"])
def test_a_crisis_has_its_numbers_at_any_hour(crisis: str, ids: list[str], phones: list[str], moment: str) -> None:
    routes = crisis_routes(crisis, city("arnhem"), at(moment))
    assert [found.service.id for found in routes] == ids
    assert [found.phone for found in routes] == phones
    assert routes[0].kind == "crisis"
    assert all(found.open_now for found in routes if found.service.id in ("112", "113", "veilig-thuis"))


def test_every_place_that_the_rules_name_exists_somewhere() -> None:
    known = {id_ for name in ("arnhem", "voorbeeldstad") for id_ in city(name).services}
    assert rules().named_ids() <= known


def test_every_reason_has_its_place() -> None:
    assert {f"drempel_{drempel}" for drempel in TAXONOMY["drempels"]} <= set(REASONS)
    assert len(set(REASONS)) == len(REASONS)


def test_the_rules_know_only_traits_that_the_intake_can_give() -> None:
    known = set(SCHEMA["properties"]["traits"]["items"]["enum"])
    in_rows = {trait for row in rules().topics.values() for trait in row.wijkteam_first}
    assert in_rows | set(rules().traits) <= known


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("  schaamte:\n", "  schamte:\n", "drempels: schaamte is missing"),
        ("first: [anonymous]", "first: [anoniem]", "unknown word 'anoniem'"),
        ("  voorziening: 120\n", "", "ladder: voorziening is missing"),
        ("rondkomen: [geld, eten", "rondkomen: [geld, etten", "fields: eten is missing"),
        ("soon_hours", "soon_hour", "soon_hours is missing"),
    ],
)
def test_rules_that_cannot_be_used_say_why(tmp_path: Path, old: str, new: str, message: str) -> None:
    text = (DATA / "routing.yml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "routing.yml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RulesError, match=message):
        read_rules(tmp_path / "routing.yml")
