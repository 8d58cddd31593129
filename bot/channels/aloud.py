"""What of a message is read aloud, with a mark by which the server knows its own words again: it says nothing else."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Collection, Mapping
from hashlib import blake2b
from typing import Any

from bot.i18n.catalogue import Catalogue
from bot.i18n.speech import spoken, spoken_again
from bot.voice.voice import MOST_LETTERS, Voice

OURS, HEARD = "ours", "heard"
"""Whose words they are: ours alone, or with a resident's among them, which are never kept."""
FACTS = (
    ("name", None),
    ("why_text", None),
    ("call_first", None),
    ("hours_text", None),
    ("location", None),
    ("address", None),
    ("cost", None),
    ("phone", "call"),
    ("bring", "bring"),
    ("say", "say"),
)
"""What is said of a place, in this order, and the text of locales/<lang>/website.yml that stands before or around it."""


class Marks:
    """Signs what may be said. No list is kept of it, and a mark does not end: what it opens is our own words."""

    def __init__(self, secret: str) -> None:
        self._key = blake2b(secret.encode(), digest_size=32, person=b"aloud").digest()

    def mark(self, text: str, language: str, whose: str = OURS) -> str:
        said = "\0".join((whose, language, text)).encode(errors="surrogatepass")  # half a pair too
        return blake2b(said, key=self._key, digest_size=16).hexdigest()

    def whose(self, text: str, language: str, mark: str) -> str | None:
        """OURS or HEARD; None for words that this server never gave out."""
        given = mark.encode(errors="replace")
        both = (
            whose for whose in (OURS, HEARD) if hmac.compare_digest(self.mark(text, language, whose).encode(), given)
        )
        return next(both, None)


class Aloud:
    """Gives messages their `aloud`: `{"text", "language", "mark"}`, which goes to POST /stem as it is."""

    def __init__(self, marks: Marks, voice: Voice, texts: Catalogue) -> None:
        self._marks = marks
        self._voice = voice
        self._texts = texts

    def given(self, messages: list[dict[str, Any]], whose: str = OURS) -> list[dict[str, Any]]:
        """The same messages, with what can be said of each where there is a voice for its language."""
        return [
            self._with(message, whose) if self._voice.speaks(message["language"]) else message for message in messages
        ]

    def _with(self, message: dict[str, Any], whose: str) -> dict[str, Any]:
        language = message["language"]
        text = self.text(message, spoken_again if whose == OURS else spoken)
        mark = self._marks.mark(text, language, whose)
        return {**message, "aloud": {"text": text, "language": language, "mark": mark}}

    def text(self, message: Mapping[str, Any], spoken: Callable[..., str] = spoken) -> str:
        """The message, then its places as the cards show them, then its choices; as many whole parts as can be said."""
        language = message["language"]
        line = spoken(message["text"])
        whole = message.get("spoken") or line
        choices = whole.removeprefix(line) if whole.startswith(line) else ""
        first = line if whole.startswith(line) else whole
        routes = message.get("routes", ())
        places = [
            self._place(route, language, () if number else _told(route, whole)) for number, route in enumerate(routes)
        ]
        parts = [spoken(part, language) for part in (first, *places, choices) if part.strip()]
        said = ""
        for part in parts:
            if len(said) + len(part) < MOST_LETTERS:
                said = f"{said} {part}".strip()
        return said

    def _place(self, route: Mapping[str, Any], language: str, told: Collection[str]) -> str:
        """One place in sentences, without what was told of it; what stands there in Dutch only is nonsense in another voice."""
        unsaid = {*route.get("untranslated", ()), *told}
        known = [(label, str(route[field])) for field, label in FACTS if route.get(field) and field not in unsaid]
        said = " ".join(_sentence(self._fact(label, value, language)) for label, value in known)
        return said.replace(route["name"], _name(route))

    def _fact(self, label: str | None, value: str, language: str) -> str:
        if label is None:
            return value
        text = self._texts.text(f"website.{label}", language, phone=value)
        return text if label == "call" else f"{text}: {value}"


def _name(route: Mapping[str, Any]) -> str:
    return str(route.get("spoken_name") or route["name"])


def _told(route: Mapping[str, Any], whole: str) -> tuple[str, ...]:
    """What a message that names its first place has said of it: why it fits, and perhaps its number. The name is said again,
    for other places stood between."""
    if _name(route) not in whole:
        return ()
    number = spoken(route.get("phone") or "")
    return ("why_text", "phone") if number and number in whole else ("why_text",)


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."
