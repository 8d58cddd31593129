"""What is found once for all turns is what was found each time: texts with places, choices, questions, the empty state."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from i18n.translator import TranslationFormatter

from bot.choices import Counting, Titles, chosen, offer
from bot.conversation.script import read_script
from bot.conversation.state import State
from bot.i18n.catalogue import Catalogue, catalogue
from bot.i18n.filling import PLACE, Form
from bot.i18n.week_text import week_text
from bot.i18n.why import why_text
from bot.i18n.wording import Wording
from bot.languages import complete
from bot.model import Service
from bot.paths import LOCALES
from bot.taxonomy import taxonomy

SCRIPT = read_script()
COUNTING = {"één": 1, "Een": 2, "twee": 2, "3e": 3}


@pytest.mark.parametrize("language", complete())
def test_every_text_is_filled_in_as_python_i18n_does(language: str) -> None:
    texts = {key: text for key, text in catalogue().texts[language].items() if PLACE in str(text)}
    for key, text in texts.items():
        names = [found["named"] or found["braced"] for found in TranslationFormatter.pattern.finditer(text)]
        for values in ({}, {name: f"<{name}> {{a}} 50% %{{b}}" for name in names if name}, {names[0] or "x": 7}):
            assert catalogue().text(key, language, **values) == TranslationFormatter(text).format(**values)
    assert len(texts) > 50


@given(st.text(alphabet="%{}ab 0", max_size=12), st.dictionaries(st.sampled_from("ab"), st.text("%{a}", max_size=4)))
def test_whatever_a_text_looks_like_it_is_filled_in_as_python_i18n_does(text: str, values: dict[str, str]) -> None:
    assert Form(text).filled(values) == TranslationFormatter(text).format(**values)


@given(
    st.sampled_from(["1", "een", "Één!", "3e", "twee", "9", "schulden", "geen werk", "wstydze sie", "ja", "zorg", "", "~"]),
    st.sampled_from([("geld", "wonen"), ("geld", "schaamte", "werk"), ("niets",)]),
)  # fmt: skip
def test_a_choice_is_the_same_with_words_that_were_prepared(said: str, codes: tuple[str, ...]) -> None:
    titles = {"geld": "Geld en schulden", "wonen": "Wonen", "schaamte": "Wstydzę się", "werk": "Ik heb geen werk"}
    own, offered = {code: titles.get(code, code) for code in codes}, offer(codes)
    prepared = chosen(said, offered, Titles(own), Counting(COUNTING))
    assert prepared == chosen(said, offered, own, COUNTING)


def test_the_names_of_a_neighbourhood_are_those_of_its_own_municipality() -> None:
    offered = {**offer(["centrum"]), "group": "wijken"}
    for name in ("Centrum", "De Binnenstad", "Centrum"):
        assert Wording(catalogue(), {"centrum": name}).titles(offered, "nl") == {"centrum": name}


def test_two_catalogues_each_say_their_own(tmp_path: Path) -> None:
    folder = tmp_path / "locales"
    shutil.copytree(LOCALES, folder)
    facts, ours = folder / "nl" / "facts.yml", catalogue().text("facts.why.gratis", "nl")
    facts.write_text(facts.read_text(encoding="utf-8").replace(ours, f"{ours} en voor niets"), encoding="utf-8")
    said = [why_text(("gratis",), "nl", words) for words in (catalogue(), Catalogue(folder), catalogue())]
    assert said[1] != said[0] == said[2]
    assert why_text(("gratis",), "en", Catalogue(folder)) == why_text(("gratis",), "en", catalogue())


def test_the_days_that_differ_are_those_of_the_place_itself() -> None:
    usual = Service("x", "spreekuur", "X", (), date(2026, 11, 1), "y", hours="Tu 09:00-17:00")
    closed = replace(usual, exceptions={"2026-12-01": "closed"})
    said = [week_text(each, date(2026, 11, 24), "nl", catalogue()) for each in (usual, closed, usual)]
    assert said == ["Dinsdag van 9 tot 17 uur.", f"{said[0]} Gesloten op 1 december.", said[0]]
    assert week_text(closed, date(2026, 12, 2), "nl", catalogue()) == said[0]


@given(st.lists(st.sampled_from(taxonomy().topics), unique=True, max_size=4), st.booleans())
def test_the_next_question_is_the_first_that_matters_and_was_not_answered_by_what_was_named(
    topics: list[str], other: bool
) -> None:
    state = State(topic=topics[0] if topics else None, topics=tuple(topics), other=other)
    told = {
        question.id: [
            code
            for code, answer in question.answers.items()
            if not answer.traits and (beside := {*answer.topics} - {*question.topics}) and beside <= {*topics}
        ]
        for question in SCRIPT.questions.values()
    }
    left = [question for question in SCRIPT.questions.values() if question.matters(state) and not told[question.id]]
    assert SCRIPT.next_question(state) == (left[0] if left else None)
    wanted = {name: codes[0] for name, codes in told.items() if codes and SCRIPT.questions[name].is_for(state)}
    assert SCRIPT.unasked(state, {}, None) == wanted


def test_a_conversation_begins_empty_whatever_was_before() -> None:
    slots = {"topics": ["geld"], "answers": {"eten_op": "ja"}, "routed": True, "requested_slot": "place", "safe": None}
    known = State.from_slots(slots)
    assert known == State(topics=("geld",), answers={"eten_op": "ja"}, routed=True)
    assert known.changes_since(State()) == {"topics": ["geld"], "answers": {"eten_op": "ja"}, "routed": True}
    assert State.from_slots({}) == State() != known
    with pytest.raises(TypeError, match="name"):
        known.but(name="Jan")
