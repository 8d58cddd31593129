"""A line in its wording for who asks for somebody else: "heeft diegene genoeg te eten?" instead of "heb je …?"."""

from __future__ import annotations

from typing import Any

from bot.i18n.catalogue import Catalogue

NAMED = "@"
"""Before a value that is the name of a text itself."""


def for_other(line: list[Any], language: str, catalogue: Catalogue) -> list[Any]:
    """The line, and the texts that it names, each from other.yml where this language has it there; else as it was."""
    key, variant, values = line
    named = {name: _value(value, language, catalogue) for name, value in values.items()}
    return [catalogue.for_other(key, language), variant, named]


def _value(value: Any, language: str, catalogue: Catalogue) -> Any:
    if isinstance(value, list):
        return [_value(each, language, catalogue) for each in value]
    if not isinstance(value, str) or not value.startswith(NAMED):
        return value
    return NAMED + catalogue.for_other(value.removeprefix(NAMED), language)
