"""Where somebody lives: neighbouring wijken, postcodes of four and of six signs, and the folder that is served."""

from __future__ import annotations

import shutil
from itertools import product
from pathlib import Path

import pytest

from bot.directory import Directory, DirectoryErrors, load
from bot.nlu.local import understanding_for
from bot.nlu.places import Places
from bot.nlu.store import learned
from bot.paths import GEMEENTEN, NLU, ROOT, gemeente_folder
from bot.settings import Settings
from bot.statistics.known import Known

MUNICIPALITIES = ("arnhem", "voorbeeldstad")
SOUTH = (
    "malburgen-west", "malburgen-oost-noord", "malburgen-oost-zuid", "vredenburg-kronenburg", "elden", "elderveld", "de-laar",
    "rijkerswoerd", "schuytgraaf",
)  # fmt: skip
"""The wijken of Arnhem on the left bank of the Rijn."""


@pytest.fixture(scope="module")
def arnhem() -> Directory:
    return load(GEMEENTEN / "arnhem")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of Voorbeeldstad in which a test may make mistakes."""
    return Path(shutil.copytree(GEMEENTEN / "voorbeeldstad", tmp_path / "voorbeeldstad"))


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {path}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def mistakes(folder: Path) -> list[str]:
    with pytest.raises(DirectoryErrors) as refused:
        load(folder)
    return str(refused.value).splitlines()


@pytest.mark.parametrize("municipality", MUNICIPALITIES)
def test_neighbours_are_mutual(municipality: str) -> None:
    wijken = load(GEMEENTEN / municipality).wijken
    for wijk in wijken.values():
        assert wijk.id not in wijk.neighbours
        assert all(wijk.id in wijken[near].neighbours for near in wijk.neighbours), wijk.id


@pytest.mark.parametrize(
    ("wijk", "near"),
    [
        ("klarendal", "spijkerkwartier"),
        ("klarendal", "velperweg"),
        ("spijkerkwartier", "centrum"),
        ("arnhemse-broek", "presikhaaf-west"),
        ("geitenkamp", "monnikenhuizen"),
        ("vredenburg-kronenburg", "malburgen-oost-zuid"),
        ("elderveld", "de-laar"),
        ("schuytgraaf", "de-laar"),
    ],
)
def test_wijken_with_a_common_border_are_neighbours_also_over_the_edge_of_a_gebied(
    arnhem: Directory, wijk: str, near: str
) -> None:
    assert near in arnhem.wijken[wijk].neighbours


def test_the_rijn_separates(arnhem: Directory) -> None:
    north = arnhem.wijken.keys() - set(SOUTH)
    assert len(north) == 15
    assert not [pair for pair in product(north, SOUTH) if pair[1] in arnhem.wijken[pair[0]].neighbours]


@pytest.mark.parametrize("wijk", [*load(GEMEENTEN / "arnhem").wijken])
def test_nobody_in_arnhem_lives_where_no_wijk_is_near(arnhem: Directory, wijk: str) -> None:
    assert arnhem.wijken[wijk].neighbours


@pytest.mark.parametrize(
    ("typed", "wijken", "ask"),
    [
        ("0022", ("dorpskern", "bloemenbuurt"), True),
        ("0022AA", ("dorpskern",), False),
        ("0022 ab", ("bloemenbuurt",), False),
        ("0022ZZ", ("dorpskern", "bloemenbuurt"), True),
        ("0012", ("dorpskern", "havenkwartier"), False),
        ("0012AA", ("havenkwartier",), False),
    ],
)
def test_four_digits_in_two_gebieden_ask_and_their_six_signs_do_not(
    typed: str, wijken: tuple[str, ...], ask: bool
) -> None:
    found = load(GEMEENTEN / "voorbeeldstad").postcode(typed)
    assert found is not None and (found.wijken, found.ask) == (wijken, ask)


@pytest.mark.parametrize(
    ("message", "wijken", "ask"),
    [
        ("mijn postcode is 9922", ("dorpskern", "bloemenbuurt"), True),
        ("ik woon op 9922 AB", ("bloemenbuurt",), False),
        ("9922aa", ("dorpskern",), False),
        ("9922 ZZ", ("dorpskern", "bloemenbuurt"), True),
    ],
)
def test_a_postcode_in_a_message_says_with_its_letters_what_it_cannot_say_without(
    folder: Path, message: str, wijken: tuple[str, ...], ask: bool
) -> None:
    """With a first figure that real postcodes have: one that begins with 0 is a part of something else in a message."""
    (folder / "postcodes.yml").write_text((folder / "postcodes.yml").read_text("utf-8").replace('"00', '"99'), "utf-8")
    directory = load(folder)
    codes = {code: (known.wijken, known.ask) for code, known in directory.postcodes.items()}
    found = Places({}, codes, {wijk.id: wijk.gebied for wijk in directory.wijken.values()}).find(message)
    assert (found.wijken, found.ask, found.elsewhere) == (wijken, ask, False)


MISTAKES = {
    "a neighbour that does not name it": (
        "wijken.yml", "[havenkwartier, bloemenbuurt]", "[havenkwartier, bloemenbuurt, parkzicht]", "bloemenbuurt, parkzicht]",
        "'parkzicht' does not name 'dorpskern'; expected neighbours that name each other; add it there: dorpskern",
    ),
    "its own neighbour": (
        "wijken.yml", "[havenkwartier, bloemenbuurt]", "[havenkwartier, bloemenbuurt, dorpskern]", "bloemenbuurt, dorpskern]",
        "'dorpskern' is its own neighbour; expected another wijk; leave it out",
    ),
    "an unknown neighbour": (
        "wijken.yml", "[bloemenbuurt]", "[bloemenbuurt, parkzigt]", "[bloemenbuurt, parkzigt]",
        "unknown wijk 'parkzigt'; expected a wijk of this file; did you mean 'parkzicht'?",
    ),
    "several gebieden and no question": (
        "postcodes.yml", "bloemenbuurt], ask: true", "bloemenbuurt]", '"0022":',
        "postcode 0022 lies in several gebieden: nieuw, oud; expected a question which wijk it is; add `ask: true`",
    ),
    "six signs without their four digits": (
        "postcodes.yml", '"0012AA"', '"0013AA"', '"0013AA"',
        "0013AA is here, and 0013 is not; expected the four digits of each postcode of six signs; "
        'add "0013" with all its wijken',
    ),
    "six signs in a wijk that their four digits do not have": (
        "postcodes.yml", "[havenkwartier]}\n  \"0020", "[parkzicht]}\n  \"0020", '"0012AA"',
        "0012AA lies in 'parkzicht', 0012 does not; expected a wijk of its four digits; "
        "add parkzicht to 0012, or correct this one",
    ),
    "five signs": ("postcodes.yml", '"0012AA"', '"0012A"', '"0012A"', "unknown '0012A'; expected four digits, or four digits and"),
}  # fmt: skip


@pytest.mark.parametrize("row", MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_about_places_is_told_with_its_line_and_how_to_mend_it(
    folder: Path, row: tuple[str, str, str, str, str]
) -> None:
    name, old, new, on_line, what = row
    change(folder / name, old, new)
    (told,) = mistakes(folder)
    path, line, said = told.split(":", 2)
    assert (path, said.strip()[: len(what)]) == (str(folder / name), what)
    assert on_line in (folder / name).read_text(encoding="utf-8").splitlines()[int(line) - 1]


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("arnhem", GEMEENTEN / "arnhem"),
        ("voorbeeldstad", GEMEENTEN / "voorbeeldstad"),
        ("data/gemeenten/arnhem", GEMEENTEN / "arnhem"),
        ("./kaarten/ede", ROOT / "kaarten" / "ede"),
        ("../kaarten/ede", ROOT / "../kaarten/ede"),
        ("/srv/kaarten/ede", Path("/srv/kaarten/ede")),
        ("~/kaarten/ede", Path.home() / "kaarten" / "ede"),
        ("~", Path.home()),
    ],
)
def test_a_municipality_is_a_name_or_a_path(name: str, folder: Path) -> None:
    assert gemeente_folder(name) == folder


def test_places_follow_the_municipality_that_is_served_with_the_same_model(folder: Path) -> None:
    change(folder / "wijken.yml", "name: Parkzicht", "name: Zilverhof")
    change(folder / "wijken.yml", "[Parkzicht, Park Zicht]", "[Zilverhof]")
    model = learned(NLU, Settings().var / "models")
    here = understanding_for(model, "arnhem"), understanding_for(model, str(folder))
    heard = [
        [e["value"] for e in one.of(f"ik woon in {name}")["entities"]]
        for one in here
        for name in ("Klarendal", "Zilverhof")
    ]
    assert heard == [["klarendal"], [], [], ["parkzicht"]]


def test_the_count_has_the_wijken_of_a_folder_elsewhere(folder: Path) -> None:
    known = Known.of(str(folder))
    assert (known.gemeente, "parkzicht" in known.wijken) == ("Voorbeeldstad", True)
