"""What postcodes must agree on: with the wijken, with each other, and six signs with the four digits around them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.directory.mistakes import Mistake, nearest
from bot.directory.yaml_lines import Place, YamlFile

DIGITS = 4
"""`6822` is an area; `6822AB` one street of it."""
Row = tuple[YamlFile, dict[str, Any]]


def postcode_mistakes(gebied_of: Mapping[str, str], files: list[YamlFile]) -> Iterator[Mistake]:
    """Every postcode once, in wijken that exist, asked over a border of gebieden. `gebied_of`: wijk -> gebied."""
    first: dict[str, Row] = {}
    for file in files:
        for code, row in file.value["postcodes"].items():
            place = ("postcodes", code)
            other, _ = first.setdefault(code, (file, row))
            if other is not file:
                what = f"postcode {code} is also in {other.path}"
                yield file.mistake(place, what, "each postcode in one file", "leave one of the two out")
            yield from _wijken(file, place, row, gebied_of)
    for code, (file, row) in first.items():
        if len(code) > DIGITS:
            yield from _inside(code, row, file, first)


def _wijken(file: YamlFile, place: Place, row: dict[str, Any], gebied_of: Mapping[str, str]) -> Iterator[Mistake]:
    for number, wijk in enumerate(row["wijken"]):
        if wijk not in gebied_of:
            here = (*place, "wijken", number)
            yield file.mistake(here, f"unknown wijk {wijk!r}", "a wijk of wijken.yml", nearest(wijk, gebied_of))
    gebieden = {gebied_of[wijk] for wijk in row["wijken"] if wijk in gebied_of}
    if len(gebieden) > 1 and not row.get("ask"):
        what = f"postcode {place[-1]} lies in several gebieden: {', '.join(sorted(gebieden))}"
        yield file.mistake(place, what, "a question which wijk it is", "add `ask: true`")


def _inside(code: str, row: dict[str, Any], file: YamlFile, known: Mapping[str, Row]) -> Iterator[Mistake]:
    """Most people say four digits: those must be there, and reach as far as the streets inside them."""
    place, digits = ("postcodes", code), code[:DIGITS]
    if digits not in known:
        what, mend = f"{code} is here, and {digits} is not", f'add "{digits}" with all its wijken'
        yield file.mistake(place, what, "the four digits of each postcode of six signs", mend)
        return
    for number, wijk in enumerate(row["wijken"]):
        if wijk not in known[digits][1]["wijken"]:
            what = f"{code} lies in {wijk!r}, {digits} does not"
            here = (*place, "wijken", number)
            yield file.mistake(here, what, "a wijk of its four digits", f"add {wijk} to {digits}, or correct this one")
