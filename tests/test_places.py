"""Where somebody lives, found in messages of five languages."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.directory import load
from bot.nlu.place_words import LISTS, PLACES, TABLES, PlaceWordsErrors, place_words
from bot.nlu.places import NOWHERE, Found, Places
from bot.nlu.sound import sound
from bot.paths import GEMEENTEN, NLU
from tests.places_fixtures import ELSEWHERE, MALBURGEN, NAMES, NO_PLACE, POSTCODES, PRESIKHAAF, RKV

FALSE_PLACES = 0.01
"""Of the lines that hold no place."""
DIRECTORY = load(GEMEENTEN / "arnhem")
ARNHEM = Places(
    {wijk.id: (wijk.name, *wijk.spoken_names) for wijk in DIRECTORY.wijken.values()},
    {code: (known.wijken, known.ask) for code, known in DIRECTORY.postcodes.items()},
    {wijk.id: wijk.gebied for wijk in DIRECTORY.wijken.values()},
    DIRECTORY.name,
)
WORDS = [spoken.lower() for wijk in DIRECTORY.wijken.values() for spoken in (wijk.name, *wijk.spoken_names)]
DISTINCT_NAMES = [sound(name) for name in WORDS if len(name) > 7 and name.isalpha()]
PIECES = [
    "'da",
    " AB",
    "6822",
    "68 22",
    "zes",
    "altmış",
    "İ",
    "ﬁ",
    "½",
    "²",
    "e\u0301",
    "\n",
    "€",
    "nie ",
    "in het ",
    "-",
]


def wijken(found: Found) -> tuple[str, ...]:
    """The values of the neighbourhoods that a message names."""
    return tuple(sorted(str(entity["value"]) for entity in found.entities if entity["entity"] == "wijk"))


def postcodes(found: Found) -> list[object]:
    return [entity["value"] for entity in found.entities if entity["entity"] == "postcode"]


def stretches(found: Found) -> list[tuple[int, int]]:
    return [(int(str(entity["start"])), int(str(entity["end"]))) for entity in found.entities]


@pytest.mark.parametrize(("message", "expected"), NAMES.items())
def test_a_neighbourhood_is_found_as_people_write_and_say_it(message: str, expected: str | tuple[str, ...]) -> None:
    found = ARNHEM.find(message)
    assert wijken(found) == ((expected,) if isinstance(expected, str) else expected)
    assert tuple(sorted(found.wijken)) == wijken(found)
    assert not found.ask


@pytest.mark.parametrize(("message", "value"), POSTCODES.items())
def test_a_postcode_is_found_in_every_writing(message: str, value: str) -> None:
    found, known = ARNHEM.find(message), DIRECTORY.postcodes[value[:4]]
    assert postcodes(found) == [value]
    assert (found.wijken, found.ask, found.elsewhere) == (known.wijken, known.ask, False)


@pytest.mark.parametrize(("message", "value"), ELSEWHERE.items())
def test_a_postcode_of_another_place_is_elsewhere(message: str, value: str) -> None:
    found = ARNHEM.find(message)
    assert (postcodes(found), found.wijken, found.elsewhere) == ([value], (), True)


@pytest.mark.parametrize("message", NO_PLACE)
def test_what_only_looks_like_a_place_is_none(message: str) -> None:
    assert ARNHEM.find(message) == NOWHERE


@pytest.mark.parametrize(
    ("message", "stretch"),
    [
        ("Ben İsmail, Klarendal'da oturuyorum", "Klarendal'da"),
        ("cafe\u0301 in de buurt? ik woon in malburgen oost-zuid", "malburgen oost-zuid"),
        ("ﬁjn dat u er bent, 6822  ab", "6822  ab"),
        ("aaaaaaah ik woon in schaars bergen!", "schaars bergen"),
        ("mieszkam na Klarendalu.", "Klarendalu"),
        ("½ jaar in het Spijkerkwartier", "Spijkerkwartier"),
        ("mijn postcode: zes acht twee twee a b.", "zes acht twee twee a b"),
    ],
)
def test_an_entity_says_where_it_stands_in_the_text_as_typed(message: str, stretch: str) -> None:
    assert {message[start:end] for start, end in stretches(ARNHEM.find(message))} == {stretch}


def test_names_under_one_wijkteam_are_not_asked_about_and_names_under_several_are() -> None:
    assert not ARNHEM.find("Malburgen").ask
    assert not ARNHEM.find("RKV").ask
    assert set(ARNHEM.find("RKV").wijken) == set(RKV)
    both = ARNHEM.find("ik woon in Klarendal of Presikhaaf")
    assert set(both.wijken) == {"klarendal", *PRESIKHAAF}
    assert both.ask


def test_a_name_beside_a_postcode_settles_which_part_of_it() -> None:
    assert ARNHEM.find("6822").ask
    found = ARNHEM.find("6822 ab, in klarendal")
    assert (found.wijken, found.ask) == (("klarendal",), False)
    assert postcodes(found) == ["6822AB"]
    assert wijken(found) == ("klarendal",)


def test_two_postcodes_are_asked_about_even_where_they_share_a_wijk() -> None:
    found = ARNHEM.find("tussen 6822 en 6823")
    assert set(found.wijken) == {*DIRECTORY.postcodes["6822"].wijken, *DIRECTORY.postcodes["6823"].wijken}
    assert found.ask


def test_of_two_names_the_smaller_part_counts() -> None:
    assert ARNHEM.find("malburgen, bij immerloo").wijken == ("malburgen-oost-zuid",)


def test_without_gebieden_a_name_never_asks_but_two_names_do() -> None:
    plain = Places({"a": ("Aalbeek",), "b": ("Bruinhorst",), "c": ("Aalbeek",)}, {})
    assert plain.find("ik woon in Aalbeek") == Found(("a", "c"), entities=plain.find("ik woon in Aalbeek").entities)
    assert plain.find("Aalbeek of Bruinhorst").ask


def test_a_six_character_postcode_is_more_exact_than_its_digits() -> None:
    known = {"6822": (("a", "b"), True), "6822AB": (("b",), False)}
    places = Places({"a": ("Aalbeek",), "b": ("Bruinhorst",)}, known)
    assert (places.find("6822ab").wijken, places.find("6822ab").ask) == (("b",), False)
    assert (places.find("6822xz").wijken, places.find("6822xz").ask) == (("a", "b"), True)


def test_digits_of_which_only_codes_with_letters_are_listed_are_not_elsewhere() -> None:
    places = Places({"a": ("Aalbeek",), "b": ("Bruinhorst",)}, {"6822AB": (("a",), False), "6822AC": (("b",), False)})
    assert (places.find("6822").wijken, places.find("6822").ask) == (("a", "b"), True)
    assert places.find("6822 ac").wijken == ("b",)


def test_a_postcode_that_may_be_a_year_needs_more_than_standing_in_a_sentence() -> None:
    places = Places({"a": ("Aalbeek",)}, {"2011": (("a",), False)})
    assert places.find("ik kwam hier in 2011 aan") == NOWHERE
    assert places.find("2011").wijken == places.find("2011 RC").wijken == places.find("postcode 2011").wijken == ("a",)


@pytest.mark.parametrize("folder", ["nl", "tr", "pl", "pap", "en"])
def test_lines_without_a_place_hold_none(folder: str) -> None:
    lines = [line for name in ("buiten_bereik", "talk", "geld") for line in messages(NLU / folder / f"{name}.txt")]
    placeless = [line for line in lines if not any(name in sound(line.lower()) for name in DISTINCT_NAMES)]
    wrong = [line for line in placeless if ARNHEM.find(line) != NOWHERE]
    assert len(placeless) > 900
    assert len(wrong) < FALSE_PLACES * len(placeless), wrong


def messages(path: Path) -> list[str]:
    """The messages of a file of training material."""
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    return [line.partition(" :: ")[0] for line in lines if line and not line.startswith(("== ", "# "))]


@settings(max_examples=400, deadline=None)
@given(st.lists(st.one_of(st.text(max_size=12), st.sampled_from(WORDS), st.sampled_from(PIECES)), max_size=8))
def test_any_text_is_read_and_what_is_found_lies_inside_it(pieces: list[str]) -> None:
    text = "".join(pieces)
    found = ARNHEM.find(text)
    for start, end in stretches(found):
        assert 0 <= start < end <= len(text)
        assert text[start:end].strip() == text[start:end]
    assert set(wijken(found)) <= set(found.wijken)
    assert bool(found.entities) == bool(found.wijken or found.elsewhere)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(sorted(DIRECTORY.wijken)), st.data())
def test_every_spoken_name_is_found_whatever_its_capitals(wijk: str, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(DIRECTORY.wijken[wijk].spoken_names))
    written = data.draw(st.sampled_from([name, name.lower(), name.upper(), name.title()]))
    assert wijk in ARNHEM.find(f"ik woon in {written}").wijken
    assert wijk in ARNHEM.find(written).wijken


def test_malburgen_has_three_wijken() -> None:
    assert tuple(sorted(ARNHEM.find("Malburgen").wijken)) == MALBURGEN


def test_every_mistake_in_the_words_is_reported_at_once_by_file(tmp_path: Path) -> None:
    (tmp_path / "nl.yml").write_text("numbers: {zes: [zes]}\nhome: woon\nhuis: []\n", encoding="utf-8")
    (tmp_path / "tr.yml").write_text("- otur*\n", encoding="utf-8")
    with pytest.raises(PlaceWordsErrors) as caught:
        place_words(tmp_path)
    report = str(caught.value)
    assert f"{tmp_path / 'nl.yml'}: numbers: 'zes' is no number" in report
    assert "home: expected a list" in report
    assert "huis: not known" in report
    assert "endings is missing" in report
    assert f"{tmp_path / 'tr.yml'}: expected the keys" in report


def test_a_folder_without_words_says_what_to_put_there(tmp_path: Path) -> None:
    with pytest.raises(PlaceWordsErrors, match=r"no <language>\.yml"):
        place_words(tmp_path)


def test_the_words_of_five_languages_are_read() -> None:
    words = place_words()
    assert len(words.numbers) == len(list(PLACES.glob("*.yml"))) == 5
    assert words.lists.keys() == LISTS.keys()
    assert "directions" in TABLES
    assert words.direction("guneyinde") == "zuid"
