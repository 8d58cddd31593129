"""A service that somebody else wrote, as far as it fits: on the map as `unconfirmed`, with the rest in its `note`.

Nothing is guessed. What has no field of ours, or not in a form that is certain (a number from abroad, hours that hold
for a season, a topic of another taxonomy) is kept word for word for the editor, and no resident sees it.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Any

from bot.directory.folder import Record
from bot.directory.hsds.fitting import known
from bot.directory.hsds.remainder import remainder
from bot.directory.hsds.words import text
from bot.directory.schema import schema

SECTION = "voorzieningen"
NEVER = "1970-01-01"
"""The day of checking of what nobody is known to have checked: the oldest of all that is stale."""


def record(service: dict[str, Any]) -> Record:
    """The service as an unconfirmed thing; its id is made from name and UUID, and the same each time."""
    checked = _checked_on(service)
    used = {"name", "assured_date"} if checked else {"name"}
    known_ = dict(known(service, used))
    rest = remainder(service, used)
    values: dict[str, Any] = {
        "id": _id(service),
        "status": "unconfirmed",
        "why_unconfirmed": _why(service, checked, rest != ""),
        "name": service["name"] if service["name"].strip() else service["id"],
        **known_,
        "note": rest,
        "sources": [{"title": text("source", id=service["id"])}],
        "checked": checked or NEVER,
        "checked_by": service.get("assurer_email") or text("unknown_checker"),
    }
    order = schema("service")["properties"]
    return Record(SECTION, {field: values[field] for field in order if values.get(field) not in (None, "", [])})


def _why(service: dict[str, Any], checked: str | None, more: bool) -> str:
    said = [text("imported")]
    if service["status"] != "active":
        said.append(text("imported_status", status=service["status"]))
    if checked is None:
        said.append(text("imported_undated"))
    if more:
        said.append(text("imported_rest"))
    return " ".join(said)


def _checked_on(service: dict[str, Any]) -> str | None:
    """The day of `assured_date`, which may have a time behind it."""
    day = service.get("assured_date", "")[:10]
    try:
        return date.fromisoformat(day).isoformat()
    except ValueError:
        return None


def _id(service: dict[str, Any]) -> str:
    plain = unicodedata.normalize("NFKD", service["name"]).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-")
    return f"{slug or 'dienst'}-{service['id'].lower()[:8]}"
