"""Letters as people type them on a phone: lower case, without accents, without long repeats."""

from __future__ import annotations

import re
import unicodedata

SPECIAL = str.maketrans(
    {"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ß": "s", "æ": "a", "œ": "o", "’": "'", "‘": "'", "`": "'", "´": "'"}
)
REPEATED = re.compile(r"(.)\1{2,}")


def fold(text: str) -> str:
    """What makes `ödeyemiyorum` and `odeyemiyorum`, `Wstydzę się` and `wstydze sie` one."""
    text = text.replace("İ", "i").lower().translate(SPECIAL)
    if not text.isascii():
        text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return REPEATED.sub(r"\1\1", text)
