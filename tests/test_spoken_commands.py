"""The words that the bot itself tells residents to say are understood as what it promised."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bot.i18n.catalogue import Catalogue
from bot.languages import complete

QUOTED = re.compile(r"(?:(?<=\s)|^)['„\"‘]([^'”\"’]+)['”\"’]")
MEANT = ["terug", "herhaal", "stop", "wissen", "mens_spreken"]
"""What the two texts name, in their order; `wat_kun_je` has two variants, `privacy` names one."""


def named(catalogue: Catalogue, language: str) -> list[str]:
    texts = (catalogue.text(f"conversation.tell.wat_kun_je.{number}", language) for number in (0, 1))
    return [word for text in texts for word in QUOTED.findall(text)]


@pytest.mark.parametrize("language", complete())
async def test_each_named_command_is_understood(agent: Any, language: str) -> None:
    from rasa.core.channels.channel import UserMessage

    words = named(Catalogue(), language)
    assert len(words) == len(MEANT), words
    for word, intent in zip(words, MEANT, strict=True):
        parsed = await agent.processor.parse_message(UserMessage(word))
        assert parsed["intent"]["name"] == intent, (language, word)
