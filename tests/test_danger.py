"""A crisis beside something else in one message is heard, in five languages, with a full stop between them or nothing at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.nlu.local import understanding_for
from bot.nlu.parts import CLAUSE, HALF, SENTENCE, STRETCH, cut
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
    ("zelfdoding", "mijn uitkering is stopgezet ik wil niet meer leven en de huur moet morgen betaald zijn"),
    ("geweld", "ik wil me inschrijven voor een woning mijn man slaat mij en ik heb ook een vraag over de zorgtoeslag"),
    ("dakloos", "işimi kaybettim bu gece sokakta kalıyorum bir de mektubum var"),
    ("zelfdoding", "szukam pracy chcę się zabić i mam długi"),
    ("geweld", "mi mester di yudansa ku papelnan mi kasá ta dal mi tur dia"),
    ("levensgevaar", "i need help with a form my father is unconscious and not breathing"),
]
CALM = [
    "mijn man is ziek, ik slaap slecht en ik heb schulden",
    "ik woon hier niet meer en ik wil een ander huis",
    "kirayı ödeyemiyorum ve işim yok",
    "nie mam pracy i nie mówię po niderlandzku",
    "mi no tin trabou i mi no sa papia hulandes",
    "i lost my job, my rent is too high and i feel alone",
    "ik schrik me dood van de rekeningen en ik zoek een goedkopere woning",
    "mijn vader is vorig jaar overleden en nu moet ik zijn post regelen",
    "faturalar beni öldürüyor ve dil kursu arıyorum",
    "umieram ze wstydu bo nie umiem pisać i szukam kursu",
    "mi ta muri di bergwensa ku mi debe i mi ke papia ku un hende",
    "these forms are killing me and i need a cheaper room",
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


def parts(text: str, *kinds: str) -> list[str]:
    said, found = cut(text, AND)
    return sorted(" ".join(said[start:end]) for (start, end), kind in found.items() if kind in kinds)


def test_a_message_is_cut_at_stops_commas_and_words_that_begin_something_new() -> None:
    assert parts("Ik ben moe. Mijn man slaat mij, elke dag en ik huil", SENTENCE, CLAUSE) == [
        "ik ben moe", "mijn man slaat mij", "mijn man slaat mij elke dag en ik huil",
    ]  # fmt: skip


def test_a_message_of_one_part_is_looked_at_once() -> None:
    assert cut("ik heb schulden", AND)[1] == {}


def test_what_has_no_stop_is_cut_in_two_at_each_word() -> None:
    assert parts("een twee drie vier vijf zes zeven", HALF) == [
        "een twee drie", "een twee drie vier", "vier vijf zes zeven", "vijf zes zeven",
    ]  # fmt: skip


def test_what_stands_in_the_middle_is_looked_at_a_few_words_at_a_time() -> None:
    assert parts("een twee drie vier vijf zes zeven acht", STRETCH) == [
        "drie vier vijf zes zeven", "twee drie vier vijf zes", "twee drie vier vijf zes zeven",
    ]  # fmt: skip


def test_no_half_goes_over_a_stop() -> None:
    assert parts("een twee drie vier. vijf zes zeven acht", HALF, STRETCH) == []


def test_a_pasted_letter_has_a_bounded_number_of_parts() -> None:
    _, found = cut("woord " * 10_000, AND)
    assert len(found) < 1000
