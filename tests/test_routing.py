"""Where a need is sent: tables that a social worker can check, the crisis numbers, and the rules as data."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.directory import Directory
from bot.languages import complete
from bot.model import Need, Service
from bot.paths import DATA, LOCALES
from bot.routing import REASONS, RulesError, crisis_routes, read_rules, route, rules
from bot.routing.features import FEATURES, SUITS
from tests.routing_fixtures import CITIES, SCHEMA, TAXONOMY, at, city, need_of

TABLES = Path(__file__).parent / "routing"
MONDAY = "2026-11-23T09:00"

ROWS = [(name, row) for name in CITIES for row in yaml.safe_load((TABLES / f"{name}.yml").read_text(encoding="utf-8"))]


@pytest.mark.parametrize(("name", "row"), ROWS, ids=[f"{name}: {row['situation']}" for name, row in ROWS])
def test_somebody_is_sent_to_the_right_place(name: str, row: dict[str, Any]) -> None:
    routes = route(need_of(row["need"]), city(name), at(row.get("moment", MONDAY)))
    ids = [found.service.id for found in routes]
    assert ids[: len(row["ids"])] == row["ids"]
    assert set(row.get("why", ())) <= set(routes[0].why)
    assert not set(row.get("not", ())) & set(ids)


@pytest.mark.parametrize("name", CITIES)
@pytest.mark.parametrize("topic", TAXONOMY["topics"])
def test_the_lightest_help_comes_first(name: str, topic: str) -> None:
    """With one problem and nothing that holds back, what names the topic comes in the order of the ladder."""
    wijk = next(iter(city(name).wijken))
    routes = route(Need(topics=(topic,), wijken=(wijk,)), city(name), at(MONDAY))
    beside = rules().topics[topic].beside
    light = [found.kind for found in routes if found.service.id not in beside and "bel_eerst" not in found.why]
    assert light == sorted(light, key=["voorziening", "spreekuur", "wijkteam", "gemeente"].index)


@pytest.mark.parametrize("name", CITIES)
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
    routes = route(Need(topics=("papieren",), wijken=("malburgen-west",)), city("arnhem"), at(MONDAY))
    found = routes[-1]
    assert found.service.id == "goed-geregeld"
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
    known = {id_ for name in CITIES for id_ in city(name).services}
    assert rules().named_ids() <= known


def with_places(*places: Service) -> Directory:
    """Voorbeeldstad without any help but its wijkteams and numbers, and with these places."""
    town = city("voorbeeldstad")
    stay = {id_: s for id_, s in town.services.items() if s.kind in ("wijkteam", "crisis") or s is town.floor}
    return replace(town, services=stay | {place.id: place for place in places})


def a_place(id_: str, **fields: Any) -> Service:
    """A place for money worries, whose hours nobody knows; everything else as it is given."""
    given = {"kind": "voorziening", "topics": ("geld",), "phone": "0999-000 99", "checked": date(2026, 11, 1), **fields}
    return Service(id=id_, name=id_, sources=(), checked_by="test", **given)


def sent(need: Need, *places: Service, moment: str = MONDAY) -> list[str]:
    return [found.service.id for found in route(need, with_places(*places), at(moment))]


@pytest.mark.parametrize(
    ("known", "told"),
    [
        ({}, False),
        ({"hours": "Mo-Fr 09:00-17:00; PH off"}, True),
        ({"address": "Kerkplein 3"}, True),
        ({"location": "MFC De Haven"}, True),
        ({"phone": "0999-000 98"}, True),
        ({"topics": ("geld",)}, True),
    ],
)
@pytest.mark.parametrize("kind", ["spreekuur", "voorziening", "gemeente"])
def test_what_is_no_more_than_a_name_is_not_told_beside_others(kind: str, known: dict[str, Any], told: bool) -> None:
    """Where, when, its own number, or that it is for this: one of them makes it worth telling."""
    given: dict[str, Any] = {"topics": (), "phone": None, "phone_of": "gemeente-voorbeeldstad", **known}
    vague = a_place("vague", kind=kind, **given)
    assert ("vague" in sent(MONEY, a_place("good"), vague)) is told


def test_a_name_that_the_rules_name_for_this_need_is_told(tmp_path: Path) -> None:
    text = (DATA / "routing.yml").read_text(encoding="utf-8")
    (tmp_path / "routing.yml").write_text(
        text.replace("first: [geldfit, ", "first: [vague, geldfit, "), encoding="utf-8"
    )
    vague = a_place("vague", kind="spreekuur", topics=(), phone=None, phone_of="gemeente-voorbeeldstad")
    map_, own = with_places(a_place("good"), vague), read_rules(tmp_path / "routing.yml")
    assert [len(route(MONEY, map_, at(MONDAY), rules)) for rules in (None, own)] == [2, 3]


def test_what_was_held_back_is_told_when_what_was_told_did_not_help() -> None:
    vague = a_place("vague", kind="spreekuur", topics=(), phone=None, phone_of="gemeente-voorbeeldstad")
    first = sent(MONEY, a_place("good"), vague)
    assert "vague" in sent(replace(MONEY, declined=frozenset(first)), a_place("good"), vague)


MONEY = Need(("geld",), ("dorpskern",))
OFFICE, EVENING = "Mo-Fr 09:00-17:00; PH off", "Mo-Fr 18:00-21:00; PH off"


def test_of_two_equal_places_the_one_that_is_open_comes_first() -> None:
    day, evening = a_place("b-day", hours=OFFICE), a_place("a-evening", hours=EVENING)
    assert sent(MONEY, day, evening)[:2] == ["b-day", "a-evening"]
    assert sent(MONEY, day, evening, moment="2026-11-23T19:00")[:2] == ["a-evening", "b-day"]


def test_what_is_better_in_anything_else_comes_before_what_is_open() -> None:
    near = a_place("b-near", hours=EVENING, wijken=("dorpskern",))
    assert sent(MONEY, near, a_place("a-city", hours=OFFICE))[:2] == ["b-near", "a-city"]


def test_a_place_that_was_not_checked_for_long_says_so_and_comes_after_an_equal_one() -> None:
    old, fresh = a_place("a-old", checked=date(2026, 5, 26)), a_place("b-fresh", checked=date(2026, 5, 27))
    routes = route(MONEY, with_places(old, fresh), at(MONDAY))
    assert [(found.service.id, "bel_eerst" in found.why) for found in routes[:2]] == [
        ("b-fresh", False),
        ("a-old", True),
    ]


def test_the_days_of_staleness_are_data(tmp_path: Path) -> None:
    text = (DATA / "routing.yml").read_text(encoding="utf-8")
    (tmp_path / "routing.yml").write_text(text.replace("stale: 180", "stale: 5"), encoding="utf-8")
    own = read_rules(tmp_path / "routing.yml")
    map_ = with_places(a_place("a"))
    assert "bel_eerst" in route(MONEY, map_, at(MONDAY), own)[0].why
    assert "bel_eerst" not in route(MONEY, map_, at(MONDAY))[0].why


def test_who_speaks_the_language_comes_before_who_is_nearer() -> None:
    near, speaking = a_place("a-near", wijken=("dorpskern",)), a_place("b-speaking", languages=("tr",))
    assert sent(replace(MONEY, language="tr"), near, speaking)[:2] == ["b-speaking", "a-near"]
    assert sent(MONEY, near, speaking)[:2] == ["a-near", "b-speaking"]


@pytest.mark.parametrize(
    ("wijk", "expected"),
    [
        ("havenkwartier", ["in-havenkwartier", "in-dorpskern"]),
        ("dorpskern", ["in-dorpskern", "in-bloemenbuurt"]),
        ("parkzicht", ["in-bloemenbuurt", "in-city"]),
    ],
)
def test_a_walk_in_hour_is_nearer_by_steps_from_wijk_to_wijk(wijk: str, expected: list[str]) -> None:
    """Havenkwartier, Dorpskern, Bloemenbuurt and Parkzicht lie in a row; three away is too far."""
    hours = {
        name: a_place(f"in-{name}", kind="spreekuur", hours=OFFICE, wijken=(name,))
        for name in city("voorbeeldstad").wijken
    }
    if wijk == "parkzicht":
        del hours["parkzicht"]
    everywhere = a_place("in-city", kind="spreekuur", hours=OFFICE)
    assert sent(Need(("geld",), (wijk,)), *hours.values(), everywhere)[:2] == expected
    far = hours["havenkwartier"]
    reached = "in-havenkwartier" in sent(Need(("geld",), (wijk,)), far)
    assert reached is (wijk in ("havenkwartier", "dorpskern"))


def test_help_for_one_wijk_alone_is_not_for_the_wijk_beside_it() -> None:
    assert "beside" not in sent(MONEY, a_place("beside", wijken=("havenkwartier",)))


@pytest.mark.parametrize(
    ("traits", "ages", "stays"),
    [
        ((), (12, 18), True),
        (("kind_0_4",), (12, 18), False),
        (("kind_0_4",), (4, 12), False),
        (("kind_0_4",), (0, 4), True),
        (("kind_4_12",), (12, 17), False),
        (("kind_4_12",), (0, 18), True),
        (("kind_12_18",), (None, 11), False),
        (("kind_12_18",), (16, 23), True),
        (("kind_0_4", "kind_12_18"), (12, 17), True),
        (("kind_0_4",), (18, None), True),
        (("kind_0_4",), (None, None), True),
        (("jong_18_27",), (None, 17), False),
        (("jong_18_27",), (12, 18), True),
        (("jong_18_27",), (65, None), True),
        (("geen_inkomen",), (12, 18), True),
    ],
)
def test_nobody_is_sent_where_the_age_surely_does_not_fit(
    traits: tuple[str, ...], ages: tuple[int | None, int | None], stays: bool
) -> None:
    place = a_place("for-some", age_min=ages[0], age_max=ages[1])
    assert ("for-some" in sent(replace(MONEY, traits=frozenset(traits)), place)) is stays


@pytest.mark.parametrize(
    ("traits", "eligibility", "stays"),
    [
        ((), ("job_seeker",), True),
        (("met_werk",), ("job_seeker",), False),
        (("met_werk",), ("resident", "job_seeker"), False),
        (("met_werk",), ("low_income", "job_seeker"), True),
        (("met_werk",), ("resident",), True),
        (("met_werk",), (), True),
        (("zonder_werk",), ("job_seeker",), True),
        (("uitzetting_dichtbij",), ("homeless",), False),
        (("uitzetting_dichtbij", "met_werk"), ("homeless", "job_seeker"), False),
    ],
)
def test_nobody_is_sent_where_the_conditions_surely_do_not_fit(
    traits: tuple[str, ...], eligibility: tuple[str, ...], stays: bool
) -> None:
    place = a_place("for-some", eligibility=eligibility)
    assert ("for-some" in sent(replace(MONEY, traits=frozenset(traits)), place)) is stays


@pytest.mark.parametrize(
    ("situation", "fields", "moment", "first"),
    [
        ("monthly, in eleven days", {"hours": "Tu[1] 10:00-12:00; PH off"}, "2026-11-20T09:00", False),
        ("monthly, in seven days and an hour", {"hours": "Tu[1] 10:00-12:00; PH off"}, "2026-11-24T09:00", False),
        ("monthly, in seven days", {"hours": "Tu[1] 10:00-12:00; PH off"}, "2026-11-24T10:00", True),
        ("monthly, now", {"hours": "Tu[1] 10:00-12:00; PH off"}, "2026-12-01T11:00", True),
        ("hours unknown, with a telephone", {}, MONDAY, True),
        ("hours unknown, an address alone", {"phone": None, "address": "Kerkplein 3"}, MONDAY, False),
        ("hours known, an address alone", {"phone": None, "address": "Kerkplein 3", "hours": OFFICE}, MONDAY, True),
        ("a website alone", {"phone": None, "url": "https://voorbeeld.example"}, MONDAY, False),
        ("open hours, but nobody knows where", {"phone": None, "hours": OFFICE}, MONDAY, False),
    ],
)
def test_what_comes_first_can_be_turned_to_now_or_within_a_week(
    situation: str, fields: dict[str, Any], moment: str, first: bool
) -> None:
    found = sent(MONEY, a_place("it", **fields), moment=moment)
    assert "it" in found
    assert (found[0] == "it") is first, situation


def test_several_topics_each_get_a_place_before_one_gets_two() -> None:
    money = (a_place("geld-1"), a_place("geld-2"), a_place("geld-3"))
    food = a_place("eten", topics=("eten",))
    assert sent(Need(("geld", "eten"), ("dorpskern",)), *money, food) == ["geld-1", "eten", "wijkteam-oud"]


def test_a_closed_wijkteam_lets_open_help_go_before_it_where_it_is_urgent() -> None:
    urgent = replace(MONEY, traits=frozenset({"dringend"}))
    line = a_place("line", hours="Mo-Su 09:00-21:00")
    assert sent(urgent, line)[:2] == ["wijkteam-oud", "line"]
    assert sent(urgent, line, moment="2026-11-28T12:00")[:2] == ["line", "wijkteam-oud"]
    assert sent(urgent, line, moment="2026-11-28T23:00")[:2] == ["wijkteam-oud", "line"]


def test_every_reason_has_its_place() -> None:
    assert {f"drempel_{drempel}" for drempel in TAXONOMY["drempels"]} <= set(REASONS)
    assert len(set(REASONS)) == len(REASONS)


@pytest.mark.parametrize("language", complete())
def test_every_reason_can_be_told_in_every_language(language: str) -> None:
    """A drempel may have a sentence of its own, or that of all drempels."""
    texts = yaml.safe_load((LOCALES / language / "facts.yml").read_text(encoding="utf-8"))["why"]
    told = {reason for reason in REASONS if texts.get(reason, "").strip()}
    told |= {reason for reason in REASONS if reason.startswith("drempel_") and texts.get("drempel")}
    assert set(REASONS) - told == set()


def test_the_rules_know_only_traits_that_somebody_can_have() -> None:
    """From an answer, from what was said beside it, or by what a place asks for."""
    questions = yaml.safe_load((DATA / "questions.yml").read_text(encoding="utf-8")).values()
    answered = {
        t for question in questions for answer in question["answers"].values() for t in answer.get("traits", ())
    }
    heard = {
        t for path in (DATA / "hints").glob("*.yml") for t in yaml.safe_load(path.read_text("utf-8")).get("traits", ())
    }
    in_rows = {trait for row in rules().topics.values() for trait in row.wijkteam_first}
    named = in_rows | set(rules().traits) | set(rules().ages) - {"grown_up"} | set(rules().not_with)
    assert named <= answered | heard | set(SCHEMA["traits"]["items"]["enum"])


def test_an_editor_is_shown_the_words_that_there_are() -> None:
    schema = json.loads((DATA / "schema" / "routing.json").read_text(encoding="utf-8"))
    parts, shared = schema["properties"], schema["$defs"]
    assert set(shared["word"]["enum"]) == set(FEATURES)
    assert set(SUITS) == set(SCHEMA["suits"]["items"]["enum"])
    assert set(shared["eligibility"]["enum"]) == set(SCHEMA["eligibility"]["items"]["enum"])
    assert set(shared["topic"]["enum"]) == set(parts["topics"]["properties"]) == set(TAXONOMY["topics"])
    assert set(parts["drempels"]["properties"]) == set(TAXONOMY["drempels"])
    assert set(parts["crisis"]["properties"]) == set(TAXONOMY["crisis"])


WRONG = [
    ("  schaamte:\n", "  schamte:\n", ["drempels.schaamte is missing", "'schamte'", "did you mean 'schaamte'?"]),
    ("first: [independent]", "first: [independant]", ["is 'independant'", "did you mean 'independent'?"]),
    ("  voorziening: 300\n", "", ["ladder.voorziening is missing"]),
    ("  urgent: 50000 ", '  urgent: "veel" ', ["points.urgent is 'veel'"]),
    ("rondkomen: [geld, eten", "rondkomen: [geld, etten", ["is 'etten'", "did you mean 'eten'?"]),
    ("  stale: 180 ", "  stale: 0 ", ["days.stale is 0"]),
    ("equals: [open_now, fresh]", "equals: [open_now, freh]", ["did you mean 'fresh'?"]),
    ("first: [geldfit, hulp", "first: [Geldfit, hulp", ["topics.geld.first[0] is 'Geldfit'"]),
]
DISAGREEING = [
    ("rondkomen: [geld, eten, papieren]", "rondkomen: [geld, papieren]", ["'eten' is in no field"]),
    ("  kind_4_12: [4, 11]", "  kind_4_12: [11, 4]", ["ages of 'kind_4_12' are [11, 4]"]),
    (
        "  met_werk: [job_seeker]",
        "  met_werkk: [job_seeker]",
        ["unknown trait 'met_werkk'", "did you mean 'met_werk'?"],
    ),
]


def broken(folder: Path, changes: list[tuple[str, str, list[str]]]) -> Path:
    """The rules with these changes."""
    text = (DATA / "routing.yml").read_text(encoding="utf-8")
    for old, new, _ in changes:
        assert old in text
        text = text.replace(old, new, 1)
    (folder / "routing.yml").write_text(text, encoding="utf-8")
    return folder / "routing.yml"


@pytest.mark.parametrize("change", [*WRONG, *DISAGREEING], ids=lambda change: change[1])
def test_rules_that_cannot_be_used_say_what_where_and_how_to_mend_it(
    tmp_path: Path, change: tuple[str, str, list[str]]
) -> None:
    path = broken(tmp_path, [change])
    with pytest.raises(RulesError) as refused:
        read_rules(path)
    assert all(words in str(refused.value) for words in change[2]), refused.value
    assert all(line.startswith(f"{path}:") for line in str(refused.value).splitlines())


@pytest.mark.parametrize("changes", [WRONG, DISAGREEING], ids=["of form", "of meaning"])
def test_all_mistakes_in_the_rules_come_at_once(tmp_path: Path, changes: list[tuple[str, str, list[str]]]) -> None:
    path = broken(tmp_path, changes)
    with pytest.raises(RulesError) as refused:
        read_rules(path)
    assert [words for _, _, told in changes for words in told if words not in str(refused.value)] == []


def test_a_file_that_is_no_yaml_is_refused_with_its_line(tmp_path: Path) -> None:
    path = broken(tmp_path, [("ladder:\n", "ladder: [\n", [])])
    with pytest.raises(RulesError, match=r"routing\.yml:\d+: no YAML"):
        read_rules(path)
