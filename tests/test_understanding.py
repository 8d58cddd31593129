"""The understanding as a whole: its figures do not fall below the floors, any text gets an answer, the same material the same model."""

from __future__ import annotations

import filecmp
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.folding import fold
from bot.nlu.curve import thresholds, wilson
from bot.nlu.evaluation import BESIDE, Result, read_cases, results, score
from bot.nlu.local import understanding_for
from bot.nlu.material import MaterialErrors, expand, read_material
from bot.nlu.page import page
from bot.nlu.store import learned, model_folder
from bot.nlu.training import train
from bot.nlu.understanding import Understanding
from bot.paths import NLU
from bot.settings import Settings
from bot.taxonomy import taxonomy
from tests.conftest import ROOT

FLOORS = {"nl": 0.88, "en": 0.87, "tr": 0.88, "pl": 0.87, "pap": 0.87}
"""Share of messages understood fairly on the sets of tests/understanding; two or three in a hundred below what was measured."""
MOST_BYTES = 30_000_000
REGRESSIONS: list[dict[str, Any]] = yaml.safe_load(
    (ROOT / "tests" / "understanding" / "regressions.yml").read_text(encoding="utf-8")
)
"""Sentences that were once heard wrongly; no measure, for their writer knew the material."""
FEWEST_REGRESSIONS = 25
STILL_WRONG: frozenset[str] = frozenset()
"""Of those: heard wrongly still. A row that is mended must leave this set."""
MOST_MISSED_BESIDE, MOST_SILENT_BESIDE, MOST_FALSE_BESIDE = 0.23, 0.08, 0.20
BESIDE_ROWS: list[dict[str, Any]] = yaml.safe_load(
    (ROOT / "tests" / "understanding" / "beside.yml").read_text(encoding="utf-8")
)
UNSEEN_ROWS: list[dict[str, Any]] = yaml.safe_load(
    (ROOT / "tests" / "understanding" / "unseen" / "beside.yml").read_text(encoding="utf-8")
)
FEWEST_IN_DANGER, FEWEST_CALM, FEWEST_PLAIN = 16, 12, 40


@pytest.fixture(scope="module")
def understanding(model: Path) -> Understanding:
    chosen = Settings()
    return understanding_for(learned(NLU, chosen.var / "models"), chosen.gemeente)


@pytest.fixture(scope="module")
def found(understanding: Understanding) -> list[Result]:
    return results(understanding, read_cases(ROOT / "tests" / "understanding"))


@pytest.mark.parametrize("language", FLOORS)
def test_each_language_is_understood(found: list[Result], language: str) -> None:
    own = [result for result in found if result.case.language == (language,)]
    assert len(own) >= 300
    assert score(own).right / len(own) >= FLOORS[language]


def test_crises_are_heard_and_figures_of_speech_are_not(found: list[Result]) -> None:
    total = score(result for result in found if result.case.register != BESIDE)
    assert total.crisis_missed / total.crisis <= 0.10
    assert total.false_alarms / total.calm <= 0.02


def test_danger_beside_a_need_is_heard_or_asked_about(found: list[Result]) -> None:
    """The set that is hard on purpose; its bounds are three in a hundred above what was measured."""
    total = score(result for result in found if result.case.register == BESIDE)
    assert total.crisis_missed / total.crisis <= MOST_MISSED_BESIDE
    assert total.crisis_silent / total.crisis <= MOST_SILENT_BESIDE
    assert total.false_alarms / total.calm <= MOST_FALSE_BESIDE


def test_danger_that_is_said_plainly_beside_a_need_is_never_passed_over(understanding: Understanding) -> None:
    """Of the set that nothing was tuned on; what is only implied is measured in docs/understanding.md, and often missed."""
    plain = [row for row in UNSEEN_ROWS if row["intent"].startswith("crisis_") and not row.get("implied")]
    heard = [(row["text"], understanding.of(row["text"], row["languages"][0])) for row in plain]
    silent = [text for text, found in heard if not found["intent"]["name"].startswith("crisis_") and not found["doubt"]]
    assert len(plain) >= FEWEST_PLAIN
    assert not silent


@pytest.mark.parametrize("language", FLOORS)
def test_danger_of_each_kind_stands_everywhere_in_a_message_in_each_language(language: str) -> None:
    own = [row for row in BESIDE_ROWS if row["languages"] == [language]]
    danger = [row for row in own if row["intent"].startswith("crisis_")]
    assert len(danger) >= FEWEST_IN_DANGER and len(own) - len(danger) >= FEWEST_CALM
    assert {row["intent"].removeprefix("crisis_") for row in danger} == set(taxonomy().crisis)
    assert {row["place"] for row in danger} == {"first", "middle", "last"}
    assert {row["joint"] for row in danger} == {"stop", "comma", "and", "because", "none"}


def test_topics_drempels_and_what_is_out_of_scope(found: list[Result]) -> None:
    total = score(found)
    assert (total.f1("topics") or 0) >= 0.80
    assert (total.f1("drempels") or 0) >= 0.75
    assert total.out_of_scope_caught / total.out_of_scope >= 0.80


def test_no_line_of_a_test_set_was_learned() -> None:
    """A short word may stand in both, for there is no other way to say it; a sentence may not."""
    taught = {fold(utterance.text) for utterance in read_material(NLU)}
    folder = ROOT / "tests" / "understanding"
    cases = [*read_cases(folder), *read_cases(folder / "unseen")]
    same = [case.text for case in cases if fold(case.text) in taught]
    assert not [text for text in same if len(text.split()) > 3]


@pytest.mark.parametrize("row", REGRESSIONS, ids=[f"{row['languages'][0]}: {row['text']}" for row in REGRESSIONS])
def test_what_was_heard_wrongly_is_heard_rightly(understanding: Understanding, row: dict[str, Any]) -> None:
    """In a crisis only the number counts; else every label, and no question whether somebody is safe."""
    heard = understanding.of(row["text"], row["languages"][0])
    intent = heard["intent"]["name"]
    fair = intent in (row["intent"], *row.get("accept", ()))
    if not row["intent"].startswith("crisis_"):
        fair = fair and heard["doubt"] is None and set(heard["drempels"]) == set(row.get("drempels", ()))
        fair = fair and (intent != row["intent"] or set(heard["topics"]) == set(row.get("topics", ())))
    assert fair == (row["text"] not in STILL_WRONG), heard


@pytest.mark.parametrize("language", FLOORS)
def test_regressions_stand_in_each_language_and_nowhere_in_the_material(language: str) -> None:
    own = [row["text"] for row in REGRESSIONS if row["languages"] == [language]]
    taught = {fold(utterance.text) for utterance in read_material(NLU)}
    assert len(own) >= FEWEST_REGRESSIONS
    assert not [text for text in own if fold(text) in taught]
    assert {row["text"] for row in REGRESSIONS} >= STILL_WRONG


@settings(max_examples=150, deadline=None)
@given(text=st.text(max_size=300), language=st.sampled_from([None, "nl", "tr", "pap"]))
def test_any_text_gets_an_answer_of_the_same_shape(
    understanding: Understanding, text: str, language: str | None
) -> None:
    heard = understanding.of(text, language)
    assert heard["text"] == text
    assert heard["intent"]["name"] in taxonomy().intents
    assert 0 <= heard["intent"]["confidence"] <= 1
    assert set(heard["topics"]) <= set(taxonomy().topics)
    assert set(heard["drempels"]) <= set(taxonomy().drempels)
    assert {row["name"] for row in heard["intent_ranking"]} <= set(taxonomy().intents)


@pytest.mark.parametrize("text", ["", " ", "😀😀", "أحتاج إلى مساعدة", "x" * 10_000, "1234567890", "\x00"])
def test_what_is_no_message_is_not_understood_and_no_error(understanding: Understanding, text: str) -> None:
    assert understanding.of(text)["intent"]["name"] == "buiten_bereik"


def test_the_same_material_gives_the_same_model_byte_for_byte(tmp_path: Path) -> None:
    some = read_material(NLU)[::40]
    for name in ("one", "two"):
        train(some).save(tmp_path / name)
    _, differ, errors = filecmp.cmpfiles(
        tmp_path / "one", tmp_path / "two", ["understanding.json", "understanding.npz"], shallow=False
    )
    assert not differ and not errors


def test_the_model_is_small(model: Path) -> None:
    folder = model_folder(NLU, Settings().var / "models")
    assert sum(path.stat().st_size for path in folder.iterdir()) <= MOST_BYTES


def test_every_mistake_in_the_material_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "nl").mkdir()
    (tmp_path / "nl" / "geld.txt").write_text("== hulp_gelt\nhoi :: !schamte +woonen zomaar\n", encoding="utf-8")
    with pytest.raises(MaterialErrors) as told:
        read_material(tmp_path)
    for wrong in ("hulp_gelt", "schamte", "woonen", "zomaar"):
        assert wrong in str(told.value)


def test_a_template_is_expanded_to_a_few_and_always_the_same() -> None:
    assert expand("geen variant") == ["geen variant"]
    assert set(expand("de (deur|bel) [nu]")) <= {"de deur", "de bel", "de deur nu", "de bel nu"}
    assert expand("de (deur|bel) [nu]") == expand("de (deur|bel) [nu]")


def test_a_section_may_label_all_its_lines(tmp_path: Path) -> None:
    (tmp_path / "nl").mkdir()
    (tmp_path / "nl" / "coach.txt").write_text("== coach_onbereikbaar :: !bereik\nniemand neemt op\n", encoding="utf-8")
    (utterance,) = read_material(tmp_path)
    assert (utterance.intent, utterance.drempels) == ("coach_onbereikbaar", ("bereik",))


def test_the_page_holds_every_table(found: list[Result]) -> None:
    text = page(found, [], 0.001)
    for heading in (
        "## By language",
        "## By register",
        "## Crisis",
        "## All thresholds",
        "## Compared with other models",
    ):
        assert heading in text
    assert "{" not in text.replace("{a", "")


def test_an_interval_holds_its_rate_and_narrows() -> None:
    low, high = wilson(9, 10)
    assert low < 0.9 < high
    assert wilson(900, 1000)[0] > low
    assert wilson(0, 10)[0] == 0


def test_a_higher_threshold_catches_more_and_understands_less(found: list[Result]) -> None:
    rows: list[Any] = thresholds(found, (0.1, 0.5, 0.9))
    assert [right for _, right, _ in rows] == sorted((right for _, right, _ in rows), reverse=True)
    assert [caught for _, _, caught in rows] == sorted(caught for _, _, caught in rows)
