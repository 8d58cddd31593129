"""`make check`: everything that is data, at once; every mistake by its path, in a sentence that says how to mend it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bot.checks.dialogue import dialogue_mistakes
from bot.checks.map import map_mistakes
from bot.checks.material import material_mistakes
from bot.checks.texts import text_mistakes
from bot.checks.whatsapp import whatsapp_mistakes

CHECKS: tuple[Callable[[], Iterator[str]], ...] = (
    map_mistakes, dialogue_mistakes, text_mistakes, material_mistakes, whatsapp_mistakes,
)  # fmt: skip


def everything() -> list[str]:
    """Every mistake in the project's data; empty where all is in order."""
    return [mistake for check in CHECKS for mistake in check()]
