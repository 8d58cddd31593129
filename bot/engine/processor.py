"""Rasa's processor of messages, which asks each turn what cannot have changed; ours looks before it asks.

Rasa compares the whole domain with an empty one for each message, replays the conversation to see whether it has begun, and
writes all slots into a log that is not kept. `DREMPELHULP_STOCK_RASA=processor` leaves Rasa's own; tests/test_engine.py holds
that both say the same.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel
from rasa.core.processor import MessageProcessor
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted
from rasa.shared.core.trackers import DialogueStateTracker


class TurnProcessor(MessageProcessor):
    """Does what Rasa's does; only the looking is quicker."""

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
