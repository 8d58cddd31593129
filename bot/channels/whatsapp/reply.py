"""One WhatsApp message of one turn: what the dialogue said, the best route whole, and all there is to choose."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.i18n.catalogue import Catalogue
from bot.languages import complete, languages

ROUTE = "+"
"""Begins the id of a choice that shows another place; what follows is the place's id in the municipality's folder."""
LANGUAGE = "="
"""Begins the id of a choice of language."""
CRISIS = "crisis"
FACTS = (
    ("phone", "card.phone"), ("address", None), ("hours_text", None), ("call_first", None), ("why_text", "whatsapp.why"),
    ("bring", "card.bring"), ("say", "card.say"), ("cost", "card.price"), ("languages_text", "card.languages"),
)  # fmt: skip
"""What is told of the best place: field of the contract's route, and the text that stands before it."""
Message = Mapping[str, Any]


@dataclass(frozen=True)
class Choice:
    """One thing to press."""

    id: str
    title: str


@dataclass(frozen=True)
class Reply:
    """What is sent, before it is known in which form it fits."""

    text: str
    language: str
    choices: tuple[Choice, ...] = ()
    others: tuple[Choice, ...] = ()
    """Other places, which may be looked at."""
    numbered: bool = False
    """To be read out or heard: choices as numbers, never behind a button."""

    def picked(self, number: int) -> str | None:
        """The id behind a number that stands before a choice."""
        every = (*self.choices, *self.others)
        return every[number - 1].id if 1 <= number <= len(every) else None


class Composer:
    """Makes replies of the contract's messages. `site`: the address under which residents see the hulpkaart."""

    def __init__(self, catalogue: Catalogue, site: str) -> None:
        self._texts = catalogue
        self._site = site.rstrip("/")

    def reply(self, messages: Sequence[Message], *before: str, show: str | None = None) -> Reply:
        """The turn as one message. `before`: texts that come first. `show`: the place that is shown, instead of the best."""
        language = str(messages[-1]["language"])
        paragraphs = [*before, *(part for message in messages for part in self._paragraphs(message, show))]
        choices = messages[-1].get("buttons", ())  # those of an earlier message are void: one question waits
        places = [route for message in messages for route in message.get("routes", ()) if route["kind"] != CRISIS]
        shown = show or (places[0]["id"] if places else None)
        return Reply(
            text="\n\n".join(filter(None, paragraphs)),
            language=language,
            choices=tuple(Choice(button["payload"], button["title"]) for button in choices),
            others=tuple(Choice(ROUTE + route["id"], route["name"]) for route in places if route["id"] != shown),
        )

    def notice(self, name: str, messages: Sequence[Message]) -> Reply:
        """Why a voice message or a picture does not help, and the question that waits once more, with its choices."""
        last = messages[-1]
        asked = self.reply([{**last, "routes": [], "card": None}])
        text = "\n\n".join((self._texts.text(f"whatsapp.{name}", asked.language), asked.text))
        return Reply(text, asked.language, asked.choices, numbered=name == "voice")

    def first_notice(self, name: str) -> Reply:
        """The same to somebody whose language is not known yet: in all of them, with the languages to choose."""
        text = "\n\n".join(self._texts.text(f"whatsapp.{name}", code) for code in complete())
        choices = tuple(Choice(LANGUAGE + code, languages()[code].name) for code in complete())
        return Reply(text, complete()[0], choices)

    def _paragraphs(self, message: Message, show: str | None) -> Iterator[str]:
        """A message's text, with the facts of its best place below; of a crisis the text alone, which has the numbers."""
        routes = [route for route in message.get("routes", ()) if route["kind"] != CRISIS]
        route = next((route for route in routes if route["id"] == show), None) if show else next(iter(routes), None)
        if routes and show:
            yield "\n".join((route["name"], *self._facts(route, "", message["language"]))) if route else ""
        else:
            yield str(message["text"])
            yield "\n".join(self._facts(route, message["text"], message["language"])) if route else ""
        if message.get("card"):
            yield f"{self._texts.text('whatsapp.card', message['language'])} {self._site}{message['card']}"

    def _facts(self, route: Mapping[str, Any], said: str, language: str) -> Iterator[str]:
        """Each fact that is known and was not said already, one a line."""
        for field, label in FACTS:
            fact = route.get(field)
            if fact and fact not in said:
                yield f"{self._texts.text(label, language)}: {fact}" if label else str(fact)
        if route.get("free") and "cost" not in route:
            yield f"{self._texts.text('card.price', language)}: {self._texts.text('facts.free', language)}"
