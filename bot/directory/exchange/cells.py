"""How a text stands in a cell, so that a person can read it, no spreadsheet computes it, and nothing of it is lost.

A backslash marks what a cell cannot hold or what would be taken for something else: `\\;` a semicolon inside an item,
`\\n` the end of a line inside an item, `\\s` a space at an edge, `\\u0007` a sign by its number, `\\\\` itself. What a
spreadsheet would take for a formula begins with an apostrophe.
"""

from __future__ import annotations

import re

SHORT = {"\n": "n", "\r": "r", "\t": "t", " ": "s"}
LONG = {letter: sign for sign, letter in SHORT.items()}
NO_CELL = re.compile("[^\n -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
"""Signs that XML or a spreadsheet drops or changes."""
EXCEL_CODE = re.compile(r"x(?=[0-9A-Fa-f]{4}_)")
"""Excel takes `_x0041_` for A; with another x it does not."""
FORMULA = re.compile(r"^'*[=+\-@＝＋－＠]")
"""What a spreadsheet would compute, and what already carries the guard against it."""
MARKED = re.compile(r"\\(u[0-9a-f]{4}|U[0-9a-f]{8}|.)", re.DOTALL)


def escaped(text: str, also: str = "") -> str:
    """The text with a backslash before what may not stand there as it is, the signs of `also` among it."""
    text = text.replace("\\", "\\\\")
    for sign in also:
        text = text.replace(sign, _short(sign))
    text = NO_CELL.sub(lambda found: _short(found.group()), text)
    text = EXCEL_CODE.sub(r"\\u0078", text)
    if text[:1].isspace():
        text = _short(text[0]) + text[1:]
    if text[-1:].isspace():
        text = text[:-1] + _short(text[-1])
    return text


def _short(sign: str) -> str:
    if sign in SHORT:
        return f"\\{SHORT[sign]}"
    if sign.isprintable() and not sign.isspace():
        return f"\\{sign}"
    return f"\\u{ord(sign):04x}" if ord(sign) <= 0xFFFF else f"\\U{ord(sign):08x}"


def unescaped(text: str) -> str:
    """The text that was meant. A backslash before any other sign stands for both, as somebody may have typed it."""
    return MARKED.sub(_meant, text)


def _meant(found: re.Match[str]) -> str:
    mark = found.group(1)
    if len(mark) > 1:
        number = int(mark[1:], 16)
        return chr(number) if number <= 0x10FFFF else found.group()
    if mark in LONG:
        return LONG[mark]
    return found.group() if mark.isalnum() else mark


def parted(text: str, signs: str) -> list[str]:
    """The parts between any of the signs, still escaped, without space around them."""
    parts = [""]
    for piece in re.findall(r"\\.|[^\\]|\\$", text, re.DOTALL):
        if piece in signs:
            parts.append("")
        else:
            parts[-1] += piece
    return [part.strip() for part in parts]


def guarded(text: str) -> str:
    return f"'{text}" if FORMULA.match(text) else text


def unguarded(text: str) -> str:
    return text[1:] if text.startswith("'") and FORMULA.match(text) else text
