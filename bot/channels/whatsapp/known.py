"""What is known of a resident's conversation, as ids: by it a message is understood, and answered later."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.channels.whatsapp.gist import Offer
from bot.channels.whatsapp.reply import Message
from bot.directory import load
from bot.i18n.catalogue import catalogue
from bot.i18n.wording import Wording
from bot.languages import supported
from bot.paths import gemeente_folder
from bot.settings import AMSTERDAM, Settings

NAME = "whatsapp"
MOST_COUNTED = 7
"""One, two, three … as words, as far as locales/<language>/answers.yml counts."""
Slots = Mapping[str, Any]


class Known:
    """The conversations of one municipality, as their store has them."""

    def __init__(self, agent: Any, settings: Settings) -> None:
        self._agent = agent
        self.texts = catalogue()
        directory = load(gemeente_folder(settings.gemeente))
        self._wording = Wording(self.texts, {wijk.id: wijk.name for wijk in directory.wijken.values()})
        self.places = frozenset(directory.services)

    def pseudonym(self, who: str) -> str:
        name: str = self._conversations.pseudonym(f"{NAME}:{who}", datetime.now(AMSTERDAM).date())
        return name

    def slots(self, sender: str) -> dict[str, Any]:
        """The conversation's slots from its rows: reading the tracker would disturb a turn that is under way."""
        return {row["k"]: row["v"] for row in self._conversations.rows(sender) if row["e"] == "slot"}

    def is_new(self, sender: str) -> bool:
        return not self._conversations.length(sender)

    def said(self, slots: Slots) -> list[Message]:
        """The last turn's messages, worded again; none before there was one."""
        return [self._worded(content) for content in slots.get("said") or ()]

    async def said_to(self, sender: str, mark: str) -> list[Message] | None:
        """What was said to this message, where its turn was taken already; None for a new one."""
        heard = await self._agent.tracker_store.said_to(sender, mark)
        return None if heard is None else [self._worded(content) for content in json.loads(heard)]

    def offer(self, slots: Slots) -> Offer:
        """What was asked last, and in which words it can be answered."""
        language, offered = supported(slots.get("language")), slots.get("offered") or {}
        counting = {
            word: number
            for number in range(1, MOST_COUNTED + 1)
            for word in self.texts.words(f"answers.counting.{number}", language)
        }
        titles = self._wording.titles(offered, language)
        yes, no = (self.texts.words(f"answers.{name}", language) for name in ("yes", "no"))
        return Offer(offered, slots.get("asked"), titles, counting, yes, no)

    def failed(self, language: str) -> Message:
        """What is said where a turn broke down: a number, for nobody may be left without answer."""
        message: Message = self._agent.processor.nlg.worder.failed(language)
        return message

    def _worded(self, content: dict[str, Any]) -> Message:
        message: Message = self._agent.processor.nlg.worder.message(content)
        return message

    @property
    def _conversations(self) -> Any:
        return self._agent.tracker_store.conversations
