"""The fields of somebody else's service that are surely the same as ours, in the form in which the map writes them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from bot.directory.hsds.places import in_one_line
from bot.directory.hsds.schedules import hours_of
from bot.directory.hsds.telephone import dutch
from bot.directory.hsds.words import words
from bot.directory.schema import schema

CONDITIONS = {"option", "valid_from", "valid_to"}
"""Where a price has one of these it does not hold for everybody, or not for ever."""


def known(service: dict[str, Any], used: set[str]) -> Iterator[tuple[str, Any]]:
    """Each field that the service surely has, in our form; the places where it stood are added to `used`."""
    if _fits("organisation", service.get("organization", {}).get("name")):
        used.add("organization.name")
        yield "organisation", service["organization"]["name"]
    for field in ("url", "email"):
        if _fits(field, service.get(field)):
            used.add(field)
            yield field, service[field]
    for theirs, ours in (("minimum_age", "age_min"), ("maximum_age", "age_max")):
        if _fits(ours, whole(service.get(theirs))):
            used.add(theirs)
            yield ours, whole(service[theirs])
    yield from _numbers(service, used)
    yield from _site(service, used)
    yield from _hours(service, used)
    yield from _languages(service, used)
    yield from _price(service, used)


def _numbers(service: dict[str, Any], used: set[str]) -> Iterator[tuple[str, str]]:
    """The first number to call; numbers with an extension or for something else go into the note."""
    for index, phone in enumerate(service.get("phones", ())):
        number = dutch(phone["number"])
        if number and "extension" not in phone and phone.get("type", "voice").lower() in ("voice", "cell"):
            used |= {f"phones[{index}].number", f"phones[{index}].type"}
            yield "phone", number
            return


def _site(service: dict[str, Any], used: set[str]) -> Iterator[tuple[str, str]]:
    """The building and address, where there is one place and no more."""
    sites = service.get("service_at_locations", ())
    location = sites[0].get("location", {}) if len(sites) == 1 else {}
    start = "service_at_locations[0].location"
    if location.get("location_type") != "physical":
        return
    used.add(f"{start}.location_type")
    if _fits("location", location.get("name")):
        used.add(f"{start}.name")
        yield "location", location["name"]
    addresses = location.get("addresses", ())
    line = in_one_line(addresses[0]) if len(addresses) == 1 else ""
    if _fits("address", line) and addresses[0]["address_type"] == "physical":
        parts = ("address_1", "address_2", "postal_code", "city", "address_type")
        used |= {f"{start}.addresses[0].{part}" for part in parts}
        yield "address", line


def _hours(service: dict[str, Any], used: set[str]) -> Iterator[tuple[str, str]]:
    """Hours that hold every week or month; with hours of their own at a place it is not certain which ones hold."""
    if any("schedules" in site for site in service.get("service_at_locations", ())):
        return
    hours = hours_of(service.get("schedules", ()))
    if hours:
        parts = ("freq", "interval", "byday", "opens_at", "closes_at", "dtstart", "wkst")
        used |= {f"schedules[{n}].{part}" for n in range(len(service["schedules"])) for part in parts}
        yield "hours", hours


def _languages(service: dict[str, Any], used: set[str]) -> Iterator[tuple[str, list[str]]]:
    """Languages that the map knows, by codes of two letters or three; the others stay in the note."""
    ours = schema("service")["properties"]["languages"]["items"]["enum"]
    found: list[str] = []
    for index, language in enumerate(service.get("languages", ())):
        given = language.get("code", "").split("-")[0].lower()
        code = words()["three_letters"].get(given, given)
        if code in ours:
            used |= {f"languages[{index}].code", f"languages[{index}].name"}
            found += [code] if code not in found else []
    if found:
        yield "languages", found


def _price(service: dict[str, Any], used: set[str]) -> Iterator[tuple[str, bool]]:
    """Whether it is free: only where every amount is known and holds for everybody."""
    options = service.get("cost_options", ())
    if options and all("amount" in option and not CONDITIONS & option.keys() for option in options):
        free = not any(option["amount"] for option in options)
        for number in range(len(options) if free else 0):
            used |= {f"cost_options[{number}].amount", f"cost_options[{number}].currency"}
        yield "free", free


def _fits(field: str, value: Any) -> bool:
    """Whether the map takes that value in that field."""
    rule = schema("service")["properties"][field]
    if isinstance(value, str):
        return bool(re.search(rule.get("pattern", ""), value))
    return isinstance(value, int) and rule["minimum"] <= value <= rule["maximum"]


def whole(number: Any) -> Any:
    """12.0, as some programs write it, is 12."""
    return int(number) if isinstance(number, float) and number.is_integer() else number
