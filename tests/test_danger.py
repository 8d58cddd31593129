"""A crisis beside something else in one message is heard, in five languages, with a full stop between them or nothing at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.nlu.danger import cut
from bot.nlu.local import understanding_for
from bot.nlu.phrases import phrases
from bot.nlu.store import learned
from bot.nlu.understanding import Understanding
from bot.paths import NLU
from bot.settings import Settings

IN_DANGER = [
    ("zelfdoding", "Ik kan mijn rekeningen niet betalen. Ik wil niet meer leven."),
    ("zelfdoding", "ik kan mijn rekeningen niet betalen en ik wil niet meer leven"),
    ("zelfdoding", "ik kan mijn rekeningen niet betalen ik wil niet meer leven"),
    ("geweld", "ik zoek een taalcursus, mijn man slaat mij elke dag"),
    ("dakloos", "mijn huur is te hoog en vannacht slaap ik op straat met mijn kinderen"),
    ("zelfdoding", "Borçlarım var ve kirayı ödeyemiyorum. Artık yaşamak istemiyorum."),
    ("zelfdoding", "kirayı ödeyemiyorum artık yaşamak istemiyorum"),
    ("geweld", "iş arıyorum ama kocam beni dövüyor"),
    ("zelfdoding", "nie mam za co zapłacić rachunków i nie chcę już żyć"),
    ("zelfdoding", "nie mam za co zapłacić rachunków nie chcę już żyć"),
    ("geweld", "szukam kursu języka, mąż mnie bije"),
    ("zelfdoding", "mi no por paga mi kuentanan i mi no ke biba mas"),
    ("zelfdoding", "mi no por paga mi kuentanan mi no ke biba mas"),
    ("zelfdoding", "I cannot pay my bills. I don't want to live anymore."),
    ("zelfdoding", "i cannot pay my rent i don't want to live anymore"),
    ("geweld", "i am looking for a course, my husband beats me"),
]
CALM = [
    "mijn man is ziek, ik slaap slecht en ik heb schulden",
    "ik woon hier niet meer en ik wil een ander huis",
    "kirayı ödeyemiyorum ve işim yok",
    "nie mam pracy i nie mówię po niderlandzku",
    "mi no tin trabou i mi no sa papia hulandes",
    "i lost my job, my rent is too high and i feel alone",
]
AND = phrases(["en", "ve"])


@pytest.fixture(scope="module")
def understanding(model: Path) -> Understanding:
    chosen = Settings()
    return understanding_for(learned(NLU, chosen.var / "models"), chosen.gemeente)


@pytest.mark.parametrize(("kind", "text"), IN_DANGER)
def test_danger_in_a_part_is_the_danger_of_the_message(understanding: Understanding, kind: str, text: str) -> None:
    assert understanding.of(text)["intent"]["name"] == f"crisis_{kind}"


@pytest.mark.parametrize("text", CALM)
def test_several_worries_are_no_crisis(understanding: Understanding, text: str) -> None:
    found = understanding.of(text)
    assert not found["intent"]["name"].startswith("crisis_")
    assert found["doubt"] is None


def test_danger_behind_a_long_letter_is_found(understanding: Understanding) -> None:
    letter = "ik heb weer een brief van de belastingdienst gekregen en ik begrijp hem niet. " * 30
    assert len(letter) > 2000
    assert understanding.of(letter + "Ik wil niet meer leven.")["intent"]["name"] == "crisis_zelfdoding"


def parts(text: str) -> list[str]:
    said, found = cut(text, AND)
    return sorted(" ".join(said[start:end]) for start, end in found)


def test_a_message_is_cut_at_stops_commas_and_words_that_begin_something_new() -> None:
    assert parts("Ik ben moe. Mijn man slaat mij, elke dag en ik huil") == [
        "ik ben moe", "mijn man slaat mij", "mijn man slaat mij elke dag en ik huil",
    ]  # fmt: skip


def test_a_message_of_one_part_is_looked_at_once() -> None:
    assert parts("ik heb schulden") == []


def test_what_has_no_stop_is_looked_at_a_few_words_at_a_time() -> None:
    assert parts("een twee drie vier vijf zes zeven") == [
        "drie vier vijf zes", "drie vier vijf zes zeven", "een twee drie vier", "een twee drie vier vijf",
        "twee drie vier vijf", "twee drie vier vijf zes", "vier vijf zes zeven",
    ]  # fmt: skip
