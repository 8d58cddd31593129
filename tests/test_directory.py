"""The map: what is read from a folder, and what is refused, all at once and with the line."""

from __future__ import annotations

import json
import shutil
from dataclasses import fields
from pathlib import Path

import jsonschema
import pytest
import yaml

from bot.directory import Directory, DirectoryErrors, load
from bot.model import Service
from bot.paths import DATA, GEMEENTEN
from bot.routing.features import SUITS

TAXONOMY = yaml.safe_load((DATA / "taxonomy.yml").read_text(encoding="utf-8"))
SCHEMA = json.loads((DATA / "schema" / "service.json").read_text(encoding="utf-8"))
MUNICIPALITIES = ("arnhem", "voorbeeldstad")


@pytest.fixture(scope="module")
def arnhem() -> Directory:
    return load(GEMEENTEN / "arnhem")


@pytest.fixture(scope="module")
def voorbeeldstad() -> Directory:
    return load(GEMEENTEN / "voorbeeldstad")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of Voorbeeldstad in which a test may make mistakes."""
    return Path(shutil.copytree(GEMEENTEN / "voorbeeldstad", tmp_path / "voorbeeldstad"))


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {path}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_arnhem_has_the_wijken_of_cbs_and_a_team_for_each(arnhem: Directory) -> None:
    assert (arnhem.name, arnhem.cbs_code, len(arnhem.wijken), len(arnhem.gebieden)) == ("Arnhem", "GM0202", 24, 8)
    teams = {team.id for wijk in arnhem.wijken if (team := arnhem.team_of(wijk))}
    assert len(teams) == 8
    assert arnhem.team_of("atlantis") is None


@pytest.mark.parametrize(
    ("typed", "wijken", "ask"),
    [
        ("6811", ("centrum",), False),
        ("6833", ("malburgen-oost-noord",), False),
        ("6822AB", ("klarendal", "monnikenhuizen", "st-marten-sonsbeek"), True),
        ("6822 ab", ("klarendal", "monnikenhuizen", "st-marten-sonsbeek"), True),
        ("6823", ("geitenkamp", "monnikenhuizen"), False),
        ("1012", (), False),
    ],
)
def test_a_postcode_tells_the_wijken_and_whether_to_ask(
    arnhem: Directory, typed: str, wijken: tuple[str, ...], ask: bool
) -> None:
    found = arnhem.postcode(typed)
    assert arnhem.wijken_of_postcode(typed) == wijken
    assert (found is not None and found.ask) == ask


def test_six_signs_say_more_than_four(voorbeeldstad: Directory) -> None:
    assert voorbeeldstad.wijken_of_postcode("0022AB") == ("bloemenbuurt",)
    assert voorbeeldstad.wijken_of_postcode("0022ZZ") == ("dorpskern", "bloemenbuurt")


@pytest.mark.parametrize("municipality", MUNICIPALITIES)
def test_a_postcode_in_several_gebieden_is_asked(municipality: str) -> None:
    directory = load(GEMEENTEN / municipality)
    for postcode in directory.postcodes.values():
        gebieden = {directory.wijken[wijk].gebied for wijk in postcode.wijken}
        assert postcode.ask or len(gebieden) == 1, postcode


@pytest.mark.parametrize("municipality", MUNICIPALITIES)
@pytest.mark.parametrize("crisis", TAXONOMY["crisis"])
def test_every_crisis_has_a_number_everywhere(municipality: str, crisis: str) -> None:
    directory = load(GEMEENTEN / municipality)
    assert "112" in {service.id for service in directory.crisis(crisis)}
    assert all(service.phone or service.phone_of for service in directory.crisis(crisis))


def test_113_answers_on_the_number_that_is_not_on_the_bill_first(arnhem: Directory) -> None:
    assert (arnhem.services["113"].phone, arnhem.services["113"].phone_alt) == ("0800-0113", "113")


def test_what_nobody_confirmed_is_kept_apart(arnhem: Directory) -> None:
    assert arnhem.unconfirmed["mvt-arnhem"].status == "unconfirmed"
    assert arnhem.unconfirmed["rkv-inloop-in-voorbereiding"].status == "planned"
    assert arnhem.unconfirmed["hoogkamp-inloop"].status == "stopped"
    assert not arnhem.unconfirmed.keys() & arnhem.services.keys()
    assert all(kept.why for kept in arnhem.unconfirmed.values())
    routed = {service.id for services in arnhem.by_topic.values() for service in services}
    assert not routed & arnhem.unconfirmed.keys()


@pytest.mark.parametrize("number", ["06-26744727", "0900-1809", "0900-0767", "030-2059059", "0900-8020"])
def test_no_dangerous_or_outdated_number_is_shown_in_arnhem(arnhem: Directory, number: str) -> None:
    shown = {
        phone for service in arnhem.services.values() for phone in (service.phone, service.phone_alt, service.whatsapp)
    }
    assert number not in shown


def test_nobody_is_promised_a_language_in_arnhem_that_no_source_confirms(arnhem: Directory) -> None:
    assert {language for service in arnhem.services.values() for language in service.languages} == {"nl"}


def test_voorbeeldstad_has_something_of_everything(voorbeeldstad: Directory) -> None:
    services = voorbeeldstad.services.values()
    assert voorbeeldstad.fictional
    assert set(voorbeeldstad.by_topic) == set(TAXONOMY["topics"])
    assert {drempel for service in services for drempel in service.removes} == set(TAXONOMY["drempels"])
    assert {language for service in services for language in service.languages} == set(TAXONOMY["languages"])
    assert {"women_only", "halal", "wheelchair", "young_people"} <= {
        word for service in services for word in service.suits
    }
    assert any(service.interpreter for service in services)
    unused = {field.name for field in fields(Service)} - {"stopped", "phone_of", "ask_for", "traits"}
    assert all(any(getattr(service, name) for service in services) for name in unused)


def test_in_voorbeeldstad_only_numbers_that_save_a_life_exist(voorbeeldstad: Directory) -> None:
    real = {service.id for service in voorbeeldstad.services.values() if not str(service.phone).startswith("0999-")}
    assert real == {"112", "113", "veilig-thuis"}


@pytest.mark.parametrize("municipality", MUNICIPALITIES)
def test_an_editor_accepts_every_file_that_we_accept(municipality: str) -> None:
    for path in (GEMEENTEN / municipality).rglob("*/*.yml"):
        jsonschema.validate(yaml.safe_load(path.read_text(encoding="utf-8")), SCHEMA)


def test_schema_and_model_agree() -> None:
    extra = {"status", "why_unconfirmed"}
    assert set(SCHEMA["properties"]) == {field.name for field in fields(Service)} | extra


@pytest.mark.parametrize(
    ("field", "known"),
    [
        ("topics", TAXONOMY["topics"]),
        ("removes", TAXONOMY["drempels"]),
        ("crisis", TAXONOMY["crisis"]),
        ("suits", SUITS),
    ],
)
def test_schema_knows_the_same_words(field: str, known: list[str]) -> None:
    assert set(SCHEMA["properties"][field]["items"]["enum"]) == set(known)


FIRST = -1000
"""What is missing is told at the first line of what it is missing from."""
MISTAKES = [
    # file, what stands there, what somebody makes of it, how many lines below that it is told, words of the message
    ("voorzieningen/taalcafe.yml", "topics:", "topic:", 0, ["unknown key 'topic'", "did you mean 'topics'?"]),
    ("voorzieningen/taalcafe.yml", "[taal, nieuw", "[tal, nieuw", 0, ["'tal'", "did you mean 'taal'?"]),
    ("voorzieningen/taalcafe.yml", "id: taalcafe", "id: taalcafee", 0, ["differs from the file name", "'taalcafe'"]),
    ("voorzieningen/taalcafe.yml", "19:00-21:00", "19-21u", 0, ["hours cannot be read", "Mo-Fr 09:00-17:00"]),
    ("voorzieningen/taalcafe.yml", "0999-000 14", "020-1234567", 0, ["'020-1234567'", "0999-"]),
    ("voorzieningen/taalcafe.yml", "0999-000 14", "bel ons", 0, ["'bel ons'", "Dutch telephone number"]),
    ("voorzieningen/taalcafe.yml", "languages: [nl, en", "languages: [nl, engels", 0, ["'engels'"]),
    ("voorzieningen/taalcafe.yml", 'checked: "2026-11-21"', 'checked: "2026-02-31"', 0, ["2026-02-31 is no day"]),
    ("voorzieningen/taalcafe.yml", 'checked: "2026-11-21"', "", FIRST, ["checked is missing", "add 'checked'"]),
    ("voorzieningen/taalcafe.yml", "removes: [taal", "removes: [tall", 0, ["'tall'", "did you mean 'taal'?"]),
    ("voorzieningen/taalcafe.yml", "topics: [taal, nieuw, meedoen]", "", FIRST, ["topics is missing"]),
    ("voorzieningen/taalcafe.yml", "  nl: Ik wil graag Nederlands leren.\n", "", -1, ["say.nl is missing"]),
    ("voorzieningen/jongerenhuis.yml", "age_min: 12", "age_min: 32", 0, ["age_min 32 is more than age_max 27"]),
    ("voorzieningen/jongerenhuis.yml", "age_min: 12", "age_min: 1200", 0, ["age_min is 1200", "whole years"]),
    ("voorzieningen/jongerenhuis.yml", "age_min: 12", "age_min: true", 0, ["age_min is True", "whole years"]),
    ("voorzieningen/jongerenhuis.yml", "jongerenhuis@", "jongerenhuis", 0, ["an address for e-mail"]),
    (
        "voorzieningen/buurttuin.yml",
        '"2026-12-26": closed',
        '"26 december": closed',
        0,
        ["'26 december'", "2026-12-27"],
    ),
    ("voorzieningen/buurttuin.yml", '"2026-12-26": closed', '"2026-12-26": dicht', 0, ["'dicht'", "hours of that day"]),
    ("voorzieningen/buurttuin.yml", '"2026-12-26": closed', '"2026-02-30": closed', -2, ["2026-02-30", "calendar"]),
    ("voorzieningen/buurttuin.yml", '"10:00-15:00"', '"10:00-35:00"', 0, ["2026-11-28", "10:00-12:00"]),
    ("voorzieningen/hulp-in-huis.yml", "free: false", "free: true", 1, ["free and costs something"]),
    ("voorzieningen/taalcafe.yml", "12-24", "12-25", 0, ["'12-25'", "PH"]),
    ("voorzieningen/taalcafe.yml", "free: true", "free: yes", 0, ["free is 'yes'"]),
    ("voorzieningen/taalcafe.yml", "free: true", "free: true\nfree: true", 1, ["'free' stands here twice"]),
    ("voorzieningen/taalcafe.yml", "free: true", "free: [true", 1, ["no YAML"]),
    (
        "voorzieningen/buurttuin.yml",
        "wijken: [bloemenbuurt",
        "wijken: [bloemenburt",
        0,
        ["did you mean 'bloemenbuurt'?"],
    ),
    (
        "voorzieningen/taalcafe.yml",
        'phone: "0999-000 14"',
        "phone_of: gemeente",
        0,
        ["phone_of 'gemeente' is not here"],
    ),
    ("voorzieningen/taalcafe.yml", "free: true", "kind: crisis", 0, ["kind is given", "leave `kind` out"]),
    ("voorzieningen/taalcafe.yml", "free: true", "status: unconfirmed", 0, ["status without a reason"]),
    ("gemeente.yml", "floor: gemeente-v", "floor: gemeente_v", 0, ["floor is 'gemeente_voorbeeldstad'"]),
    (
        "gemeente.yml",
        "floor: gemeente-v",
        "floor: gemeente-w",
        0,
        ["'gemeente-woorbeeldstad' is not here", "did you mean"],
    ),
    ("wijken.yml", "gebied: oud", "gebied: out", 0, ["unknown gebied 'out'", "did you mean 'oud'?"]),
    ("wijken.yml", "team: wijkteam-oud", "team: wijkteam-out", 0, ["unknown wijkteam 'wijkteam-out'"]),
    ("wijkteams/wijkteam-oud.yml", "[dorpskern, havenkwartier]", "[dorpskern]", 0, ["wijken differ from wijken.yml"]),
    ("postcodes.yml", "[havenkwartier]", "[havenkwatier]", 0, ["did you mean 'havenkwartier'?"]),
    ("postcodes.yml", '"0011"', '"11"', 0, ["unknown '11'", "four digits"]),
]


@pytest.mark.parametrize(
    ("name", "old", "new", "below", "words"), MISTAKES, ids=[f"{m[0]}: {m[2]!r}" for m in MISTAKES]
)
def test_a_mistake_is_told_with_its_line(
    folder: Path, name: str, old: str, new: str, below: int, words: list[str]
) -> None:
    at = (folder / name).read_text(encoding="utf-8").split(old)[0].count("\n") + 1
    change(folder / name, old, new)
    with pytest.raises(DirectoryErrors) as refused:
        load(folder)
    lines = [str(mistake) for mistake in refused.value.mistakes]
    found = [text for text in lines if text.startswith(f"{folder / name}:{max(at + below, 2)}:")]
    assert any(all(word in text for word in words) for text in found), lines
    assert all("; expected " in text for text in lines)


def test_all_mistakes_are_told_at_once(folder: Path) -> None:
    change(folder / "voorzieningen" / "taalcafe.yml", "topics:", "topic:")
    change(folder / "postcodes.yml", '"0011"', '"11"')
    (folder / "spreekuren" / "opvoedspreekuur.yml").rename(folder / "spreekuren" / "opvoedspreekuur.yaml")
    with pytest.raises(DirectoryErrors) as refused:
        load(folder)
    paths = [mistake.path.name for mistake in refused.value.mistakes]
    assert {"taalcafe.yml", "postcodes.yml", "opvoedspreekuur.yaml"} <= set(paths)
    assert paths == [mistake.path.name for mistake in sorted(refused.value.mistakes)]


def test_an_id_in_two_folders_is_refused(folder: Path) -> None:
    shutil.copy(folder / "voorzieningen" / "taalcafe.yml", folder / "spreekuren" / "taalcafe.yml")
    with pytest.raises(DirectoryErrors, match="id 'taalcafe' is also that of"):
        load(folder)


def test_a_postcode_in_two_files_is_refused(folder: Path) -> None:
    shutil.copy(folder / "postcodes.yml", folder / "postcodes-zes.yml")
    with pytest.raises(DirectoryErrors, match="postcode 0011 is also in"):
        load(folder)


def test_a_municipality_without_112_is_refused(folder: Path) -> None:
    (folder / "nummers" / "112.yml").unlink()
    with pytest.raises(DirectoryErrors, match="crisis number '112' is missing"):
        load(folder)


def test_a_folder_without_wijken_is_refused(folder: Path) -> None:
    (folder / "wijken.yml").unlink()
    with pytest.raises(DirectoryErrors, match="there is no such file"):
        load(folder)


def test_a_folder_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no such folder"):
        load(tmp_path / "nergens")


@pytest.mark.parametrize(
    ("number", "real"),
    [
        ("026-3896969", True),
        ("0800-1809", True),
        ("0900-1450", True),
        ("112", True),
        ("06-12345678", True),
        ("0317-123456", True),
        ("088-0767000", True),
        ("26-3896969", False),
        ("026-389696", False),
        ("0999-000 01", False),
    ],
)
def test_a_real_municipality_has_real_numbers(tmp_path: Path, number: str, real: bool) -> None:
    folder = Path(shutil.copytree(GEMEENTEN / "arnhem", tmp_path / "arnhem"))
    change(folder / "nummers" / "geldfit.yml", "0800-8115", number)
    if real:
        assert load(folder).services["geldfit"].phone == number
    else:
        with pytest.raises(DirectoryErrors, match=r"geldfit\.yml"):
            load(folder)
