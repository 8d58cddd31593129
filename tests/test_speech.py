"""What the voice gets to say: the text as it would be said, in each language."""

from __future__ import annotations

from pathlib import Path

import pytest

from actions.routes import best, others
from bot.channels.aloud import HEARD
from bot.channels.sound import Sounds
from bot.checks.limits import read_limits
from bot.i18n.catalogue import catalogue
from bot.i18n.speech import abbreviations, digits, spoken, spoken_again
from bot.i18n.why import spoken_why
from bot.i18n.wording import WHY, Wording
from bot.languages import complete
from bot.model import Need
from bot.routing import route
from bot.settings import Settings
from tests.routing_fixtures import DREMPELS, TOPICS, at, city


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("nl", "Bel 026 377 4955.", "Bel 0, 2, 6. 3, 7, 7. 4, 9, 5, 5."),
        ("nl", "Bel 14 026.", "Bel 1, 4. 0, 2, 6."),
        ("nl", "Bel 0800-0113 of 113.", "Bel 0, 8, 0, 0. 0, 1, 1, 3 of 1, 1, 3."),
        ("nl", "Open van 9 tot 17:30 uur.", "Open van 9 tot 17 30 uur."),
        ("nl", "10:00-12:30", "10 tot 12 30"),
        ("nl", "Straat 11, 6822 AB Arnhem", "Straat 11, 68 22 A B Arnhem"),
        ("nl", "Het kost € 2,50.", "Het kost 2 euro 50."),
        ("nl", "Het kost €2,05 of €3,-", "Het kost 2 euro 5 of 3 euro"),
        (
            "nl",
            "Van 4 t/m 17 jaar, bijv. met o.a. soep",
            "Van 4 tot en met 17 jaar, bijvoorbeeld met onder andere soep",
        ),
        ("nl", "Brieven & papieren (gratis).", "Brieven en papieren, gratis."),
        ("nl", "Mail naar info@voorbeeld.nl of kijk op https://voorbeeld.nl/hulp", "Mail naar of kijk op"),
        ("nl", "Je bent 18-jarige", "Je bent 18-jarige"),
        ("tr", "saat 9:30 ile 12:00 arası", "saat 9 30 ile 12 arası"),
        ("tr", "€ 2,50", "2 avro 50 sent"),
        ("pl", "w godz. 10:00–12:00, np. dziś", "w godzinach 10 do 12, na przykład dziś"),
        ("pl", "5 € nie", "5 € nie"),
        ("pap", "Dj'aki bo por bini di 9:00 te 12:30 or.", "Djaki bo por bini di 9 te 12 30 or."),
        ("en", "from 9:00-17:00, e.g. today", "from 9 to 17, for example today"),
    ],
)
def test_a_text_as_it_is_said(language: str, text: str, said: str) -> None:
    assert spoken(text, language) == said


@pytest.mark.parametrize("language", complete())
def test_a_telephone_number_is_said_digit_by_digit_in_every_language(language: str) -> None:
    assert spoken("026 123 4567", language) == digits("026 123 4567") == "0, 2, 6. 1, 2, 3. 4, 5, 6, 7"


@pytest.mark.parametrize("language", complete())
def test_what_was_made_fit_is_fit_and_stays_as_it_is(language: str) -> None:
    once = spoken("Bel 0800-0113 (gratis), 10:00–12:00, 6822 AB, € 2,50 🎉", language)
    assert spoken(once, language) == once


@pytest.mark.parametrize("language", complete())
def test_every_abbreviation_becomes_whole_words(language: str) -> None:
    pairs = abbreviations(catalogue().text("speech.abbreviations", language))
    assert len(pairs) > 4
    for short, whole in pairs:
        assert spoken(f"a {short} b", language) == f"a {whole} b"


def test_without_a_language_only_what_holds_for_all_is_done() -> None:
    assert spoken("bijv. 9:00 (of 10:30)") == "bijv. 9, of 10 30"


def test_what_a_resident_said_is_made_speakable_and_not_remembered(tmp_path: Path) -> None:
    sounds = Sounds(Settings({"DREMPELHULP_VAR": str(tmp_path), "DREMPELHULP_SECRET_KEY": "x"}), lambda *_: None)  # type: ignore[arg-type, return-value]
    sounds.aloud.given([sounds._asking("ik heb schulden", "nl")], HEARD)
    remembered = spoken_again.cache_info().currsize
    asked = sounds.aloud.given([sounds._asking("mijn naam is Jansen", "nl")], HEARD)
    assert "Jansen" in asked[0]["spoken"]
    assert spoken_again.cache_info().currsize == remembered


MONDAY = at("2026-11-23T09:00")
SHORT = {service.name: service.spoken_name for service in city("arnhem").services.values() if service.spoken_name}


@pytest.mark.parametrize("language", complete())
def test_who_listens_hears_one_short_reason_for_the_first_place_and_no_other_word_more(language: str) -> None:
    """Every topic, with each thing that makes it hard, in a wijk whose team has a long name, and where it is not known."""
    wording, limits = Wording(catalogue(), {}, SHORT), read_limits(language)
    for topic in TOPICS:
        for wijken in ((), ("spijkerkwartier",)):
            for drempels in ((), *((drempel,) for drempel in DREMPELS)):
                need = Need((topic,), wijken, drempels, language)
                routes = route(need, city("arnhem"), MONDAY)
                lines = [*best(routes[0], need), *others(routes[1:])]
                message = wording.message({"lines": lines}, language, routes, MONDAY)
                (helped,) = (values.get("topic") for key, _, values in lines if key == WHY)
                named = catalogue().text(helped.removeprefix("@"), language) if helped else None
                reason = spoken_why(routes[0].why, named, language, catalogue())
                assert reason and len(reason.split()) <= limits.words and reason.count(".") == 1, reason
                assert message["spoken"].replace(f"{spoken(reason)} ", "", 1) == wording.aloud(
                    wording.shortened(message["text"]), [], language
                )
                assert reason not in message["text"]
                assert not any(long in message["spoken"] for long in SHORT)


def test_the_need_is_named_unless_something_stronger_speaks_for_the_place() -> None:
    def why(*codes: str) -> str:
        return spoken_why(codes, "geld en schulden", "nl", catalogue())

    assert why("topic", "gratis") == "Hier is hulp bij geld en schulden en het is gratis."
    assert why("topic") == "Hier is hulp bij geld en schulden."
    assert why("topic", "bel_eerst") == "Hier is hulp bij geld en schulden."  # the number is said next
    assert why("dringend", "topic", "wijk") == "Ze helpen als het haast heeft en het hoort bij jouw wijk."
    assert why("drempel_schaamte", "anoniem", "topic") == "Hier hoef je je niet te schamen."
    assert spoken_why(("topic", "gratis"), None, "nl", catalogue()) == "Het is gratis."
    assert spoken_why((), None, "nl", catalogue()) == ""


def test_without_a_place_nothing_is_said_for_a_reason() -> None:
    message = Wording(catalogue(), {}).message({"lines": [[WHY, 0, {}]]}, "nl", [], MONDAY)
    assert (message["text"], message["spoken"]) == ("", "")
