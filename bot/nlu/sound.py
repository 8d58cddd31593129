"""How a name sounds to ears of five languages: `Rijkerswoerd`, `raykersvurd` and `rikerswurt` come out as one."""

from __future__ import annotations

import re
from collections.abc import Iterable

START = re.compile(r"^s(?:ch|[kxgjh])(?!w)", re.MULTILINE)
"""Dutch `sch` is heard as sk, sx, sh …; Polish and Turkish write it in their own way."""
CLUSTERS = {
    "eij": "i", "uij": "ui", "ij": "i", "ei": "i", "ey": "i", "ay": "i", "ai": "i", "aj": "i", "ej": "i", "ie": "i",
    "oe": "u", "ou": "u", "uy": "ui", "uj": "ui", "ch": "g", "gh": "g", "kh": "k", "th": "t", "ph": "v", "ck": "k",
    "nh": "n", "ce": "se", "ci": "si", "cy": "si", "sz": "s",
}  # fmt: skip
CLUSTER = re.compile("|".join(sorted(CLUSTERS, key=lambda cluster: -len(cluster))))
SINGLE = str.maketrans({"c": "k", "q": "k", "z": "s", "d": "t", "w": "v", "f": "v", "y": "i", "j": "i", "x": "ks"})
TWICE = re.compile(r"(.)(?=\1)")
SILENT_N = re.compile(r"en(?![aeiou])")
"""`Geitenkamp` is said, and often written, without its n."""


APART = "\n"
"""Stands between words that are heard in one go: no word holds one, and no rule reaches over it."""


def sound(word: str) -> str:
    """The sound of a folded word, in few letters."""
    said = CLUSTER.sub(_heard, START.sub("s", word)).translate(SINGLE)
    return SILENT_N.sub("e", TWICE.sub("", said))


def sounds(words: Iterable[str]) -> list[str]:
    """The sound of each of some folded words."""
    return sound(APART.join(words)).split(APART)


def _heard(match: re.Match[str]) -> str:
    return CLUSTERS[match[0]]
