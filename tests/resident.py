"""A resident who talks over HTTP as the website does, knows only what is said, and answers in ways that people have."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

from bot.conversation.script import read_script
from bot.i18n.catalogue import Catalogue

SCRIPT = read_script()
CATALOGUE = Catalogue()
PATIENCE = 14
"""Turns after which a resident gives up."""


@dataclass
class Resident:
    """One story in one language. `knows`: question id, or `place`, -> what is answered."""

    url: str
    language: str
    knows: Mapping[str, Any]
    ways: Any = field(default_factory=lambda: cycle(("button", "number", "words")))
    texts: list[str] = field(default_factory=list)
    """Each bubble that the bot said."""
    first_route: list[dict[str, Any]] | None = None
    turns_to_route: int | None = None
    questions: int = 0
    """Questions before the first route."""
    turns: int = 0
    dead_end: str | None = None
    ended: bool = False
    session: str = ""

    def begin(self) -> None:
        self.session = self._post("/webhooks/web/session", {"language": self.language})["session"]

    def live(self, opening: list[str]) -> None:
        """Says the opening lines, then answers until the talk is over or a person or crisis was named."""
        self.begin()
        messages: list[dict[str, Any]] = []
        for line in opening:
            messages = self.say(line)
        while not self.ended and self.turns < PATIENCE:
            answer = self.answer_to(messages)
            if answer is None:
                return
            messages = self.say(answer)

    def say(self, text: str) -> list[dict[str, Any]]:
        self.turns += 1
        messages: list[dict[str, Any]] = self._post(
            "/webhooks/web/message", {"session": self.session, "message": text}
        )["messages"]
        self.texts += [message["text"] for message in messages]
        routes = [route for message in messages for route in message.get("routes", ())]
        if routes and self.first_route is None:
            self.first_route, self.turns_to_route = routes, self.turns
        elif self.first_route is None:
            self.questions += 1
        return messages

    def answer_to(self, messages: list[dict[str, Any]]) -> str | None:
        """The next thing to say; None where there is nothing left to answer."""
        last: dict[str, Any] = messages[-1] if messages else {"text": ""}
        buttons = last.get("buttons", [])
        question = next((name for name in SCRIPT.questions if self._asks(f"questions.{name}.ask", last["text"])), None)
        if question:
            code = self.knows.get(question, "overslaan")
            group = f"questions.{question}.answers.{code}"
            title = group if CATALOGUE.has(group, self.language) else f"answers.choices.{code}"
            if self._says(CATALOGUE.for_other(f"questions.{question}.ask", self.language), last["text"]):
                title = CATALOGUE.for_other(title, self.language)
            return self._choose(buttons, CATALOGUE.text(title, self.language))
        if self._asks("conversation.ask.place", last["text"]):
            return str(self.knows.get("place") or buttons[0]["payload"])
        if self._asks("conversation.ask.which_wijk", last["text"]):
            return str(buttons[0]["payload"])
        if self._asks("conversation.ask.drempel", last["text"]):
            return str(buttons[-1]["payload"])
        if self._asks("conversation.ask.outcome", last["text"]):
            return self._choose(buttons, CATALOGUE.text("answers.choices.ja", self.language))
        if any(self._asks(f"conversation.ask.{name}", last["text"]) for name in ("more", "next")):
            return self._choose(buttons, CATALOGUE.text("answers.choices.nee", self.language))
        self.ended = True
        if self.first_route is None and not buttons:
            self.dead_end = last["text"]
        return None

    def _asks(self, key: str, text: str) -> bool:
        """Whether the question is asked, of the resident or about somebody else."""
        return self._says(key, text) or self._says(CATALOGUE.for_other(key, self.language), text)

    def _says(self, key: str, text: str) -> bool:
        """Whether a variant of a question stands in the text; what is filled in may differ."""
        variants = [
            CATALOGUE.texts[self.language][f"{key}.{number}"] for number in range(CATALOGUE.count(key, self.language))
        ]
        return any(max(variant.split("%{topic}"), key=len).strip() in text for variant in variants)

    def _choose(self, buttons: list[dict[str, str]], title: str) -> str:
        """The same choice by its button, its number or its words, in turn."""
        titles = [button["title"] for button in buttons]
        number = titles.index(title)
        way = next(self.ways)
        return {"button": buttons[number]["payload"], "number": str(number + 1), "words": title.lower()}[way]

    def _post(self, path: str, body: dict[str, Any]) -> Any:
        request = urllib.request.Request(
            self.url + path, json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)
