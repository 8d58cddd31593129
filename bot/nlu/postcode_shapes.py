"""How a postcode is put together from the pieces of a message: groups of digits, and the letters behind them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from bot.nlu.phrases import Phrases
from bot.nlu.tokens import Tokens

DIGITS = 4
HOUSE_NUMBER = 3
"""Digits that a house number beside the postcode may have."""
NO_SUFFIX = frozenset({"sa", "sd", "ss"})
"""Letter pairs that no Dutch postcode has."""
SAME_NUMBER = re.compile(r"[\s\-–]{1,3}|\s*,\s+")
"""What may stand between the groups of one number."""
PART_OF_MORE = re.compile(r"[.,:/'_]|[-–/]")
"""Between digits, without a space: a time, a date, an amount."""
LETTERS_APART = re.compile(r"[ \t\u00a0]{0,3}[-–.]?[ \t\u00a0]{0,3}")


def runs(tokens: Tokens) -> Iterator[list[int]]:
    """Pieces of digits that belong together: 68 22; 06 1234 5678; 6, 8, 2, 2."""
    run: list[int] = []
    for place in [place for place, is_number in enumerate(tokens.numbers) if is_number]:
        if run and (run[-1] != place - 1 or not SAME_NUMBER.fullmatch(tokens.gaps[place])):
            yield run
            run = []
        run.append(place)
    if run:
        yield run


def place_in(groups: Sequence[str], known: frozenset[str]) -> tuple[int, int]:
    """Which groups of digits make a postcode (from, to), a house number beside it left out; (0, 0) where none do."""
    sizes = [len(group) for group in groups]
    if sum(sizes) == DIGITS and (len(groups) == 1 or max(sizes) <= DIGITS // 2):
        return 0, len(groups)
    if len(groups) == 2 and min(sizes) <= HOUSE_NUMBER:
        own = [place for place in (0, 1) if sizes[place] == DIGITS and groups[place] in known]
        return (own[0], own[0] + 1) if own else (0, 0)
    return 0, 0


def part_of_more(tokens: Tokens, first: int, end: int, lists: Mapping[str, Phrases]) -> bool:
    """Whether the digits go on beyond these pieces, as in 18:22 or NL91ABNA0417164300."""
    before = tokens.gaps[first]
    if first and before == "" and not lists["postcode"].at(tokens.words, first - 1):
        return True
    if first and tokens.numbers[first - 1] and PART_OF_MORE.fullmatch(before):
        return True
    return end < len(tokens) and tokens.numbers[end] and bool(PART_OF_MORE.fullmatch(tokens.gaps[end]))


def letters_after(tokens: Tokens, end: int, sure: bool, lists: Mapping[str, Phrases]) -> tuple[str, int]:
    """The two letters behind the digits, and the piece after them; none where they are a word of their own.

    `sure`: the digits are a postcode anyway, so that two letters that end the message belong to it.
    """
    if end >= len(tokens) or not LETTERS_APART.fullmatch(tokens.gaps[end]):
        return "", end
    word = tokens.words[end]
    if len(word) == 1:
        return _spelled(tokens, end, lists["as_in"])
    if len(word) != 2 or word in NO_SUFFIX or not (word.isascii() and word.isalpha()):
        return "", end
    if tokens.typed[end].isupper() and not tokens.text.isupper():
        return word, end + 1
    follows = end + 1 < len(tokens) and not tokens.gaps[end + 1].strip(" \t")
    everyday = lists["short"].at(tokens.words, end) and (follows or not sure)
    return ("", end) if everyday or lists["closing"].at(tokens.words, end) else (word, end + 1)


def _spelled(tokens: Tokens, place: int, as_in: Phrases) -> tuple[str, int]:
    """Letters one by one: "a b", "a van anna b van bernard"."""
    found, at = "", place
    while at < len(tokens) and len(found) < 2 and len(tokens.words[at]) == 1 and tokens.words[at].isalpha():
        found += tokens.words[at]
        at += 1
        size = as_in.at(tokens.words, at) if at < len(tokens) else 0
        if size and at + size < len(tokens) and tokens.words[at + size].startswith(found[-1]):
            at += size + 1
    ended = at == len(tokens) or tokens.gaps[at].strip(" \t") or at > place + 2 or tokens.typed[place].isupper()
    whole = len(found) == 2 and found.isascii() and found not in NO_SUFFIX
    return (found, at) if whole and ended else ("", place)
