"""Rasa's processor of messages, which asks each turn what cannot have changed; ours looks before it asks.

Rasa compares the whole domain with an empty one for each message, replays the conversation to see whether it has begun, lets the
understanding read its own word for that, and runs the whole graph to hear that after an answer it listens.
`DREMPELHULP_STOCK_RASA=processor` leaves Rasa's own; tests/test_engine.py holds that both say the same.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.core.actions.action import Action
from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.policies.policy import PolicyPrediction
from rasa.graph_components.converters.nlu_message_converter import NLUMessageConverter
from rasa.graph_components.providers.domain_provider import DomainProvider
from rasa.nlu.classifiers.regex_message_handler import RegexMessageHandler
from rasa.plugin import plugin_manager
from rasa.shared.constants import INTENT_MESSAGE_PREFIX
from rasa.shared.core.constants import ACTION_EXTRACT_SLOTS, ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.events import (
    ActionExecuted,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.channels.web import OPENING
from bot.engine.acting import ActingProcessor
from bot.engine.actions_inside import InsideExtract
from bot.engine.foresight import Foresight
from bot.engine.graph import InOrder
from bot.nlu.components import Understanding
from bot.settings import Settings

TURN_ENDS = (ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME)


class TurnProcessor(ActingProcessor):
    """Does what Rasa's does; only the looking is quicker."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.foresight: Foresight | None = None
        self.hears: Understanding | None = None
        if isinstance(self.graph_runner, InOrder):
            self.hears = _hears(self.graph_runner.components(self.model_metadata.nlu_target))
            if "policy" not in Settings().stock_rasa:
                parts = self.graph_runner.components(self.model_metadata.core_target)
                self.foresight = Foresight.over(parts, self.domain)

    async def parse_message(
        self, message: UserMessage, tracker: DialogueStateTracker | None = None, only_output_properties: bool = True
    ) -> dict[str, Any]:
        text = message.text or ""
        if text == OPENING:
            intent = {"name": OPENING[1:], "confidence": 1.0}
            return {"text": OPENING, "intent": intent, "entities": [], "intent_ranking": [dict(intent)]}
        if self.hears is None or text.startswith(INTENT_MESSAGE_PREFIX):
            return await super().parse_message(message, tracker, only_output_properties)
        return {key: value for key, value in self.hears.heard(text, tracker).items() if value is not None}

    async def run_action_extract_slots(
        self, output_channel: OutputChannel, tracker: DialogueStateTracker
    ) -> DialogueStateTracker:
        extracts = self._get_action(ACTION_EXTRACT_SLOTS)
        if isinstance(extracts, InsideExtract) and extracts.is_idle(self.domain):
            return tracker
        return await super().run_action_extract_slots(output_channel, tracker)

    def predict_next_with_tracker_if_should(self, tracker: DialogueStateTracker) -> tuple[Action, PolicyPrediction]:
        key = self.foresight.key(tracker) if self.foresight and not self._at_its_limit(tracker) else None
        if self.foresight is None or key is None:
            return super().predict_next_with_tracker_if_should(tracker)
        known = self.foresight.answer(key)
        if known is None:
            known = super().predict_next_with_tracker_if_should(tracker)
            self.foresight.keep(key, *known)
        return known

    async def run_anonymization_pipeline(self, tracker: DialogueStateTracker) -> None:
        if plugin_manager().get_plugins():
            await super().run_anonymization_pipeline(tracker)

    async def _update_tracker_session(
        self, tracker: DialogueStateTracker, output_channel: OutputChannel, metadata: dict[str, Any] | None = None
    ) -> None:
        if self.domain.session_config.are_sessions_enabled() or not _listening(tracker):
            await super()._update_tracker_session(tracker, output_channel, metadata)

    def _at_its_limit(self, tracker: DialogueStateTracker) -> bool:
        """Whether so many actions ran since it last listened that Rasa breaks the turn off."""
        ran = 0
        for event in reversed(tracker.events):
            if type(event) is ActionExecuted:
                if event.action_name in TURN_ENDS:
                    break
                ran += 1
        return ran >= self.max_number_of_predictions


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


def _hears(parts: list[Any]) -> Understanding | None:
    """Our understanding, where nothing beside it has a say in what is heard; then it needs no graph around it."""
    own = [part for part in parts if isinstance(part, Understanding)]
    beside = {type(part) for part in parts} - {NLUMessageConverter, DomainProvider, RegexMessageHandler}
    return own[0] if len(own) == 1 and beside == {Understanding} else None


def _listening(tracker: DialogueStateTracker) -> bool:
    """Whether the last thing that happened is that we began to listen: then something has happened in this session."""
    last = tracker.events[-1] if tracker.events else None
    return isinstance(last, ActionExecuted) and last.action_name == ACTION_LISTEN_NAME
