"""Telephone numbers of somebody else in the form of the map: `026-3896969`."""

from __future__ import annotations

import re

from bot.directory.hsds.words import words
from bot.directory.schema import schema

ABROAD = re.compile(r"^(?:\+|00)31(?:0(?=[1-9]))?")
NAMED = ("0800", "0900", "0906", "0909")
SHORT = re.compile(r"112|113|116\d{3}")
OF_THE_GEMEENTE = re.compile(r"140\d{2,3}")


def dutch(text: str) -> str | None:
    """The number as the map writes it; None where it is not plainly a Dutch one."""
    bare = re.sub(r"[\s().\-/]", "", text)
    digits = ABROAD.sub("0", bare)
    if not digits.isascii() or not digits.isdigit():
        return None
    if SHORT.fullmatch(digits):
        return digits
    code = _code(digits)
    written = f"14 {digits[2:]}" if OF_THE_GEMEENTE.fullmatch(digits) else f"{digits[:code]}-{digits[code:]}"
    return written if re.search(schema("service")["properties"]["phone"]["pattern"], written) else None


def _code(digits: str) -> int:
    """How many digits come before the hyphen."""
    if digits.startswith("06"):
        return 2
    if digits.startswith(NAMED):
        return 4
    return 3 if digits[:3] in words()["area_codes"] or digits.startswith("08") else 4
