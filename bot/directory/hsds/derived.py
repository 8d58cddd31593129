"""What HSDS says in sentences or fields of its own, made from exact facts that stand beside it as attributes.

Nothing is read back from them; but their plain facts (times, amounts) are compared, for where those differ somebody
changed the one and not the other.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from bot.directory.hsds.identity import Ids
from bot.directory.hsds.schedules import schedules
from bot.directory.hsds.words import term, terms, text

EURO = "EUR"


def derived(values: dict[str, Any], ids: Ids) -> dict[str, Any]:
    """Every such field of a service; None or empty where there is nothing to say."""
    return {
        "description": _description(values),
        "application_process": terms("access", values.get("access", [])),
        "interpretation_services": _by_truth("interpreter", values),
        "eligibility_description": terms("eligibility", values.get("eligibility", [])),
        "fees_description": _fees(values),
        "alert": _alert(values),
        "cost_options": _costs(values, ids),
        "required_documents": [
            {"id": ids.part("required_document", code), "service_id": ids.service, "document": term("bring", code)}
            for code in values.get("bring", [])
            if code != "nothing"
        ],
        "schedules": schedules(values, ids),
    }


def status(values: dict[str, Any], today: date | None) -> str:
    """`active` where residents are sent, `defunct` from the day on which it stopped, else `inactive`.

    Without `today` a thing that is known to stop counts as stopped: better a door too few than a closed one.
    """
    if values.get("status") == "stopped":
        return "defunct"
    if "status" in values:
        return "inactive"
    going = "stopped" not in values or (today is not None and today.isoformat() < values["stopped"])
    return "active" if going else "defunct"


def _description(values: dict[str, Any]) -> str:
    """What it helps with and what it does not do; a number for a crisis says which."""
    about = [terms("topics", values.get("topics", [])), terms("crisis", values.get("crisis", []))]
    helps = ", ".join(filter(None, about))
    first = text("topics", list=helps) if helps else text("all_topics")
    return " ".join(filter(None, [first, values.get("not_for", {}).get("nl")]))


def _by_truth(field: str, values: dict[str, Any]) -> str | None:
    return text(f"{field}_{str(values[field]).lower()}") if field in values else None


def _fees(values: dict[str, Any]) -> str | None:
    said = values.get("cost", {}).get("nl")
    return said or (text("free") if values.get("free") else None)


def _costs(values: dict[str, Any], ids: Ids) -> list[dict[str, Any]]:
    """Nothing to pay is an amount of 0; what something costs is a sentence, for no amount is known."""
    if values.get("free") is None:
        return []
    made: dict[str, Any] = {"id": ids.part("cost_option"), "service_id": ids.service, "currency": EURO}
    if values["free"]:
        return [{**made, "amount": 0}]
    said = values.get("cost", {}).get("nl")
    return [{**made, "amount_description": said}] if said else []


def _alert(values: dict[str, Any]) -> str | None:
    """The single days that differ, for a schedule cannot say that a day is closed."""
    days = sorted(values.get("exceptions", {}).items())
    return "; ".join(f"{day}: {text('closed') if said == 'closed' else said}" for day, said in days)
