"""A pressed button: a random sign of our own, in which there is nothing to understand, whatever its letters look like."""

from __future__ import annotations

from typing import Any

from bot.languages import UNKNOWN, languages

UNCLEAR = "buiten_bereik"


def unread(text: str, language: str | None) -> dict[str, Any]:
    """What Understanding.of says of a message in which nothing is read: it stays in the conversation's language."""
    nothing = {"name": UNCLEAR, "confidence": 1.0}
    return {
        "text": text,
        "intent": nothing,
        "intent_ranking": [nothing],
        "entities": [],
        "language": {"code": language if language in languages() else UNKNOWN, "confidence": 1.0},
        "drempels": [],
        "topics": [],
        "place": {"wijken": [], "ask": False, "elsewhere": False},
        "hints": {},
        "maybe": None,
        "doubt": None,
    }
