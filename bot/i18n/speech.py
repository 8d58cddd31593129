"""What is said aloud: digits in groups, times as words, and nothing that only an eye can use."""

from __future__ import annotations

import re

LINK = re.compile(r"(?:https?://|www\.)\S+")
EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f]")
PHONE = re.compile(r"(?<!\d)(?:\+?\d[\d -]{5,}\d|1[14]\d)(?!\d)")
CLOCK = re.compile(r"\b(\d{1,2}):(\d{2})\b")
GROUP = 3
"""Digits that are said in one breath."""


def spoken(text: str) -> str:
    """The text for the ear: no link, no emoji, no bracket or slash; telephone numbers digit by digit."""
    text = EMOJI.sub("", LINK.sub("", text))
    text = PHONE.sub(lambda found: digits(found.group()), text)
    text = CLOCK.sub(lambda found: _clock(*found.groups()), text)
    text = re.sub(r"\s*[()\[\]/]\s*", ", ", text).replace("\n", " ")
    return " ".join(text.split())


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
