"""What the files of a municipality must agree on: ids, wijken, stand-in numbers, hours that can be read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.directory.entry import Entry
from bot.directory.mistakes import Mistake, nearest
from bot.directory.soundness import EACH
from bot.directory.territory import territory
from bot.directory.yaml_lines import YamlFile

CRISIS = ("112", "113", "veilig-thuis", "opvang")
"""The numbers of a crisis answer, by the ids of the contract: no municipality may do without."""
NOWHERE = "0999-"
"""An area code that nobody has, for municipalities that do not exist."""


def disagreements(
    gemeente: YamlFile, wijken: YamlFile, postcodes: list[YamlFile], entries: list[Entry]
) -> list[Mistake]:
    """Every mistake that no single file shows. Each file keeps to its schema already."""
    known_wijken = {row["id"] for row in wijken.value["wijken"]}
    shown = {entry.service.id: entry for entry in entries if not entry.status}
    fictional = gemeente.value.get("fictional", False)
    found: list[Mistake] = [*_doubles(entries), *_floor(gemeente, shown), *territory(wijken, postcodes, shown)]
    for entry in entries:
        found += _wijken(entry, known_wijken)
        for check in EACH:
            found += check(entry)
        found += [*_numbers(entry, fictional), *_stand_in(entry, shown)]
    return found


def _doubles(entries: list[Entry]) -> Iterator[Mistake]:
    first: dict[str, Entry] = {}
    for entry in entries:
        other = first.setdefault(entry.service.id, entry)
        if other is not entry:
            what = f"id {entry.service.id!r} is also that of {other.file.path}"
            yield entry.mistake("id", what, "an id that nothing else has", "give one of the two another name")


def _floor(gemeente: YamlFile, shown: dict[str, Entry]) -> Iterator[Mistake]:
    floor = gemeente.value["floor"]
    if floor not in shown:
        yield gemeente.mistake(
            ("floor",), f"floor {floor!r} is not here", "the id of a confirmed service", nearest(floor, shown)
        )
    elif not shown[floor].service.phone:
        yield gemeente.mistake(
            ("floor",), f"floor {floor!r} has no phone", "a number that can be called", "choose another"
        )
    for id_ in CRISIS:
        if id_ not in shown or shown[id_].service.kind != "crisis":
            mend = f"add nummers/{id_}.yml with `kind: crisis`"
            yield Mistake(
                gemeente.path, 0, f"crisis number {id_!r} is missing", "every crisis to have its number", mend
            )


def _wijken(entry: Entry, known: set[str]) -> Iterator[Mistake]:
    for number, wijk in enumerate(entry.service.wijken):
        if wijk not in known:
            yield entry.file.mistake(
                ("wijken", number), f"unknown wijk {wijk!r}", "a wijk of wijken.yml", nearest(wijk, known)
            )


def _numbers(entry: Entry, fictional: bool) -> Iterator[Mistake]:
    """No invented number in a real municipality; in an invented one no real number, but those that save a life."""
    for field in ("phone", "phone_alt", "whatsapp"):
        number: Any = getattr(entry.service, field)
        if number is None or (fictional and entry.service.kind == "crisis"):
            continue
        if number.startswith(NOWHERE) != fictional:
            expected = f"a number with {NOWHERE} in a fictional municipality" if fictional else "a number that exists"
            yield entry.mistake(field, f"{field} is {number!r}", expected, "correct the number")


def _stand_in(entry: Entry, shown: dict[str, Entry]) -> Iterator[Mistake]:
    service = entry.service
    target = shown.get(service.phone_of or "")
    if service.phone_of and target is None:
        what = f"phone_of {service.phone_of!r} is not here"
        yield entry.mistake("phone_of", what, "the id of a confirmed service", nearest(service.phone_of, shown))
    elif target is not None and not target.service.phone:
        yield entry.mistake(
            "phone_of", f"{service.phone_of!r} has no phone itself", "one with its own number", "choose another"
        )
    if service.phone_of and not service.ask_for:
        yield entry.mistake("phone_of", "a number of somebody else", "whom to ask for there", "add 'ask_for'")
    reachable = service.phone or service.phone_of or service.address or service.url or "via_wijkteam" in service.access
    if not (entry.status or service.stopped or reachable):
        yield entry.mistake(
            "id", "nobody can reach it", "phone, phone_of, address or url", "add one, or `status: unconfirmed`"
        )
