"""What of a message is read aloud, with a mark by which the server knows its own words again: it says nothing else."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Collection, Mapping
from functools import lru_cache
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
REMEMBERED = 2048
"""Texts of ours, and places, of which it is remembered how they are said; both come from files that are read at the start."""


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
        self._again = lru_cache(REMEMBERED)(self._without_places)
        self._sentences = lru_cache(REMEMBERED)(self._in_sentences)

    def given(self, messages: list[dict[str, Any]], whose: str = OURS) -> list[dict[str, Any]]:
        """The same messages, with what can be said of each where there is a voice for its language."""
        return [
            self._with(message, whose) if self._voice.speaks(message["language"]) else message for message in messages
        ]

    def _with(self, message: dict[str, Any], whose: str) -> dict[str, Any]:
        if whose == OURS and "routes" not in message:
            return {**message, "aloud": self._again(message["text"], message.get("spoken"), message["language"])}
        text = self.text(message, spoken_again if whose == OURS else spoken)
        return {**message, "aloud": self._marked(text, message["language"], whose)}

    def _without_places(self, text: str, whole: str | None, language: str) -> dict[str, str]:
        """The `aloud` of a message of ours that is a text alone; of a resident's words nothing comes here, or stays."""
        said = self.text({"text": text, "spoken": whole, "language": language}, spoken_again)
        return self._marked(said, language, OURS)

    def _marked(self, text: str, language: str, whose: str) -> dict[str, str]:
        return {"text": text, "language": language, "mark": self._marks.mark(text, language, whose)}

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
        said = ""
        for part in (spoken(first, language), *places, spoken(choices, language) if choices else ""):
            if len(said) + len(part) < MOST_LETTERS:
                said = f"{said} {part}".strip()
        return said

    def _place(self, route: Mapping[str, Any], language: str, told: Collection[str]) -> str:
        """One place for the ear, without what was told of it; what stands there in Dutch only is nonsense in another voice."""
        unsaid = {*route.get("untranslated", ()), *told}
        known = tuple((label, str(route[field])) for field, label in FACTS if route.get(field) and field not in unsaid)
        return self._sentences(known, language, route["name"], _name(route))

    def _in_sentences(self, known: tuple[tuple[str | None, str], ...], language: str, name: str, short: str) -> str:
        said = " ".join(_sentence(self._fact(label, value, language)) for label, value in known)
        return spoken(said.replace(name, short), language)

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
    number = spoken_again(route.get("phone") or "")
    return ("why_text", "phone") if number and number in whole else ("why_text",)


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."
