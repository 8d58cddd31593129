"""Residents with a story each, over HTTP, in five languages: the right door, few questions, nothing said twice, no dead end."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from statistics import median
from typing import Any

import pytest
import yaml

from bot.languages import complete
from tests.conftest import Site
from tests.resident import Resident

FOLDER = Path(__file__).parent / "residents"
RIGHT = 0.95
MOST_TURNS = 4
"""Median turns to the first route."""
MOST_QUESTIONS = 3


@lru_cache
def stories() -> list[dict[str, Any]]:
    return list(yaml.safe_load((FOLDER / "stories.yml").read_text(encoding="utf-8")))


@lru_cache
def words(language: str) -> dict[str, list[str]]:
    """Story -> what is said first, line by line."""
    told = yaml.safe_load((FOLDER / f"{language}.yml").read_text(encoding="utf-8"))
    return {story: [said] if isinstance(said, str) else said for story, said in told.items()}


@pytest.fixture(scope="module", params=complete())
def lived(request: pytest.FixtureRequest, site: Site) -> dict[str, tuple[dict[str, Any], Resident]]:
    """Every story lived through once in one language."""
    found = {}
    for story in stories():
        resident = Resident(site.url, request.param, story["knows"])
        resident.live(words(request.param)[story["story"]])
        found[story["story"]] = (story, resident)
    return found


def test_each_story_is_told_in_each_language() -> None:
    names = [story["story"] for story in stories()]
    assert {language: list(words(language)) for language in complete()} == dict.fromkeys(complete(), names)


def test_residents_come_to_the_right_door(lived: dict[str, tuple[dict[str, Any], Resident]]) -> None:
    doors = {name: ((r.first_route or [{"id": None}])[0]["id"], story["door"]) for name, (story, r) in lived.items()}
    wrong = {name: door for name, door in doors.items() if door[0] not in door[1]}
    assert len(wrong) <= (1 - RIGHT) * len(doors), wrong


def test_they_come_there_soon(lived: dict[str, tuple[dict[str, Any], Resident]]) -> None:
    turns = {name: resident.turns_to_route or 99 for name, (_, resident) in lived.items()}
    assert median(turns.values()) <= MOST_TURNS, turns
    assert max(resident.questions for _, resident in lived.values()) <= MOST_QUESTIONS


def test_nothing_is_said_twice_and_there_is_no_dead_end(lived: dict[str, tuple[dict[str, Any], Resident]]) -> None:
    for name, (_, resident) in lived.items():
        twice = {text for text in resident.texts if resident.texts.count(text) > 1}
        assert not twice, (name, twice)
        assert resident.dead_end is None, (name, resident.dead_end)


def test_a_crisis_is_answered_in_the_very_next_turn(lived: dict[str, tuple[dict[str, Any], Resident]]) -> None:
    for name in ("wil_dood", "wordt_geslagen", "vannacht_buiten", "brand"):
        assert lived[name][1].turns_to_route == 1, name
