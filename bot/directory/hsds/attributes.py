"""Facts that HSDS has no exact field for, as attributes of a service: terms of taxonomies of ours, some with a value.

A list of ids is one attribute for each id, of the taxonomy that is called like the field. Anything else is of the
taxonomy `gegevens`, its code the way to the value: `free`, `say.tr`, `sources.0.title`. A code without a value is an
empty list or mapping.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.directory.hsds.identity import Ids, uuid_of
from bot.directory.hsds.words import term, words
from bot.directory.schema import Schema, schema

FACTS = "gegevens"
Fact = tuple[str, str, "str | None"]
"""(taxonomy, code, value)."""


def taxonomy_id(taxonomy: str) -> str:
    return uuid_of("taxonomy", taxonomy)


def facts_of(field: str, value: Any) -> Iterator[Fact]:
    """The facts that together are one field of a file."""
    if value in ([], {}):
        yield FACTS, field, None
    elif isinstance(value, dict):
        yield from ((FACTS, f"{field}.{key}", said) for key, said in value.items())
    elif isinstance(value, list) and isinstance(value[0], dict):
        yield from ((FACTS, f"{field}.{n}.{key}", said) for n, row in enumerate(value) for key, said in row.items())
    elif isinstance(value, list):
        yield from ((field, item, None) for item in value)
    else:
        yield FACTS, field, str(value).lower() if isinstance(value, bool) else str(value)


def attribute(fact: Fact, ids: Ids, linked: str, entity: str) -> dict[str, Any]:
    """A fact as HSDS writes it, on the object `linked`."""
    taxonomy, code, value = fact
    about = words()["taxonomies"][taxonomy]
    name = term(taxonomy, code)
    made = {
        "id": ids.part("attribute", entity, taxonomy, code),
        "link_id": linked,
        "link_entity": entity,
        "taxonomy_term_id": uuid_of("taxonomy", taxonomy, code),
        "taxonomy_term": {
            "id": uuid_of("taxonomy", taxonomy, code),
            "code": code,
            "name": name,
            "description": f"{about}: {name}",
            "language": "nl",
            "taxonomy": taxonomy,
            "taxonomy_id": taxonomy_id(taxonomy),
            "taxonomy_detail": {"id": taxonomy_id(taxonomy), "name": taxonomy, "description": about},
        },
    }
    return made if value is None else {**made, "value": value}


def facts_in(holder: dict[str, Any]) -> list[Fact]:
    """Our facts among the attributes of an object; those of somebody else are none of them."""
    known = {taxonomy_id(name): name for name in words()["taxonomies"]}
    found: list[Fact] = []
    for each in holder.get("attributes", ()):
        told = each.get("taxonomy_term", {})
        taxonomy = known.get(told.get("taxonomy_id") or told.get("taxonomy_detail", {}).get("id", ""))
        if taxonomy and "code" in told:
            found.append((taxonomy, told["code"], each.get("value")))
    return found


def values_of(facts: list[Fact]) -> dict[str, Any]:
    """The fields that those facts make; what cannot be is left as it stands, for the schema of a thing to refuse."""
    kinds: Schema = schema("service")["properties"]
    values: dict[str, Any] = {}
    for taxonomy, code, value in facts:
        field, _, rest = code.partition(".") if taxonomy == FACTS else (taxonomy, "", "")
        kind = kinds.get(field, {}).get("type", "string")
        if taxonomy != FACTS:
            _held(values, field, list).append(code)
        elif rest and kind == "object":
            _held(values, field, dict)[rest] = value
        elif rest and kind == "array":
            number, _, key = rest.partition(".")
            _held(_held(values, field, dict), number, dict)[key] = value
        else:
            values[field] = _single(kind, value)
    rows = {field for field in values if kinds.get(field, {}).get("type") == "array"}
    return {field: _rows(value) if field in rows else value for field, value in values.items()}


def _held(values: dict[str, Any], field: str, kind: type) -> Any:
    """The list or mapping that a field gathers; what stood there before and was none gives way."""
    if not isinstance(values.get(field), kind):
        values[field] = kind()
    return values[field]


def _rows(value: Any) -> Any:
    """A list that was read row by row, in the order of its numbers."""
    if not isinstance(value, dict):
        return value
    return [value[number] for number in sorted(value, key=lambda number: (len(number), number))]


def _single(kind: str, value: str | None) -> Any:
    if value is None:
        return {"object": {}, "array": []}.get(kind)
    if kind == "boolean":
        return {"true": True, "false": False}.get(value, value)
    if kind == "integer" and value.isascii() and value.isdigit():
        return int(value)
    return value
