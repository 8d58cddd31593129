"""Writes things of the map as one page of HSDS services, everything that belongs to a service inside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.directory.folder import Record
from bot.directory.hsds import places
from bot.directory.hsds.attributes import FACTS, Fact, attribute, facts_of
from bot.directory.hsds.derived import derived, status
from bot.directory.hsds.identity import Ids
from bot.directory.hsds.words import term
from bot.model import Wijk

NATIVE = {
    "name", "organisation", "age_min", "age_max", "phone", "phone_alt", "whatsapp", "ask_for", "email", "url",
    "address", "location", "wijken", "languages", "checked", "checked_by",
}  # fmt: skip
"""Fields for which HSDS has exactly the same; all others are attributes."""
CHECKED = "assured_date"


@dataclass(frozen=True)
class Whole:
    """What one thing must know of all the others."""

    gemeente: str
    numbers: dict[str, str]
    """Id -> its own telephone number."""
    accessible: set[tuple[str, str]]
    """(building, address) of which something there says that a wheelchair can enter."""
    wijken: dict[str, Wijk]
    today: date | None


def export(
    records: Sequence[Record], gemeente: str, wijken: Iterable[Wijk] = (), today: date | None = None
) -> dict[str, Any]:
    """The things of `gemeente` as one page of the HSDS API.

    UUIDs are made with the word for the `gemeente`, so let it be the same each time. `wijken` give the areas their
    names and codes; without them an area is called by its id. `today` tells whether what will stop is still there.
    """
    all_ = [record.values for record in records]
    whole = Whole(
        gemeente,
        {values["id"]: values["phone"] for values in all_ if "phone" in values},
        {
            (values.get("location", ""), values.get("address", ""))
            for values in all_
            if places.WHEELCHAIR in values.get("suits", ())
        },
        {wijk.id: wijk for wijk in wijken},
        today,
    )
    services = [_service(record, whole) for record in records]
    count = len(services)
    return {
        "total_items": count,
        "total_pages": 1,
        "page_number": 1,
        "size": count,
        "first_page": True,
        "last_page": True,
        "empty": not services,
        "contents": services,
    }


def _service(record: Record, whole: Whole) -> dict[str, Any]:
    values, ids = record.values, Ids(whole.gemeente, record.values["id"])
    made: dict[str, Any] = {
        "id": ids.service,
        "name": values["name"],
        "status": status(values, whole.today),
        "url": values.get("url"),
        "email": values.get("email"),
        "minimum_age": values.get("age_min"),
        "maximum_age": values.get("age_max"),
        "assured_date": values.get("checked"),
        **derived(values, ids),
        "phones": places.phones(values, whole.numbers.get(values.get("phone_of", "")), ids),
        "contacts": _contacts(values, ids),
        "languages": _languages(values, ids),
        "service_areas": places.areas(values, whole.wijken, ids),
        "service_at_locations": places.sites(values, whole.accessible, ids),
        **_organisation(values, ids),
        "metadata": _metadata(values, ids),
        "attributes": [attribute(fact, ids, ids.service, "service") for fact in _facts(record)],
    }
    return {key: value for key, value in made.items() if value not in (None, "", [])}


def _facts(record: Record) -> Iterable[Fact]:
    """What makes a service one of ours: its section and id, and every field that HSDS has no place for."""
    yield FACTS, "section", record.section
    for field, value in record.values.items():
        if field not in NATIVE or value == []:
            yield from facts_of(field, value)


def _organisation(values: dict[str, Any], ids: Ids) -> dict[str, Any]:
    """Who runs it. HSDS asks for a description; none is known."""
    if "organisation" not in values:
        return {}
    id_ = ids.shared("organization", values["organisation"])
    return {"organization_id": id_, "organization": {"id": id_, "name": values["organisation"], "description": ""}}


def _contacts(values: dict[str, Any], ids: Ids) -> list[dict[str, Any]]:
    """Whom to ask for."""
    if "ask_for" not in values:
        return []
    return [{"id": ids.part("contact"), "service_id": ids.service, "name": values["ask_for"]}]


def _languages(values: dict[str, Any], ids: Ids) -> list[dict[str, Any]]:
    return [
        {"id": ids.part("language", code), "service_id": ids.service, "code": code, "name": term("languages", code)}
        for code in values.get("languages", [])
    ]


def _metadata(values: dict[str, Any], ids: Ids) -> list[dict[str, Any]]:
    """Who last compared it with its source, as the change of `assured_date` that it was."""
    if not {"checked", "checked_by"} <= values.keys():
        return []
    return [
        {
            "id": ids.part("metadata", CHECKED),
            "resource_id": ids.service,
            "resource_type": "service",
            "last_action_date": values["checked"],
            "last_action_type": "update",
            "field_name": CHECKED,
            "previous_value": "",
            "replacement_value": values["checked"],
            "updated_by": values["checked_by"],
        }
    ]
