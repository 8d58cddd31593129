"""The map as HSDS 3.0 and back: nothing is lost, nothing is invented, and what is broken is refused with all its mistakes.

HSDS_SCHEMA, the folder `schema` of github.com/openreferral/specification at v3.0, holds everything to the published files too.
"""

from __future__ import annotations

import copy
import json
import os
import shutil
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from opening_hours import OpeningHours

from bot.directory import load
from bot.directory.folder import SECTIONS, Record, records, replace
from bot.directory.hsds import export, mistakes, read
from bot.directory.hsds.identity import Ids, is_uuid
from bot.directory.hsds.schedules import hours_of, schedules
from bot.directory.hsds.telephone import dutch
from bot.directory.hsds.week import text_of, week_of
from bot.directory.hsds.words import FOLDER, words
from bot.directory.mistakes import DirectoryErrors
from bot.directory.schema import mistakes_in, schema
from bot.directory.yaml_lines import YamlFile
from bot.paths import GEMEENTEN, ROOT

MUNICIPALITIES = ("arnhem", "voorbeeldstad")
FIELDS = schema("service")["properties"]
PUBLISHED = Path(os.environ["HSDS_SCHEMA"]) if "HSDS_SCHEMA" in os.environ else None
published_only = pytest.mark.skipif(PUBLISHED is None, reason="HSDS_SCHEMA does not name the published schema")
MAPS = {name: records(GEMEENTEN / name) for name in MUNICIPALITIES}
HOURS = sorted({record.values["hours"] for map_ in MAPS.values() for record in map_ if "hours" in record.values})


def through(wanted: list[Record], gemeente: str = "voorbeeldstad", **more: Any) -> dict[str, Any]:
    """The document as somebody else receives it."""
    document: dict[str, Any] = json.loads(json.dumps(export(wanted, gemeente, **more)))
    return document


def thing(**values: Any) -> Record:
    whole = {
        "id": "taalcafe", "name": "Taalcafé", "sources": [{"title": "taalcafe.nl"}],
        "checked": "2026-11-21", "checked_by": "gebeld",
    }  # fmt: skip
    return Record("voorzieningen", {**whole, **values})


def service(**values: Any) -> dict[str, Any]:
    """The only service of a map with one thing."""
    made: dict[str, Any] = through([thing(**values)])["contents"][0]
    return made


# What goes out comes back


@pytest.mark.parametrize("name", MUNICIPALITIES)
def test_a_map_goes_out_as_valid_hsds_and_comes_back_to_the_last_sign(name: str) -> None:
    document = through(MAPS[name], name)
    assert mistakes(document) == []
    assert len(document["contents"]) == len(MAPS[name]) == document["total_items"]
    back = read(document)
    assert [record.section for record in back] == [record.section for record in MAPS[name]]
    assert all(record.same_as(other) for record, other in zip(MAPS[name], back, strict=True))


def values_of(rule: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Any value that a schema of a file allows."""
    if "enum" in rule:
        return st.sampled_from(rule["enum"])
    if rule["type"] == "boolean":
        return st.booleans()
    if rule["type"] == "integer":
        return st.integers(rule["minimum"], rule["maximum"])
    if rule["type"] == "array":
        return st.lists(values_of(rule["items"]), min_size=1, max_size=4, unique_by=json.dumps)
    if rule["type"] == "object" and "properties" in rule:
        needed = {key: values_of(part) for key, part in rule["properties"].items() if key in rule.get("required", ())}
        rest = {key: values_of(part) for key, part in rule["properties"].items() if key not in needed}
        return st.fixed_dictionaries(needed, optional=rest)
    if rule["type"] == "object":
        names = values_of({"type": "string", **rule["propertyNames"]})
        return st.dictionaries(names, values_of(rule["additionalProperties"]), max_size=3)
    if rule.get("pattern", r"\S") != r"\S":
        return st.from_regex(rule["pattern"], fullmatch=True)
    return st.text(min_size=1, max_size=40).filter(lambda text: text.strip() != "")


HARD = {
    "hours": st.sampled_from(HOURS) | values_of(FIELDS["hours"]),
    "address": st.sampled_from(["Kade 9, 6811 DG Arnhem", "a, ", ", b", "a, b, c", "x, 6811DG ", "x, y\n"])
    | values_of(FIELDS["address"]),
}
THINGS = st.builds(
    Record,
    st.sampled_from(SECTIONS),
    st.fixed_dictionaries(
        {key: values_of(FIELDS[key]) for key in schema("service")["required"]},
        optional={
            key: HARD.get(key, values_of(rule))
            for key, rule in FIELDS.items()
            if key not in schema("service")["required"]
        },
    ),
)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(THINGS, min_size=1, max_size=2, unique_by=lambda record: record.id))
def test_whatever_a_file_may_hold_comes_back_the_same(map_: list[Record]) -> None:
    document = through(map_)
    assert mistakes(document) == []
    assert all(record.same_as(other) for record, other in zip(map_, read(document), strict=True))


@pytest.mark.parametrize("field", [key for key in FIELDS if key not in schema("service")["required"]])
def test_each_field_on_its_own_comes_back_the_same(field: str) -> None:
    for value in examples(FIELDS[field]):
        record = thing(**{field: value})
        assert read(through([record]))[0].same_as(record), value


def examples(rule: dict[str, Any]) -> list[Any]:
    """A few values that try what is special about a kind: false, zero, all of a list, in another order."""
    if rule["type"] == "array":
        return [rule["items"].get("enum", ["b-wijk", "a-wijk"])[::-1]]
    if rule["type"] == "object":
        if "properties" in rule:
            return [{"nl": "Kan dat?\nJa.", "pap": "Por?"}, {"nl": "a.b"}]
        day = rule["propertyNames"].get("enum", ["2026-12-27", "2026-12-28"])
        return [dict.fromkeys(day, "closed"), {}]
    kinds: dict[str, list[Any]] = {"boolean": [True, False], "integer": [0, 18]}
    return kinds.get(rule["type"]) or rule.get("enum") or rule["examples"]


def test_a_document_is_the_same_each_time_and_another_for_another_municipality() -> None:
    map_ = MAPS["voorbeeldstad"]
    first, other = through(map_), through(map_, "elders")
    assert first == through(map_)
    assert not {each["id"] for each in first["contents"]} & {each["id"] for each in other["contents"]}


def test_an_id_names_one_object() -> None:
    """Whatever has the same UUID says the same: an organisation, a building, a term."""
    said: dict[str, Any] = {}
    for each in objects(through(MAPS["arnhem"], "arnhem")):
        assert is_uuid(each["id"])
        assert said.setdefault(each["id"], each) == each


def objects(value: Any) -> Iterator[dict[str, Any]]:
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from objects(item)
    if isinstance(value, dict) and "id" in value:
        yield value


def test_each_list_of_ids_is_a_taxonomy_and_each_id_has_a_dutch_word() -> None:
    lists = {key: rule["items"]["enum"] for key, rule in FIELDS.items() if "enum" in rule.get("items", {})}
    assert set(lists) - {"languages"} == set(words()["taxonomies"]) - {"gegevens"}
    for key, ids in lists.items():
        assert set(ids) == set(words()["terms"][key]), key


# What others read


def test_a_service_says_in_the_fields_of_hsds_what_is_known() -> None:
    made = service(
        organisation="Rijnstad", url="https://rijnstad.nl", email="a@rijnstad.nl", phone="026-3127700",
        whatsapp="06-12345678", address="Koningstraat 38, 6811 DG Arnhem", location="MFC", languages=["nl", "pap"],
        age_min=0, age_max=17, bring=["identity"], suits=["wheelchair"], wijken=["klarendal"], free=False,
        cost={"nl": "Twee euro per keer"}, eligibility=["children"], interpreter=True, ask_for="Ans", topics=["taal"],
        access=["walk_in"], not_for={"nl": "Niet voor spoed."}, exceptions={"2026-12-27": "closed"},
    )  # fmt: skip
    location = made["service_at_locations"][0]["location"]
    address = location["addresses"][0]
    assert made["organization"]["name"] == "Rijnstad"
    assert (made["url"], made["email"]) == ("https://rijnstad.nl", "a@rijnstad.nl")
    assert [(phone["number"], phone["type"]) for phone in made["phones"]] == [
        ("026-3127700", "voice"),
        ("06-12345678", "text"),
    ]
    assert (address["address_1"], address["postal_code"], address["city"]) == ("Koningstraat 38", "6811 DG", "Arnhem")
    assert (location["name"], len(location["accessibility"])) == ("MFC", 1)
    assert [(each["code"], each["name"]) for each in made["languages"]] == [("nl", "Nederlands"), ("pap", "Papiaments")]
    assert (made["minimum_age"], made["maximum_age"]) == (0, 17)
    assert [each["document"] for each in made["required_documents"]] == ["Paspoort of ID-kaart"]
    assert [each["extent"] for each in made["service_areas"]] == ["klarendal"]
    assert made["fees_description"] == made["cost_options"][0]["amount_description"] == "Twee euro per keer"
    assert "amount" not in made["cost_options"][0]
    assert (made["eligibility_description"], made["application_process"]) == ("Kinderen", "Binnenlopen")
    assert (made["interpretation_services"], made["contacts"][0]["name"]) == ("Een tolk is mogelijk.", "Ans")
    assert made["description"] == "Helpt bij: Nederlands leren. Niet voor spoed."
    assert made["alert"] == "2026-12-27: dicht"
    assert (made["assured_date"], made["metadata"][0]["updated_by"]) == ("2026-11-21", "gebeld")


def test_what_is_not_known_is_not_there() -> None:
    made = service()
    assert not made.keys() & {
        "phones",
        "schedules",
        "languages",
        "cost_options",
        "organization",
        "service_at_locations",
    }
    assert not made.keys() & {"fees_description", "interpretation_services", "minimum_age", "url", "service_areas"}


def test_a_number_that_stands_in_is_given_with_whom_to_ask_for() -> None:
    own = thing(id="gemeente", phone="0999-000 01")
    team = thing(id="team", phone_of="gemeente", ask_for="Wijkteam Oost")
    phone = through([own, team])["contents"][1]["phones"][0]
    assert (phone["number"], phone["description"]) == ("0999-000 01", "Wijkteam Oost")


def test_a_wijk_goes_out_with_its_name_and_code() -> None:
    wijken = load(GEMEENTEN / "arnhem").wijken
    [area] = through([thing(wijken=["klarendal"])], wijken=wijken.values())["contents"][0]["service_areas"]
    assert area["name"] == wijken["klarendal"].name != "klarendal"
    assert area["description"] == wijken["klarendal"].cbs_code


@pytest.mark.parametrize(
    ("values", "today", "status"),
    [
        ({}, None, "active"),
        ({"status": "unconfirmed", "why_unconfirmed": "?"}, None, "inactive"),
        ({"status": "planned", "why_unconfirmed": "?"}, None, "inactive"),
        ({"status": "stopped", "why_unconfirmed": "?"}, None, "defunct"),
        ({"stopped": "2027-01-01"}, date(2026, 12, 31), "active"),
        ({"stopped": "2027-01-01"}, date(2027, 1, 1), "defunct"),
        ({"stopped": "2027-01-01"}, None, "defunct"),
    ],
)
def test_only_what_residents_are_sent_to_is_active(values: dict[str, str], today: date | None, status: str) -> None:
    document = through([thing(**values)], today=today)
    assert document["contents"][0]["status"] == status
    assert read(document) == [thing(**values)]


# Hours

SAYABLE = (
    "Mo-Fr 09:00-17:00; We off", "Mo-Fr 09:00-17:00; We 13:00-15:00; PH off", "Tu[1,3] 10:00-12:00; PH off",
    "Fr[-1] 19:00-21:30", "Sa-Mo 10:00-12:00", "Mo-Su 22:00-06:00", "Mo 10:00-12:00,13:00-15:00; Tu[2] 10:00-12:00",
    "Th[1] 10:00-12:00; Th[3] 14:00-16:00", "Mo-Fr 00:00-08:00,17:00-24:00; Sa-Su,PH 00:00-24:00",
)  # fmt: skip
UNSAYABLE = (
    "Apr-Oct We,Sa 10:00-16:00; Nov-Mar Sa 10:00-13:00; PH off", 'Mo 10:00-12:00 "op afspraak"', "sunrise-sunset",
    "week 1-53/2 Mo 10:00-12:00", "Tu 10:00-12:00; Tu[1] 14:00-16:00", "Tu[4] 10:00-12:00; Tu[-1] 14:00-16:00",
    "Mo 10:00-12:00, Mo 14:00-16:00", "2026 Dec 27 10:00-12:00", "PH off", "Mo off",
)  # fmt: skip


def told(hours: str) -> list[dict[str, Any]]:
    return schedules({"hours": hours}, Ids("elders", "hier"))


@pytest.mark.parametrize("hours", sorted({*SAYABLE, *HOURS} - {*UNSAYABLE}))
def test_schedules_say_for_seven_weeks_what_the_hours_say(hours: str) -> None:
    """Half hour by half hour; holidays apart, of which no schedule speaks."""
    ours, rules = OpeningHours(hours), told(hours)
    assert any("freq" in rule for rule in rules)
    start = datetime(2026, 9, 28)
    for half_hours in range(7 * 7 * 48):
        moment = start + timedelta(minutes=30 * half_hours)
        assert any(is_on(rule, moment) for rule in rules) == ours.is_open(moment), (moment, rules)


def is_on(rule: dict[str, Any], moment: datetime) -> bool:
    """Whether a schedule is open, as iCalendar means its rule."""
    opens, closes = time.fromisoformat(rule["opens_at"]), time.fromisoformat(rule["closes_at"])
    if opens < closes:
        return occurs(rule, moment.date()) and opens <= moment.time() < closes
    since_yesterday = moment.time() < closes and occurs(rule, moment.date() - timedelta(days=1))
    return since_yesterday or (moment.time() >= opens and occurs(rule, moment.date()))


def occurs(rule: dict[str, Any], day: date) -> bool:
    name = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")[day.weekday()]
    last = (day + timedelta(days=7)).month != day.month
    names = {name} if rule["freq"] == "WEEKLY" else {f"{(day.day - 1) // 7 + 1}{name}", f"-1{name}" if last else ""}
    return bool(names & set(rule["byday"].split(",")))


@pytest.mark.parametrize("hours", UNSAYABLE)
def test_hours_that_no_rule_can_say_keep_their_text_and_nothing_else(hours: str) -> None:
    [only] = told(hours)
    assert only["notes"] == hours
    assert not only.keys() & {"freq", "byday", "opens_at", "closes_at"}


def test_a_day_with_hours_of_its_own_is_a_schedule_of_that_day_alone() -> None:
    made = schedules({"exceptions": {"2026-12-27": "10:00-12:00", "2026-12-28": "closed"}}, Ids("elders", "hier"))
    days = [(each["valid_from"], each["valid_to"], each["byday"], each["opens_at"]) for each in made]
    assert days == [("2026-12-27", "2026-12-27", "SU", "10:00")]


def test_schedules_end_on_the_last_day_that_something_is_there() -> None:
    made = schedules({"hours": "Mo 10:00-12:00", "stopped": "2027-01-01"}, Ids("elders", "hier"))
    assert [each["valid_to"] for each in made] == ["2026-12-31"]


@pytest.mark.parametrize("hours", sorted({*SAYABLE, *HOURS} - {*UNSAYABLE, "24/7"}))
def test_a_week_in_schedules_is_read_as_the_same_week(hours: str) -> None:
    week = week_of(hours)
    assert week is not None
    week.spans = {day: spans for day, spans in week.spans.items() if spans}
    again = week_of(text_of(week) or "")
    assert again == week
    given = [{key: value for key, value in rule.items() if key != "notes"} for rule in told(hours)]
    assert hours_of(given) == text_of(week)


# Broken documents


def without(name: str) -> Callable[[dict[str, Any]], None]:
    def change(document: dict[str, Any]) -> None:
        del document["contents"][0][name]

    return change


def field(name: str, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(document: dict[str, Any]) -> None:
        document["contents"][1][name] = value

    return change


def fact(code: str, value: str | None) -> Callable[[dict[str, Any]], None]:
    """Another value for one of our attributes of the third service."""

    def change(document: dict[str, Any]) -> None:
        for each in document["contents"][2]["attributes"]:
            if each["taxonomy_term"]["code"] == code:
                each["value"] = value if value is not None else each.pop("value")
                each["taxonomy_term"]["code"] = code if value is not None else "zomaar"

    return change


def twice(document: dict[str, Any]) -> None:
    document["contents"][3]["attributes"].append(copy.deepcopy(document["contents"][3]["attributes"][0]))


def again(document: dict[str, Any]) -> None:
    document["contents"].append(copy.deepcopy(document["contents"][4]))


def other_hours(document: dict[str, Any]) -> None:
    document["contents"][5]["schedules"][0]["opens_at"] = "03:00"


BREAKS: dict[str, tuple[Callable[[dict[str, Any]], None], tuple[str, ...]]] = {
    "no name": (without("name"), ("contents[0]", "'name' is a required property")),
    "no status": (without("status"), ("contents[0]", "'status' is a required property")),
    "an unknown status": (field("status", "open"), ("contents[1].status", "'open' is not one of")),
    "an id that is no UUID": (field("id", "17"), ("contents[1].id", "'17' is not a 'uuid'")),
    "a list that is a text": (field("phones", "112"), ("contents[1].phones", "'112' is not of type 'array'")),
    "an age in words": (field("minimum_age", "vier"), ("contents[1].minimum_age", "'vier' is not of type 'number'")),
    "a section that is none": (fact("section", "winkels"), ("contents[2]", "section is 'winkels'")),
    "a truth that is none": (fact("free", "misschien"), ("contents[2]", "free is 'misschien'")),
    "an unknown field": (fact("urgent", None), ("contents[2]", "unknown key 'zomaar'")),
    "an attribute twice": (twice, ("contents[3]", "stands here twice")),
    "a service twice": (again, ("is also that of contents[4]",)),
    "schedules that were changed": (other_hours, ("contents[5].schedules says something else",)),
}


def broken(*names: str) -> dict[str, Any]:
    document = through([record for record in MAPS["voorbeeldstad"] if "hours" in record.values][:6])
    for name in names:
        BREAKS[name][0](document)
    return document


def refusal(document: Any) -> str:
    with pytest.raises(DirectoryErrors) as refused:
        read(document, Path("kaart.json"))
    assert all(str(mistake).startswith("kaart.json:0: ") for mistake in refused.value.mistakes)
    return str(refused.value)


@pytest.mark.parametrize("name", BREAKS)
def test_a_broken_document_is_refused_and_told_where(name: str) -> None:
    assert read(broken())
    said = refusal(broken(name))
    assert all(part in said for part in BREAKS[name][1]), said


def test_a_document_with_many_mistakes_tells_them_all_at_once() -> None:
    """Those of the shape and those of the content; what comes of several services together, once each is in order."""
    said = refusal(broken(*BREAKS))
    for name, (_, parts) in BREAKS.items():
        if name != "a service twice":
            assert all(part in said for part in parts), (name, said)


@pytest.mark.parametrize("document", [None, [], "x", {}, {"contents": {}}, {"contents": [None]}, {"contents": [[]]}])
def test_what_is_no_page_at_all_is_refused(document: Any) -> None:
    assert mistakes(document)
    refusal(document)


# Somebody else's services

FOREIGN = {
    "id": "6a1d0f3e-0000-4000-8000-000000000001",
    "name": "Repair Café Zuid",
    "status": "temporarily closed",
    "description": "Samen repareren.",
    "url": "https://repaircafe.example",
    "minimum_age": 12.0,
    "maximum_age": 12.5,
    "assured_date": "2024-03-01T10:00:00Z",
    "phones": [
        {"id": "6a1d0f3e-0000-4000-8000-000000000002", "number": "+49 30 1234567", "type": "voice"},
        {"id": "6a1d0f3e-0000-4000-8000-000000000003", "number": "+31 (0)26 312 77 00", "type": "voice"},
    ],
    "languages": [
        {"id": "6a1d0f3e-0000-4000-8000-000000000004", "code": "nld", "name": "Dutch"},
        {"id": "6a1d0f3e-0000-4000-8000-000000000005", "code": "sw", "name": "Swahili"},
    ],
    "cost_options": [{"id": "6a1d0f3e-0000-4000-8000-000000000006", "amount": 0, "option": "kinderen"}],
    "schedules": [
        {"id": "6a1d0f3e-0000-4000-8000-000000000007", "freq": "WEEKLY", "byday": "WE,SA", "opens_at": "10:00", "closes_at": "12:00"},
        {"id": "6a1d0f3e-0000-4000-8000-000000000008", "freq": "WEEKLY", "byday": "SA", "opens_at": "13:00", "closes_at": "15:00:00"},
    ],
    "organization": {"id": "6a1d0f3e-0000-4000-8000-000000000009", "name": "Stichting Heel", "description": "Maakt heel."},
    "service_at_locations": [
        {
            "id": "6a1d0f3e-0000-4000-8000-00000000000a",
            "location": {
                "id": "6a1d0f3e-0000-4000-8000-00000000000b",
                "location_type": "physical",
                "name": "De Hal",
                "addresses": [
                    {
                        "id": "6a1d0f3e-0000-4000-8000-00000000000c",
                        "address_1": "Kade 9",
                        "city": "Arnhem",
                        "state_province": "",
                        "postal_code": "6811 DG",
                        "country": "NL",
                        "address_type": "physical",
                    }
                ],
            },
        }
    ],
}  # fmt: skip


def imported(**changes: Any) -> dict[str, Any]:
    """The fields that the service of somebody else gets; None takes a field out of it."""
    changed = {key: value for key, value in {**FOREIGN, **changes}.items() if value is not None}
    [record] = read({"contents": [changed]})
    assert record.section == "voorzieningen"
    return record.values


def test_what_somebody_else_wrote_comes_in_as_far_as_it_goes() -> None:
    values = imported()
    note = values.pop("note").splitlines()
    assert values == {
        "id": "repair-cafe-zuid-6a1d0f3e",
        "status": "unconfirmed",
        "why_unconfirmed": "Overgenomen uit HSDS van een ander; nog door niemand nagekeken. De bron geeft als status: "
        "temporarily closed. Wat geen eigen veld heeft, staat in de opmerking (note).",
        "name": "Repair Café Zuid",
        "organisation": "Stichting Heel",
        "age_min": 12,
        "phone": "026-3127700",
        "address": "Kade 9, 6811 DG Arnhem",
        "location": "De Hal",
        "url": "https://repaircafe.example",
        "hours": "We 10:00-12:00; Sa 10:00-12:00,13:00-15:00; PH unknown",
        "languages": ["nl"],
        "sources": [{"title": "HSDS, dienst 6a1d0f3e-0000-4000-8000-000000000001"}],
        "checked": "2024-03-01",
        "checked_by": "onbekend, overgenomen uit HSDS",
    }
    assert {
        "description: Samen repareren.", "maximum_age: 12.5", "phones[0].number: +49 30 1234567",
        "languages[1].code: sw", "cost_options[0].option: kinderen", "organization.description: Maakt heel.",
    } <= set(note)  # fmt: skip


def test_it_is_read_the_same_as_a_single_service() -> None:
    assert read(FOREIGN) == read({"contents": [FOREIGN]})


def test_what_nobody_is_known_to_have_checked_is_the_oldest_of_all() -> None:
    for unknown in (None, "onlangs"):
        values = imported(assured_date=unknown)
        assert values["checked"] == "1970-01-01"
        assert "niet wanneer dit voor het laatst is gecontroleerd" in values["why_unconfirmed"]
    assert "assured_date: onlangs" in values["note"]


@pytest.mark.parametrize(
    ("changes", "left_out"),
    [
        ({"schedules": [{**FOREIGN["schedules"][0], "interval": 2}]}, "hours"),  # type: ignore[index]
        ({"schedules": [{**FOREIGN["schedules"][0], "valid_to": "2024-12-31"}]}, "hours"),  # type: ignore[index]
        ({"schedules": [{**FOREIGN["schedules"][0], "opens_at": "10:00Z"}]}, "hours"),  # type: ignore[index]
        ({"schedules": [{**FOREIGN["schedules"][0], "timezone": 1}]}, "hours"),  # type: ignore[index]
        ({"schedules": [{**FOREIGN["schedules"][0], "byday": None}]}, "hours"),  # type: ignore[index]
        ({"service_at_locations": FOREIGN["service_at_locations"] * 2}, "address"),  # type: ignore[operator]
        ({"phones": [{**FOREIGN["phones"][1], "extension": 12}]}, "phone"),  # type: ignore[index]
        ({"phones": [{**FOREIGN["phones"][1], "type": "fax"}]}, "phone"),  # type: ignore[index]
        ({"cost_options": [{"id": FOREIGN["id"], "amount": 0, "valid_to": "2020-01-01"}]}, "free"),
        ({"cost_options": [{"id": FOREIGN["id"], "amount_description": "vrije gift"}]}, "free"),
        ({"url": "repaircafe"}, "url"),
    ],
)
def test_what_is_not_certain_goes_into_the_note_only(changes: dict[str, Any], left_out: str) -> None:
    changes = json.loads(json.dumps(changes), object_hook=lambda d: {k: v for k, v in d.items() if v is not None})
    values = imported(**changes)
    assert left_out not in values
    assert next(iter(changes)) in values["note"]


@pytest.mark.parametrize(("amount", "free"), [(0, True), (2.5, False)])
def test_a_price_without_conditions_is_a_price(amount: float, free: bool) -> None:
    assert imported(cost_options=[{"id": FOREIGN["id"], "amount": amount}])["free"] is free


def test_it_enters_the_map_and_no_resident_sees_it(tmp_path: Path) -> None:
    folder = tmp_path / "arnhem"
    shutil.copytree(GEMEENTEN / "arnhem", folder)
    replace(folder, read({"contents": [FOREIGN]}))
    map_ = load(folder)
    assert "repair-cafe-zuid-6a1d0f3e" in map_.unconfirmed
    assert "repair-cafe-zuid-6a1d0f3e" not in map_.services


OBJECTS = json.loads((FOLDER / "page.json").read_text(encoding="utf-8"))["$defs"]


def hsds(rule: dict[str, Any], depth: int = 0) -> st.SearchStrategy[Any]:
    """Anything that HSDS allows, three objects deep."""
    if "$ref" in rule:
        return hsds(OBJECTS[rule["$ref"].rsplit("/", 1)[1]], depth)
    if "enum" in rule:
        return st.sampled_from(rule["enum"])
    if rule["type"] == "array":
        return st.lists(hsds(rule["items"], depth), max_size=2) if depth < 3 else st.just([])
    if rule["type"] == "object":
        parts = {
            key: hsds(part, depth + 1)
            for key, part in rule["properties"].items()
            if depth < 3 or key in rule["required"]
        }
        needed = {key: parts.pop(key) for key in rule["required"]}
        return st.fixed_dictionaries(needed, optional=parts)
    if rule["type"] in ("number", "integer"):
        return st.integers(-5, 200) | st.floats(allow_nan=False, allow_infinity=False)
    text = st.text(max_size=8) | st.sampled_from(["nl", "026-3127700", "10:00", "MO,1TU", "2024-01-01", "nld", "voice"])
    formats = {"uuid": st.uuids().map(str), "email": st.emails()}
    return formats.get(rule.get("format", ""), text)


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(hsds(OBJECTS["service"]))
def test_anything_that_is_hsds_can_be_read_and_is_never_shown(given_: dict[str, Any]) -> None:
    document = {"contents": [given_]}
    assert mistakes(document) == []
    [record] = read(document)
    assert record.values["status"] == "unconfirmed"
    assert mistakes_in(YamlFile(Path("x"), record.values), schema("service")) == []


@pytest.mark.parametrize(
    ("given_", "ours"),
    [
        ("+31 26 312 77 00", "026-3127700"),
        ("+31 (0)26-3127700", "026-3127700"),
        ("0031 313 123456", "0313-123456"),
        ("0313 12 34 56", "0313-123456"),
        ("06 1234 5678", "06-12345678"),
        ("+31612345678", "06-12345678"),
        ("0800 2000", "0800-2000"),
        ("0800-0113", "0800-0113"),
        ("088 123 4567", "088-1234567"),
        ("14026", "14 026"),
        ("14 026", "14 026"),
        ("112", "112"),
        ("116 111", "116111"),
        ("+49 30 1234567", None),
        ("026 31277", None),
        ("026-3127700 of 026-3127701", None),
        ("bel ons", None),
        ("", None),
    ],
)
def test_a_number_is_read_where_it_is_plainly_dutch(given_: str, ours: str | None) -> None:
    assert dutch(given_) == ours


# The standard itself


def test_the_page_about_hsds_names_every_field() -> None:
    page = (ROOT / "docs" / "hsds.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1] for line in page.splitlines() if line.startswith("| `")]
    named = {name for row in rows for name in row.replace("`", "").replace(",", " ").split()}
    assert {"section", *FIELDS} <= named


@published_only
@pytest.mark.parametrize("name", MUNICIPALITIES)
def test_a_map_keeps_to_the_published_schema(name: str) -> None:
    assert mistakes(through(MAPS[name], name), PUBLISHED) == []


@published_only
def test_our_writing_of_the_schema_asks_exactly_what_the_published_one_asks() -> None:
    assert PUBLISHED is not None
    for name, rule in OBJECTS.items():
        if rule["type"] == "object":
            theirs = json.loads(
                (PUBLISHED / f"{name.replace('metadatum', 'metadata')}.json").read_text(encoding="utf-8")
            )
            assert set(rule["required"]) == set(theirs["required"]), name
            ours = {key: essence(part) for key, part in rule["properties"].items()}
            assert ours == {key: essence(part) for key, part in theirs["properties"].items()}, name


def essence(rule: dict[str, Any]) -> Any:
    """What a rule asks, whatever it is called and however it is explained."""
    if "$ref" in rule:
        name = rule["$ref"].rsplit("/", 1)[-1].removesuffix(".json")
        plain = OBJECTS.get(name, {}).get("type") != "object" and rule["$ref"].startswith("#")
        return essence(OBJECTS[name]) if plain else name.replace("metadatum", "metadata")
    if rule["type"] == "array":
        return [essence(rule["items"])]
    return {key: rule[key] for key in ("type", "format", "enum") if key in rule}
