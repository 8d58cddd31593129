"""The questions about somebody else: each in each language, what is said where one is missing, and who is asked what."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.checks.completeness import for_somebody_else
from bot.checks.reading import SOURCE, read_texts
from bot.conversation.script import read_script
from bot.conversation.state import State
from bot.i18n.catalogue import OTHER, Catalogue, catalogue
from bot.i18n.for_other import for_other
from bot.i18n.why import why_text
from bot.i18n.wording import Wording
from bot.languages import complete
from bot.paths import LOCALES
from tests.texts_fixtures import Copy

SCRIPT = read_script()
ASKED = [name for name, question in SCRIPT.questions.items() if question.only_for is None]
ONE = "questions.eten_op.ask"


def said(key: str, language: str, texts: Catalogue, variant: int = 0) -> str:
    key, variant, values = for_other([key, variant, {}], language, texts)
    return Wording(texts, {}).line(key, language, variant, values)


@pytest.mark.parametrize("language", complete())
def test_every_question_is_asked_about_that_person_and_never_twice_the_same(language: str) -> None:
    texts = catalogue()
    keys = [f"questions.{name}.ask" for name in ASKED]
    keys += [f"conversation.ask.{name}" for name in ("topic", "place", "which_wijk", "drempel", "outcome")]
    for key in keys:
        count = texts.count(key, language)
        asked = [said(key, language, texts, variant) for variant in range(count)]
        assert texts.count(f"{OTHER}{key}", language) == count == len(set(asked)), key
        assert not set(asked) & {texts.variant(key, language, variant) for variant in range(count)}, key


@pytest.mark.parametrize("language", complete())
def test_in_danger_that_person_and_who_is_talking_are_both_asked_about(language: str) -> None:
    both = {"nl": ("diegene", "jij"), "tr": ("O kişi", "siz"), "pl": ("ta osoba", "ty"), "pap": ("E hende ei", "abo"),
            "en": ("that person", "you")}[language]  # fmt: skip
    assert all(word in said("conversation.crisis.safe_now", language, catalogue()) for word in both)


@pytest.mark.parametrize("language", complete())
def test_a_choice_is_worded_for_that_person(language: str) -> None:
    wording = Wording(catalogue(), {})
    offered = {"group": "questions.werk_en_huis", "codes": ["met_werk", "zonder_werk"]}
    for_self, other = wording.titles(offered, language), wording.titles({**offered, "other": True}, language)
    assert len({*for_self.values(), *other.values()}) == 4
    same = {"group": "questions.eten_op", "codes": ["ja", "nee"]}
    assert wording.titles(same, language) == wording.titles({**same, "other": True}, language)


@pytest.mark.parametrize("language", complete())
def test_the_reason_for_a_place_speaks_of_that_persons_neighbourhood(language: str) -> None:
    reasons = ("wijk", "gratis")
    assert why_text(reasons, language, catalogue()) != why_text(reasons, language, catalogue(), other=True)
    assert why_text(("gratis",), language, catalogue()) == why_text(("gratis",), language, catalogue(), other=True)


@pytest.mark.parametrize("language", complete())
def test_where_a_wording_is_missing_the_ordinary_one_of_that_language_is_said(language: str, tmp_path: Path) -> None:
    folder = tmp_path / "locales"
    shutil.copytree(LOCALES, folder)
    (folder / language / "other.yml").unlink()
    without = Catalogue(folder)
    assert said(ONE, language, without) == catalogue().variant(ONE, language, 0)
    another = next(code for code in complete() if code != language)
    assert said(ONE, another, without) == said(ONE, another, catalogue())


def test_the_check_names_each_question_without_that_wording() -> None:
    source = read_texts(LOCALES)[0][SOURCE].keys()
    assert list(for_somebody_else(source)) == []
    for key in (f"{OTHER}{ONE}.1", f"{OTHER}conversation.ask.drempel.2", f"{OTHER}conversation.crisis.safe_now"):
        ((missing, what),) = for_somebody_else(source - {key})
        assert missing == key and "asks for somebody else" in what
    ((stray, what),) = for_somebody_else({*source, f"{OTHER}questions.weer.ask.0"})
    assert stray == f"{OTHER}questions.weer.ask.0" and "questions.weer.ask.0" in what


def test_make_check_names_the_missing_wording_by_its_file(tmp_path: Path) -> None:
    copy = Copy(tmp_path, "data/nlu", "data/rules", "data/places")
    for language, words in (("nl", "Werkt die persoon nu?"), ("en", "Is there food in their home today?")):
        copy.change(f"locales/{language}/other.yml", f"      - {words}\n", "")
    told = copy.python("-m", "bot", "check").stderr
    assert "locales/nl/other.yml: questions.werk_en_huis.ask.1: is missing" in told
    assert "locales/en/other.yml: questions.eten_op.ask.1: is missing" in told


def asks(state: State) -> str | None:
    question = SCRIPT.next_question(state)
    return question.id if question else None


@pytest.mark.parametrize(
    ("state", "question"),
    [
        (State(topic="zorg", topics=("zorg",)), "voor_wie"),
        (State(topic="zorg", topics=("zorg",), other=True), "zelf_zorgen"),
        (State(topic="zorg", topics=("zorg", "mantelzorg"), other=True), None),  # said already that they care
        (State(topic="zorg", topics=("zorg",), other=True, answers={"zelf_zorgen": "nee"}), None),
        (State(topic="geld", topics=("geld",), other=True), "eten_op"),
    ],
)
def test_nobody_is_asked_for_whom_the_help_is_when_it_was_said(state: State, question: str | None) -> None:
    assert asks(state) == question


@pytest.mark.parametrize(
    ("answers", "other"),
    [({"voor_wie": "mij"}, False), ({"voor_wie": "ander"}, True), ({"eten_op": "ja"}, None), ({}, None)],
)
def test_an_answer_can_tell_for_whom_the_help_is(answers: dict[str, str], other: bool | None) -> None:
    assert SCRIPT.for_whom(answers) is other
