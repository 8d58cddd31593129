"""Dutch that hides who does what: the passive ("wordt gewist") and deeds that were made nouns ("de betaling van")."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.checks.limits import Limits
from bot.checks.plain import sentences

BECOMES = re.compile(r"\b(?:word|wordt|worden|werd|werden|geworden)\b", re.IGNORECASE)
WORD = re.compile(r"[a-zà-ÿ]+", re.IGNORECASE)
PARTICIPLE = re.compile(r"(?:ge|be|ver|ont|her|er)[a-zà-ÿ]{2,}(?:d|t|en)|[a-z]{2,7}ge[a-zà-ÿ]{2,}(?:d|t|en)")
"""gewist, betaald, vertrokken, opgebeld."""
DEED = re.compile(r"\b(?:de|het|een) ([a-zà-ÿ]{3,}(?:ing|atie|heid))\b van\b", re.IGNORECASE)
DOING = re.compile(r"\bhet ([a-zà-ÿ]{3,}en) van\b", re.IGNORECASE)


def passive(text: str, limits: Limits) -> Iterator[str]:
    """`worden` with a participle in the same sentence. A language without a `style` is not looked at."""
    if limits.style is None:
        return
    for sentence in sentences(text):
        if BECOMES.search(sentence) and (found := _participle(sentence, limits)):
            yield f"passive: {found!r} in {sentence!r}; say who does it"


def _participle(sentence: str, limits: Limits) -> str | None:
    """The first word that looks like a participle and is no noun: nothing such as "je" stands before it."""
    assert limits.style is not None
    words = WORD.findall(sentence.lower())
    for before, word in zip(["", *words], words, strict=False):
        known = word in limits.style.no_participle or before in limits.style.determiners
        if not known and PARTICIPLE.fullmatch(word):
            return word
    return None


def noun_style(text: str, limits: Limits) -> Iterator[str]:
    if limits.style is None:
        return
    for found in (*DEED.finditer(text), *DOING.finditer(text)):
        if found[1].lower() not in limits.style.plain_nouns:
            yield f"a deed as a noun: {found.group()!r}; say it with a verb"
