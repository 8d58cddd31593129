"""What was understood of one message: the words of the understanding contract, as a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

UNCLEAR = "buiten_bereik"
SURE_OF_LANGUAGE, FEW = 0.95, 3
SURE_OF_COMMAND = 0.6
MOST_LETTERS = 1000
"""No answer to a question is longer; it is looked through several times a turn."""
SHORT = 3
"""Words up to which an answer is taken for nothing more than that."""
MOSTLY = 0.5
"""Share of a message's words from which it is nothing but its question about help."""


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
    language_sure: float = 1.0
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
    answers: Mapping[str, str] = field(default_factory=dict)
    """Questions of the intake that the message answers unasked: question id -> answer."""
    traits: tuple[str, ...] = ()
    """Wishes and facts that shape the route: `halal`, `wheelchair` …"""
    for_other: bool = False
    """Somebody asks for another person."""
    age: int | None = None
    """An age that was named, in years."""
    question_share: float = 1.0
    """How much of the message that question is."""
    question: str | None = None
    """A short question about help itself: `wijkteam`, `gratis` … (locales/<language>/asked.yml answers it)."""

    @property
    def crisis(self) -> str | None:
        danger = self.intent.startswith("crisis_") and not self.only_asks
        return self.intent.removeprefix("crisis_") if danger else None

    @property
    def is_short(self) -> bool:
        return len(self.text.split()) <= SHORT

    @property
    def commands(self) -> bool:
        """Whether a command ("back", "stop") is meant as one: said alone, or without doubt."""
        return len(self.text.split()) <= FEW or self.confidence >= SURE_OF_COMMAND

    @property
    def tongue(self) -> str | None:
        """The language to go on in; what is not understood changes none, unless it is whole sentences of another one."""
        sure = self.language_sure >= SURE_OF_LANGUAGE and len(self.text.split()) > FEW
        return self.language if self.language != "und" and (self.intent != UNCLEAR or sure) else None

    @property
    def only_asks(self) -> bool:
        """A question about help itself names no need: "kost het geld?" is not about debts."""
        return self.question is not None and self.question_share >= MOSTLY

    @property
    def is_need(self) -> bool:
        return self.intent.startswith("hulp_") and not self.only_asks

    @classmethod
    def from_message(cls, message: Mapping[str, Any], id: str | None) -> Heard:
        """From Rasa's `latest_message`, in which our component has put its own keys."""
        intent = message.get("intent") or {}
        spoken = message.get("language") or {}
        places = message.get("place") or {}
        hints = message.get("hints") or {}
        return cls(
            text=(message.get("text") or "")[:MOST_LETTERS],
            id=id,
            intent=intent.get("name") or UNCLEAR,
            confidence=float(intent.get("confidence") or 0.0),
            topics=tuple(message.get("topics") or ()),
            drempels=tuple(message.get("drempels") or ()),
            language=spoken.get("code"),
            language_sure=float(spoken.get("confidence") or 0.0),
            wijken=tuple(places.get("wijken") or ()),
            which_wijk=bool(places.get("ask")),
            elsewhere=bool(places.get("elsewhere")),
            maybe=message.get("maybe"),
            doubt=message.get("doubt"),
            answers=dict(hints.get("answers") or {}),
            traits=tuple(hints.get("traits") or ()),
            for_other=bool(hints.get("other")),
            age=hints.get("age"),
            question=hints.get("question"),
            question_share=float(hints.get("share") or 1.0),
        )
