"""Conversations as residents have them: tests/conversations/<language>/*.yml, through the whole Rasa stack.

A turn holds what somebody says (`resident`, or `press` a button by its number), and what must come of it: `asks` (the
question that waits then), `offers` (these places, the first one first), `only` (these places and no other), `says` and
`never_says` (words of the text), `aloud` (words of what is read aloud), `shows` (buttons), `language`.
`known_failures/<language>.yml` lists what is right and does not work yet: the test fails when one of them heals, so that it
is taken off the list.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.talk import Talk

FOLDER = Path(__file__).parent / "conversations"


def rows(path: Path) -> list[dict[str, Any]]:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader) or []


def known_failures() -> dict[tuple[str, str, str], str]:
    """(language, file, situation) -> because."""
    found = {}
    for path in sorted(FOLDER.glob("known_failures/*.yml")):
        found.update(
            {(path.stem, row["file"].removesuffix(".yml"), row["situation"]): row["because"] for row in rows(path)}
        )
    return found


def situations() -> list[Any]:
    failing, found = known_failures(), []
    for path in sorted(FOLDER.glob("*/*.yml")):
        language = path.parent.name
        if language == "known_failures":
            continue
        for row in rows(path):
            because = failing.get((language, path.stem, row["situation"]))
            marks = [pytest.mark.xfail(reason=because, strict=True)] if because else []
            found.append(pytest.param(language, row, id=f"{language}-{path.stem}-{row['situation']}", marks=marks))
    return found


@pytest.mark.parametrize(("language", "row"), situations())
async def test_situation(agent: Any, language: str, row: dict[str, Any]) -> None:
    talk = Talk(agent, language)
    talk.counted()
    if row.get("opened", True):
        await talk.begin()
    for number, turn in enumerate(row["turns"], 1):
        where = f"turn {number}: {turn}"
        await (talk.press(turn["press"]) if "press" in turn else talk.say(turn["resident"]))
        assert talk.messages, f"{where}: no answer"
        await check(talk, turn, where)
    if "counted" in row:
        (counted,) = talk.counted()
        assert {name: counted[name] for name in row["counted"]} == row["counted"]


async def check(talk: Talk, turn: dict[str, Any], where: str) -> None:
    heard = f"{where}\nsaid: {talk.text}\noffered: {[route['id'] for route in talk.routes]}"
    for words in [turn["says"]] if isinstance(turn.get("says"), str) else turn.get("says", ()):
        assert words in talk.text, heard
    for words in turn.get("never_says", ()):
        assert words not in talk.text, heard
    spoken = " ".join(message["spoken"] for message in talk.messages)
    for words in [turn["aloud"]] if isinstance(turn.get("aloud"), str) else turn.get("aloud", ()):
        assert words in spoken, f"{heard}\naloud: {spoken}"
    if "only" in turn:
        assert [route["id"] for route in talk.routes] == turn["only"], heard
    titles = [button["title"] for button in talk.buttons]
    assert set(turn.get("shows", ())) <= set(titles), f"{heard}\nshown: {titles}"
    if "offers" in turn:
        offered = [route["id"] for route in talk.routes]
        assert offered[:1] == turn["offers"][:1], heard
        assert set(turn["offers"]) <= set(offered), heard
    if "asks" in turn:
        assert (await talk.state()).asked == turn["asks"], heard
    if "language" in turn:
        assert {message["language"] for message in talk.messages} == {turn["language"]}, heard


def test_what_is_listed_as_failing_exists() -> None:
    there = {(path.parent.name, path.stem, row["situation"]) for path in FOLDER.glob("*/*.yml")
             if path.parent.name != "known_failures" for row in rows(path)}  # fmt: skip
    assert set(known_failures()) <= there
