"""Texts with places, `%{name}`, as python-i18n fills them in: what it looks for anew each time is here found once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from i18n.translator import TranslationFormatter

PLACE = "%"
"""What python-i18n looks for; a text without it is said as it stands."""


class Form:
    """One text with its places. A place for which no value is given stays as it is written."""

    def __init__(self, text: str) -> None:
        self._text = TranslationFormatter(text)
        self._known = _braced(text)

    def filled(self, values: Mapping[str, Any]) -> str:
        try:
            return self._known.format_map(values)
        except KeyError:
            return str(self._text.format(**values))


def _braced(text: str) -> str:
    """The same with Python's own places: `{name}`; a brace of the text itself is doubled."""
    braced, end = "", 0
    for found in TranslationFormatter.pattern.finditer(text):
        braced += _literal(text[end : found.start()]) + _place(found)
        end = found.end()
    return braced + _literal(text[end:])


def _place(found: re.Match[str]) -> str:
    name = found["named"] or found["braced"]
    return f"{{{name}}}" if name else PLACE  # "%%" is one sign, and "50 % korting" is no place


def _literal(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")
