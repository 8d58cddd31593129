"""What was understood of one message: the words of the understanding contract, as a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

UNCLEAR = "buiten_bereik"


@dataclass(frozen=True)
class Heard:
    """One message, understood. `text` lives only as long as the turn."""

    text: str = ""
    id: str | None = None
    intent: str = UNCLEAR
    confidence: float = 0.0
    topics: tuple[str, ...] = ()
    drempels: tuple[str, ...] = ()
    language: str | None = None
    wijken: tuple[str, ...] = ()
    """Wijken that were named, or in which the named postcode lies."""
    which_wijk: bool = False
    """The wijken named lie so far apart that somebody must say which."""
    elsewhere: bool = False
    """A postcode was named that is not one of this municipality."""
    maybe: str | None = None
    """The topic that it may be about, where that is not sure enough."""
    doubt: str | None = None
    """The crisis that it may be, where that is not sure enough."""

    @property
    def crisis(self) -> str | None:
        return self.intent.removeprefix("crisis_") if self.intent.startswith("crisis_") else None

    @property
    def is_need(self) -> bool:
        return self.intent.startswith("hulp_")

    @classmethod
    def from_message(cls, message: Mapping[str, Any]) -> Heard:
        """From Rasa's `latest_message`, in which our component has put its own keys."""
        intent = message.get("intent") or {}
        places = message.get("place") or {}
        return cls(
            text=message.get("text") or "",
            id=message.get("message_id"),
            intent=intent.get("name") or UNCLEAR,
            confidence=float(intent.get("confidence") or 0.0),
            topics=tuple(message.get("topics") or ()),
            drempels=tuple(message.get("drempels") or ()),
            language=(message.get("language") or {}).get("code"),
            wijken=tuple(places.get("wijken") or ()),
            which_wijk=bool(places.get("ask")),
            elsewhere=bool(places.get("elsewhere")),
            maybe=message.get("maybe"),
            doubt=message.get("doubt"),
        )
