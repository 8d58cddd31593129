"""Writes docs/conversations.md: the talks of tests/conversations/nl that are marked `transcript`, word for word as the bot has them."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Any

import yaml

from bot.paths import ROOT
from tests.conftest import NOW
from tests.talk import Talk

SOURCE = ROOT / "tests" / "conversations" / "nl" / "topics.yml"
PAGE = ROOT / "docs" / "conversations.md"
HEAD = """# How the bot talks

One talk per topic, word for word, for whoever wants to judge the tone without starting anything. Made by `make transcripts` from
`tests/conversations/nl/topics.yml`; the tests hold it up to date. The places are those of the map of Arnhem on a Tuesday morning.
Under each line of the bot stand the buttons in [brackets] and, after an arrow, the places on its cards.
"""


async def written(agent: Any) -> str:
    """The whole page."""
    return HEAD + "".join([await _talk(agent, row) for row in rows_of(SOURCE) if row.get("transcript")])


def rows_of(path: Path) -> list[dict[str, Any]]:
    return list(yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))


async def _talk(agent: Any, row: dict[str, Any]) -> str:
    talk = Talk(agent, "nl")
    lines = [f"\n## {row['situation'][:1].upper()}{row['situation'][1:]}\n"]
    if row.get("opened", True):
        await talk.begin()
        lines += _bot(talk)
    for turn in row["turns"]:
        if "press" in turn:
            pressed = talk.buttons[turn["press"] - 1]["title"]
            lines.append(f"- **Bewoner** kiest [{pressed}]")
            await talk.press(turn["press"])
        else:
            lines.append(f"- **Bewoner:** {turn['resident']}")
            await talk.say(turn["resident"])
        lines += _bot(talk)
    return "\n".join(lines) + "\n"


def _bot(talk: Talk) -> list[str]:
    found = []
    for message in talk.messages:
        buttons = "".join(f" [{button['title']}]" for button in message.get("buttons", ()))
        places = ", ".join(route["name"] for route in message.get("routes", ()))
        found.append(f"- **Drempelhulp:** {message['text']}{buttons}{' → ' + places if places else ''}")
    return found


async def main() -> None:
    os.environ.setdefault("DREMPELHULP_NOW", NOW)
    from bot.engine.logs import withhold
    from bot.engine.server import load
    from bot.settings import Settings

    withhold()
    PAGE.write_text(await written(await load(Settings())), encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(main())
