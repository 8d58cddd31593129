"""The real server, killed while residents talk: who finished or left is counted once, who erased the talk never.

`python -m bench.statistics.kills` does the same with a thousand conversations and sixty kills.
"""

from __future__ import annotations

import random
from typing import Any

import pytest

from tests.killed_talks import Town


@pytest.fixture(scope="module")
def town(model: Any, tmp_path_factory: pytest.TempPathFactory) -> Town:
    held = Town(tmp_path_factory.mktemp("kills"), conversations=40, kills=2, dice=random.Random())
    held.run()
    return held


def test_every_finished_or_expired_conversation_is_counted_once_and_an_erased_one_never(town: Town) -> None:
    assert town.ended["finished"] >= 10 and town.ended["erased"] >= 10 and town.ended["left"] >= 10
    assert town.counted() == town.expected, (town.ended, town.left_over)
    assert 0 <= town.unheard <= 2 * town.kills * 4, "only a talk whose opening was cut off is nobody's"


def test_nothing_is_left_of_anybody_and_nothing_waits(town: Town) -> None:
    assert town.waiting() == 0
