"""Letters as people type them on a phone: lower case, without accents, without long repeats."""

from __future__ import annotations

import re
import unicodedata
from itertools import filterfalse

SPECIAL = str.maketrans(
    {"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ß": "s", "æ": "a", "œ": "o", "’": "'", "‘": "'", "`": "'", "´": "'"}
)
REPEATED = re.compile(r"(.)(?=\1\1)")
"""A letter before two of its kind. It is left out, and so two are left."""


def fold(text: str) -> str:
    """What makes `ödeyemiyorum` and `odeyemiyorum`, `Wstydzę się` and `wstydze sie` one."""
    plain = text.replace("İ", "i").lower().translate(SPECIAL)
    return REPEATED.sub("", plain if plain.isascii() else unaccented(plain))


def unaccented(text: str) -> str:
    """Letters without the signs on them."""
    return "".join(filterfalse(unicodedata.combining, unicodedata.normalize("NFKD", text)))
