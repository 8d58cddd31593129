"""Conversations as residents have them: tests/conversations/<language>/*.yml, through the whole Rasa stack.

A turn holds what somebody says (`resident`, or `press` a button by its number), and what must come of it: `asks` (the
question that waits then), `offers` (these places, the first one first), `says` (words that must be heard), `language`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.talk import Talk

FOLDER = Path(__file__).parent / "conversations"


def situations() -> list[Any]:
    found = []
    for path in sorted(FOLDER.glob("*/*.yml")):
        for row in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader):
            found.append(pytest.param(path.parent.name, row, id=f"{path.parent.name}-{row['situation']}"))
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
    if "offers" in turn:
        offered = [route["id"] for route in talk.routes]
        assert offered[:1] == turn["offers"][:1], heard
        assert set(turn["offers"]) <= set(offered), heard
    if "asks" in turn:
        assert (await talk.state()).asked == turn["asks"], heard
    if "language" in turn:
        assert {message["language"] for message in talk.messages} == {turn["language"]}, heard
