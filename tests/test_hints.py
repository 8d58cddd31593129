"""What a message says beside its need is heard in each language, and what only looks like it is not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.languages import complete
from bot.nlu.hints import FOLDER, STEM, hints
from bot.nlu.tokens import tokens_of
from bot.paths import DATA, LOCALES
from tests.hints_fixtures import NOTHING, ROWS

LANGUAGES = complete()
FEWEST_ROWS, FEWEST_TRAPS = 25, 8
PARTS = ("answers", "traits", "other", "years", "before_age", "no_age_before", "no_age_behind", "questions")


def read(path: Path) -> dict[str, Any]:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def written(language: str) -> dict[str, Any]:
    return read(FOLDER / f"{language}.yml")


def lists(raw: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], list[str]]]:
    """Every list of phrases, with the keys that lead to it."""
    if isinstance(raw, list):
        yield path, raw
        return
    for key, below in raw.items():
        yield from lists(below, (*path, str(key)))


def said(language: str, sentence: str) -> set[str]:
    """What is heard, as the tables write it."""
    heard = hints(language).of(sentence)
    found = {f"{question}={answer}" for question, answer in heard.get("answers", {}).items()}
    found |= set(heard.get("traits", ()))
    found |= {"other"} if heard.get("other") else set()
    found |= {f"age {heard['age']}"} if "age" in heard else set()
    return found | ({f"ask {heard['question']}"} if "question" in heard else set())


TABLE = [(language, *row) for language, rows in ROWS.items() for row in rows]


@pytest.mark.parametrize(("language", "sentence", "expected"), TABLE, ids=[f"{row[0]}: {row[1]}" for row in TABLE])
def test_what_is_said_beside_the_need(language: str, sentence: str, expected: str) -> None:
    assert said(language, sentence) == {part for part in expected.split(", ") if part}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_its_table(language: str) -> None:
    rows = ROWS[language]
    assert len(rows) >= FEWEST_ROWS
    assert sum(expected == NOTHING for _, expected in rows) >= FEWEST_TRAPS


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_answer_is_one_of_its_question_and_no_crisis(language: str) -> None:
    questions = read(DATA / "questions.yml")
    for question, answers in written(language)["answers"].items():
        for code in answers:
            assert code in questions[question]["answers"], f"{question}: {code!r} is no answer of data/questions.yml"
            assert "crisis" not in questions[question]["answers"][code], f"{question}={code} is a crisis"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_wish_is_a_trait_of_the_routing(language: str) -> None:
    assert set(written(language)["traits"]) <= set(read(DATA / "routing.yml")["traits"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_question_about_help_has_its_answer(language: str) -> None:
    assert set(written(language)["questions"]) == set(read(LOCALES / language / "asked.yml"))


def test_all_languages_have_the_same_keys_in_the_same_order() -> None:
    keys = {language: [path for path, _ in lists(written(language))] for language in LANGUAGES}
    assert tuple(written("nl")) == PARTS
    assert all(own == keys["nl"] for own in keys.values()), keys


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_phrase_can_be_heard_and_stands_once(language: str) -> None:
    for path, phrases in lists(written(language)):
        seen = [(tokens_of(str(phrase)).words, str(phrase).endswith(STEM)) for phrase in phrases]
        assert all(words for words, _ in seen), path
        assert not any(STEM in str(phrase)[:-1] for phrase in phrases), (
            f"{path}: a star stands at the end of a phrase only"
        )
        assert len(seen) == len(set(seen)), (
            f"{path}: {[p for n, p in enumerate(phrases) if seen[n] in seen[:n]]} is there twice"
        )


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_phrase_answers_one_question_in_two_ways(language: str) -> None:
    for question, answers in written(language)["answers"].items():
        phrases = [tokens_of(str(phrase)).words for own in answers.values() for phrase in own]
        assert len(phrases) == len(set(phrases)), question
