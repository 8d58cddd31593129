"""What is said aloud: digits in groups, times and amounts as words, and nothing that only an eye can use."""

from __future__ import annotations

import re
from functools import lru_cache

from bot.i18n.catalogue import catalogue

LINK = re.compile(r"(?:https?://|www\.)\S+")
EMAIL = re.compile(r"\S+@\S+\.\w+")
EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f]")
PHONE = re.compile(r"(?<!\d)(?:14 ?0\d{2,3}|\+?\d[\d -]{5,}\d|1[14]\d)(?!\d)")
POSTCODE = re.compile(r"\b(\d\d)(\d\d) ?([A-Z])([A-Z])\b")
CLOCK = re.compile(r"\b(\d{1,2}):(\d{2})\b")
RANGE = re.compile(r"(?<![\d-])(\d{1,2}(?::\d\d)?)\s?[-–]\s?(\d{1,2}(?::\d\d)?)(?![\d-])")
MONEY = re.compile(r"€\s?(\d+)(?:[.,](\d\d|-))?(?!\d)")
GROUP = 3
"""Digits that are said in one breath."""


def spoken(text: str, language: str | None = None) -> str:
    """The text for the ear: no link, no emoji, no bracket or slash; telephone numbers digit by digit.

    With a language also its own ways, from locales/<language>/speech.yml: abbreviations, amounts, "from … to …".
    """
    text = EMOJI.sub("", EMAIL.sub("", LINK.sub("", text)))
    text = PHONE.sub(lambda found: digits(found.group()), text)
    if language:
        text = _in(language, text)
    text = CLOCK.sub(lambda found: _clock(*found.groups()), text)
    text = re.sub(r"\s*[()\[\]/]\s*", ", ", text).replace("\n", " ")
    return " ".join(re.sub(r"[,\s]+([.?!])", r"\1", text).split()).rstrip(" ,")


spoken_again = lru_cache(maxsize=4096)(spoken)
"""The same, remembered: for our own words, never for what a resident said."""


def _in(language: str, text: str) -> str:
    """As this language says it. A postcode is said in twos, a range with its word, an amount with its coin."""
    known = catalogue()

    def say(key: str, **values: str) -> str:
        return known.text(f"speech.{key}", language, **values)

    text = POSTCODE.sub(lambda found: " ".join(found.groups()), text)
    text = MONEY.sub(lambda found: _amount(found, say("money"), say("coins")), text)
    text = RANGE.sub(lambda found: say("range", begin=found[1], end=found[2]), text)
    for short, whole in abbreviations(say("abbreviations")):
        text = re.sub(rf"(?<!\w){re.escape(short)}(?!\w)", whole, text)
    text = text.replace("&", f" {say('and')} ")
    for sign in say("silent"):
        text = text.replace(sign, "")
    return text


def abbreviations(row: str) -> list[tuple[str, str]]:
    """ "o.a. = onder andere; bijv. = bijvoorbeeld" as pairs, the longest first."""
    pairs = (pair.partition("=") for pair in row.split(";") if "=" in pair)
    return sorted(((short.strip(), whole.strip()) for short, _, whole in pairs), key=lambda pair: -len(pair[0]))


def _amount(found: re.Match[str], whole: str, coins: str) -> str:
    euros, cents = found[1], found[2]
    form = coins if cents and cents not in ("-", "00") else whole
    return form.replace("#", euros, 1).replace("#", (cents or "").lstrip("0"), 1)


def digits(number: str) -> str:
    """ "0800-0113" -> "0, 8, 0, 0. 0, 1, 1, 3": in groups as it is written, else three by three."""
    parts = [part for part in re.split(r"[ +-]", number) if part]
    groups = [group for part in parts for group in _groups(part)]
    return ". ".join(", ".join(group) for group in groups)


def _groups(part: str) -> list[str]:
    """Three by three; four that are left go two by two, so that no digit stands alone."""
    if len(part) <= GROUP + 1:
        return [part]
    head, rest = part[:GROUP], part[GROUP:]
    return [head, rest[:2], rest[2:]] if len(rest) == GROUP + 1 else [head, *_groups(rest)]


def _clock(hour: str, minute: str) -> str:
    return str(int(hour)) if minute == "00" else f"{int(hour)} {int(minute)}"
