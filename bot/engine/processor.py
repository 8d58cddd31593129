"""Rasa's processor of messages, which asks each turn what cannot have changed; ours looks before it asks.

Rasa compares the whole domain with an empty one for each message, replays the conversation to see whether it has begun, lets the
understanding read its own word for that, goes through a turn's events three times for what is to be sent or scheduled, and
writes all slots into a log that is not kept. `DREMPELHULP_STOCK_RASA=processor` leaves Rasa's own; tests/test_engine.py holds
that both say the same.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.processor import MessageProcessor
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, ReminderCancelled, ReminderScheduled
from rasa.shared.core.trackers import DialogueStateTracker

from bot.channels.web import OPENING

REMINDERS = {ReminderScheduled, ReminderCancelled}


class TurnProcessor(MessageProcessor):
    """Does what Rasa's does; only the looking is quicker."""

    async def parse_message(
        self, message: UserMessage, tracker: DialogueStateTracker | None = None, only_output_properties: bool = True
    ) -> dict[str, Any]:
        if message.text != OPENING:
            return await super().parse_message(message, tracker, only_output_properties)
        intent = {"name": OPENING[1:], "confidence": 1.0}
        return {"text": OPENING, "intent": intent, "entities": [], "intent_ranking": [dict(intent)]}

    async def execute_side_effects(
        self, events: list[Event], tracker: DialogueStateTracker, output_channel: OutputChannel
    ) -> None:
        if not REMINDERS.isdisjoint(map(type, events)):
            await super().execute_side_effects(events, tracker, output_channel)
            return
        for event in events:
            if type(event) is BotUttered:
                await output_channel.send_response(tracker.sender_id, event.message())

    def _check_for_unseen_features(self, parse_data: dict[str, Any]) -> None:
        entities = {found["entity"] for found in parse_data["entities"] or ()}
        if parse_data["intent"]["name"] not in self.domain.intents or not entities <= set(self.domain.entities):
            super()._check_for_unseen_features(parse_data)

    async def _update_tracker_session(
        self, tracker: DialogueStateTracker, output_channel: OutputChannel, metadata: dict[str, Any] | None = None
    ) -> None:
        if self.domain.session_config.are_sessions_enabled() or not _listening(tracker):
            await super()._update_tracker_session(tracker, output_channel, metadata)

    @staticmethod
    def _log_slots(tracker: DialogueStateTracker) -> None:
        """Nothing: what slots hold is withheld from every log (bot/engine/logs.py)."""


def load_model(agent: Agent, path: Path) -> None:
    """As `Agent.load_model`, with our processor."""
    agent.processor = TurnProcessor(
        model_path=path,
        tracker_store=agent.tracker_store,
        lock_store=agent.lock_store,
        action_endpoint=agent.action_endpoint,
        generator=agent.nlg,
    )
    agent.domain = agent.tracker_store.domain = agent.processor.domain


def _listening(tracker: DialogueStateTracker) -> bool:
    """Whether the last thing that happened is that we began to listen: then something has happened in this session."""
    last = tracker.events[-1] if tracker.events else None
    return isinstance(last, ActionExecuted) and last.action_name == ACTION_LISTEN_NAME
