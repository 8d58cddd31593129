"""Where a thing is, for whom and how it is reached: buildings, addresses, wijken and telephone numbers in HSDS."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.directory.hsds.attributes import FACTS, attribute, facts_in
from bot.directory.hsds.identity import Ids
from bot.directory.hsds.words import term
from bot.model import Wijk

NUMBERS = {"phone": "voice", "phone_alt": "voice", "whatsapp": "text"}
"""Our fields with a number of the thing itself, and of what type HSDS calls it."""
TOWN = re.compile(r"(?:(?P<code>[1-9]\d{3} ?[A-Z]{2}) )?(?P<city>\S(?:.*\S)?)", re.DOTALL)
WHEELCHAIR = "wheelchair"


def phones(values: dict[str, Any], stand_in: str | None, ids: Ids) -> list[dict[str, Any]]:
    """Its own numbers, and the one that stands in where it has none (`phone_of`): each marked with its field."""
    numbers = {field: values[field] for field in NUMBERS if field in values}
    if stand_in:
        numbers["phone_of"] = stand_in
    made = []
    for field, number in numbers.items():
        id_ = ids.part("phone", field)
        mark = attribute((FACTS, field, None), ids, id_, "phone")
        one = {"id": id_, "service_id": ids.service, "number": number, "type": NUMBERS.get(field, "voice")}
        if field == "phone_of" and "ask_for" in values:
            one["description"] = values["ask_for"]
        made.append({**one, "attributes": [mark]})
    return made


def numbers_in(service: dict[str, Any]) -> dict[str, str]:
    """The numbers of a service of ours by field; the one that stands in is told by `phone_of` itself."""
    marked = ((fact[1], phone["number"]) for phone in service.get("phones", ()) for fact in facts_in(phone))
    return {field: number for field, number in marked if field in NUMBERS}


def sites(values: dict[str, Any], accessible: set[tuple[str, str]], ids: Ids) -> list[dict[str, Any]]:
    """The one place where it is; `accessible`: the places of the map of which something says so."""
    place = (values.get("location", ""), values.get("address", ""))
    if place == ("", ""):
        return []
    id_ = ids.shared("location", *place)
    location: dict[str, Any] = {"id": id_, "location_type": "physical"}
    if place[0]:
        location["name"] = place[0]
    if place[1]:
        location["addresses"] = [{"id": ids.shared("address", *place), "location_id": id_, **_address(place[1])}]
    if place in accessible:
        way = {"id": ids.shared("accessibility", *place), "location_id": id_, "description": term("suits", WHEELCHAIR)}
        location["accessibility"] = [way]
    return [{"id": ids.part("site"), "service_id": ids.service, "location_id": id_, "location": location}]


def place_in(service: dict[str, Any]) -> dict[str, str]:
    """`location` and `address` of a service of ours."""
    found: dict[str, str] = {}
    for site in service.get("service_at_locations", ())[:1]:
        location = site.get("location", {})
        if "name" in location:
            found["location"] = location["name"]
        for address in location.get("addresses", ())[:1]:
            found["address"] = in_one_line(address)
    return found


def _address(line: str) -> dict[str, str]:
    """`Koningstraat 38, 6811 DG Arnhem` in its parts. HSDS asks for all of them: what is not known stays empty."""
    street, comma, town = line.rpartition(", ")
    found = TOWN.fullmatch(town) if comma and street else None
    known = {"address_1": street, "city": found["city"], "postal_code": found["code"] or ""} if found else {}
    unknown = {"address_1": line, "city": "", "state_province": "", "postal_code": ""}
    return {**unknown, **known, "country": "NL", "address_type": "physical"}


def in_one_line(address: dict[str, str]) -> str:
    """The parts as one line of the map."""
    town = " ".join(part for part in (address["postal_code"], address["city"]) if part)
    return ", ".join(part for part in (address["address_1"], address.get("address_2", ""), town) if part)


def areas(values: dict[str, Any], wijken: Mapping[str, Wijk], ids: Ids) -> list[dict[str, Any]]:
    """The wijken it is for: `extent` holds the id, `name` what people call it, `description` its code at CBS."""
    made = []
    for wijk in values.get("wijken", []):
        known = wijken.get(wijk)
        area = {"id": ids.part("area", wijk), "service_id": ids.service, "name": known.name if known else wijk}
        area |= {"extent_type": "text", "extent": wijk}
        if known and known.cbs_code:
            area["description"] = known.cbs_code
        made.append(area)
    return made
