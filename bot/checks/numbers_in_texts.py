"""Telephone numbers that are written in a text: each must be on the map, where it has a source and a date."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from bot.directory import Directory, DirectoryErrors, load

NUMBER = re.compile(r"(?<!\d)(?:1[14]\d|14[ -]?\d{3,4}|\+?\d(?:[ .\-/]?\d){5,})(?!\d)")
"""112, 144, 14 026, 0800-0113, +31 26 377 4433; a year or an age is none."""


def digits_of(number: str) -> str:
    return re.sub(r"\D", "", number)


def strange_numbers(text: str, known: frozenset[str]) -> Iterator[str]:
    for found in NUMBER.findall(text):
        if digits_of(found) not in known:
            yield f"{found!r} is on no map; write %{{phone}}, or put the number on the map with its source"


def numbers_on_the_maps(folders: Iterable[Path]) -> frozenset[str]:
    """The digits of every number that any municipality's map shows. A map with mistakes counts for nothing here."""
    return frozenset(number for directory in _maps(folders) for number in _numbers(directory))


def _maps(folders: Iterable[Path]) -> Iterator[Directory]:
    for folder in folders:
        try:
            yield load(folder)
        except (DirectoryErrors, FileNotFoundError):
            continue  # the check of the maps tells it


def _numbers(directory: Directory) -> Iterable[str]:
    for service in directory.services.values():
        yield from (digits_of(number) for number in (service.phone, service.phone_alt, service.whatsapp) if number)
