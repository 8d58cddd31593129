"""UUIDs that are the same on every export: made from the municipality and the ids of the map, never drawn."""

from __future__ import annotations

import json
from dataclasses import dataclass
from uuid import NAMESPACE_URL, UUID, uuid5

ROOT = uuid5(NAMESPACE_URL, "urn:drempelhulp:hsds")


def uuid_of(*parts: str) -> str:
    """The UUID of what these words name together; ("a", "bc") is another than ("ab", "c")."""
    return str(uuid5(ROOT, json.dumps(parts, ensure_ascii=False)))


@dataclass(frozen=True)
class Ids:
    """Names the objects of one thing of one municipality."""

    gemeente: str
    thing: str

    @property
    def service(self) -> str:
        return uuid_of(self.gemeente, "service", self.thing)

    def part(self, kind: str, *which: str) -> str:
        """An object that belongs to this thing alone: its second schedule, its first phone."""
        return uuid_of(self.gemeente, "service", self.thing, kind, *which)

    def shared(self, kind: str, *which: str) -> str:
        """An object that several things of the municipality have in common: an organisation, a building."""
        return uuid_of(self.gemeente, kind, *which)


def is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
