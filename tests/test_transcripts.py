"""docs/conversations.md says what the bot says now, for each topic."""

from __future__ import annotations

from typing import Any

from bot.taxonomy import taxonomy
from tests.transcripts import PAGE, SOURCE, rows_of, written


async def test_the_written_talks_are_those_of_today(agent: Any) -> None:
    assert PAGE.read_text(encoding="utf-8") == await written(agent), "the bot talks otherwise now: make transcripts"


def test_there_is_one_for_each_topic() -> None:
    counted = [row["counted"]["topics"][0] for row in rows_of(SOURCE) if row.get("transcript")]
    assert set(counted) == set(taxonomy().topics)
