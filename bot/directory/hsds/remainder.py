"""What of somebody else's service has no field of ours: every value that is left, word for word, for an editor."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

NOT_TOLD = {"id", "metadata", "status", "taxonomy_detail", "link_entity", "link_type"}
"""Names of objects, and the history of the document."""


def remainder(service: dict[str, Any], used: set[str]) -> str:
    """A line for each value outside the places that are `used`; what is said again at another place is told once."""
    told: dict[tuple[str, str], str] = {}
    for place, said in _leaves(service, ""):
        if not _within(place, used):
            told.setdefault((place.rpartition(".")[2], said), f"{place}: {said}")
    return "\n".join(told.values())


def _within(place: str, used: set[str]) -> bool:
    return any(place == one or place.startswith((f"{one}.", f"{one}[")) for one in used)


def _leaves(value: Any, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, item in value.items():
            if key not in NOT_TOLD and not key.endswith("_id"):
                yield from _leaves(item, f"{place}.{key}".lstrip("."))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _leaves(item, f"{place}[{number}]")
    elif value is not None and str(value).strip():
        yield place, str(value)
