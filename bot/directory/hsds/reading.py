"""Reads a document of HSDS services as things of the map, or refuses it with every mistake in it.

A service that we wrote carries its section and id as attributes, and comes back to the last sign. Any other is somebody
else's, and comes in as far as it goes (bot/directory/hsds/foreign.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.directory.folder import SECTIONS, Record
from bot.directory.hsds import foreign, places
from bot.directory.hsds.attributes import FACTS, Fact, facts_in, values_of
from bot.directory.hsds.derived import derived, status
from bot.directory.hsds.fitting import whole
from bot.directory.hsds.identity import Ids
from bot.directory.hsds.schema import mistakes
from bot.directory.hsds.writing import CHECKED
from bot.directory.mistakes import DirectoryErrors, Mistake, nearest
from bot.directory.schema import mistakes_in, schema
from bot.directory.yaml_lines import YamlFile

SAME = {"name": "name", "url": "url", "email": "email", "assured_date": "checked"}
AGES = {"minimum_age": "age_min", "maximum_age": "age_max"}
COMPARED = {
    "schedules": ("freq", "interval", "byday", "opens_at", "closes_at", "valid_from", "valid_to", "until", "count"),
    "cost_options": ("amount",),
}
"""What HSDS says beside an exact fact of ours, and the parts of it that are facts."""
DOCUMENT = Path("hsds.json")


def read(document: dict[str, Any], path: Path = DOCUMENT) -> list[Record]:
    """The things of a page of services, or of one service. Raises DirectoryErrors, which call the document `path`."""
    wrong = [Mistake(path, 0, what, "HSDS 3.0", "see docs/hsds.md") for what in mistakes(document)]
    if wrong:
        raise DirectoryErrors([*wrong, *_wrong_things(document, path, wrong)])
    services = _services(document)
    made = [(place, service, _record(service)) for place, service in services]
    found = [mistake for each in made for mistake in _checked(*each, path)] + list(_doubles(made, path))
    if found:
        raise DirectoryErrors(found)
    return [record for _, _, record in made]


def _services(document: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Each service with the place where it stands."""
    if "contents" not in document:
        return [("the service", document)]
    return [(f"contents[{number}]", service) for number, service in enumerate(document["contents"])]


def _wrong_things(document: Any, path: Path, wrong: list[Mistake]) -> Iterator[Mistake]:
    """In a document that is no HSDS as a whole, what is wrong besides with the services that are."""
    broken = {mistake.what.partition("]")[0] + "]" for mistake in wrong}
    contents = document.get("contents") if isinstance(document, dict) else None
    for number, service in enumerate(contents if isinstance(contents, list) else ()):
        if f"contents[{number}]" not in broken:
            yield from _checked(f"contents[{number}]", service, _record(service), path)


def _record(service: dict[str, Any]) -> Record:
    facts = facts_in(service)
    own = values_of(facts)
    if "id" not in own:
        return foreign.record(service)
    values = {**own, **_native(service)}
    section = values.pop("section", "")
    order = {field: number for number, field in enumerate(schema("service")["properties"])}
    return Record(section, dict(sorted(values.items(), key=lambda item: order.get(item[0], len(order)))))


def _native(service: dict[str, Any]) -> dict[str, Any]:
    """The fields for which HSDS has the same."""
    values = {ours: service[theirs] for theirs, ours in SAME.items() if theirs in service}
    values |= {ours: whole(service[theirs]) for theirs, ours in AGES.items() if theirs in service}
    values |= places.numbers_in(service) | places.place_in(service)
    if "organization" in service:
        values["organisation"] = service["organization"]["name"]
    for contact in service.get("contacts", ())[:1]:
        values["ask_for"] = contact.get("name")
    for change in service.get("metadata", ()):
        if change["field_name"] == CHECKED:
            values["checked_by"] = change["updated_by"]
    if service.get("languages"):
        values["languages"] = [language.get("code") for language in service["languages"]]
    if service.get("service_areas"):
        values["wijken"] = [area.get("extent") for area in service["service_areas"]]
    return values


def _checked(place: str, service: dict[str, Any], record: Record, path: Path) -> list[Mistake]:
    """Whether the thing keeps to its own schema, and the document says nothing in two ways."""
    found = list(_section(place, record, path))
    wrong = mistakes_in(YamlFile(path, record.values), schema("service"))
    found += [replace(mistake, line=0, what=f"{place}: {mistake.what}") for mistake in wrong]
    facts = facts_in(service)
    found += [_twice(place, code, path) for (_, code), times in _counted(facts).items() if times > 1]
    if not found and any(code == "id" for _, code, _ in facts):
        found += _differing(place, service, record.values, path)
    return found


def _section(place: str, record: Record, path: Path) -> Iterator[Mistake]:
    if record.section not in SECTIONS:
        what = f"{place}: section is {record.section!r}"
        yield Mistake(path, 0, what, "the folder in which it stands", nearest(str(record.section), SECTIONS))


def _counted(facts: list[Fact]) -> Counter[tuple[str, str]]:
    return Counter((taxonomy, code) for taxonomy, code, _ in facts if taxonomy == FACTS)


def _twice(place: str, code: str, path: Path) -> Mistake:
    what = f"{place}: the attribute {code!r} stands here twice"
    return Mistake(path, 0, what, "each once", "leave one of the two out")


def _differing(place: str, service: dict[str, Any], values: dict[str, Any], path: Path) -> Iterator[Mistake]:
    """Fields of HSDS that no longer say what our attributes beside them say: nobody can know which of the two holds.

    Sentences are not compared: they are ours, may be worded otherwise one day, and nothing is read from them.
    """
    expected = derived(values, Ids("", ""))
    for field, facts in COMPARED.items():
        if _only(facts, service.get(field, [])) != _only(facts, expected[field]):
            yield _differs(f"{place}.{field}", path)
    if "stopped" not in values and service["status"] != status(values, None):
        yield _differs(f"{place}.status", path)


def _differs(place: str, path: Path) -> Mistake:
    what = f"{place} says something else than the attributes of the service"
    return Mistake(path, 0, what, "both the same", "change the attributes too, or take them all out")


def _only(facts: tuple[str, ...], objects: list[dict[str, Any]]) -> list[list[Any]]:
    return [[each.get(fact) for fact in facts] for each in objects]


def _doubles(made: list[tuple[str, dict[str, Any], Record]], path: Path) -> Iterator[Mistake]:
    first: dict[str, str] = {}
    for place, _, record in made:
        other = first.setdefault(record.id, place)
        if other != place:
            what = f"{place}: id {record.id!r} is also that of {other}"
            yield Mistake(path, 0, what, "an id that nothing else has", "leave one of the two out")
