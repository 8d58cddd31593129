"""Talks with the assistant in the process, as the website's channel does, and looks at what it knows afterwards."""

from __future__ import annotations

import itertools
import json
from typing import Any

from rasa.core.channels.channel import UserMessage

from bot.channels.web import NAME, OPENING, Collected
from bot.conversation.state import State
from bot.engine.tracker_store import store_of

_numbers = itertools.count()


class Talk:
    """One conversation with the whole Rasa stack."""

    def __init__(self, agent: Any, language: str) -> None:
        self.agent = agent
        self.sender = f"talk-{next(_numbers)}"
        self.language = language
        self.messages: list[dict[str, Any]] = []

    async def begin(self) -> None:
        await self._hear(OPENING, {"language": self.language})

    async def say(self, text: str) -> list[dict[str, Any]]:
        await self._hear(text, {})
        return self.messages

    async def press(self, number: int) -> list[dict[str, Any]]:
        """Takes the button with this number, from one."""
        return await self.say(self.buttons[number - 1]["payload"])

    async def _hear(self, text: str, metadata: dict[str, Any]) -> None:
        out = Collected()
        message = UserMessage(text, out, self.sender, input_channel=NAME, metadata=metadata)
        await self.agent.handle_message(message)
        self.messages = out.messages

    @property
    def text(self) -> str:
        return "\n".join(message["text"] for message in self.messages)

    @property
    def buttons(self) -> list[dict[str, str]]:
        return [button for message in self.messages for button in message.get("buttons", ())]

    @property
    def routes(self) -> list[dict[str, Any]]:
        return [route for message in self.messages for route in message.get("routes", ())]

    async def state(self) -> State:
        tracker = await store_of(self.agent).retrieve(self.sender)
        return State.from_slots(tracker.current_slot_values()) if tracker else State()

    def counted(self) -> list[dict[str, Any]]:
        """What waits to be counted, as JSON has it; emptied by reading."""
        conversations = store_of(self.agent).conversations
        waiting = conversations.outbox()
        conversations.delivered(nonce for nonce, _ in waiting)
        return [json.loads(data) for _, data in waiting]
