"""How a turn's actions are run: as Rasa's processor does, without its three walks over what each of them gave.

Rasa copies the tracker and everything that happened for a line in a log that nobody keeps, and runs "listen" like an action that
does something. `DREMPELHULP_STOCK_RASA=processor` leaves Rasa's own; tests/test_engine.py holds that both say the same.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable

from rasa.core.actions.action import Action, ActionExecutionRejection, ActionListen
from rasa.core.channels.channel import OutputChannel
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.shared.core.events import (
    ActionExecutionRejected,
    BotUttered,
    Event,
    ReminderCancelled,
    ReminderScheduled,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

logger = logging.getLogger(__name__)
REMINDERS = {ReminderScheduled, ReminderCancelled}


class ActingProcessor(MessageProcessor):
    """Runs each action, notes what it gave, and sends what is to be sent."""

    async def _run_action(
        self,
        action: Action,
        tracker: DialogueStateTracker,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        prediction: PolicyPrediction,
    ) -> bool:
        if type(action) is ActionListen:  # half of all actions, and it does nothing
            self._log_action_on_tracker(tracker, action, [], prediction)
            return False
        before = tracker.copy()  # what the policy adds is not kept where the action refuses
        before.update_with_events(prediction.events, self.domain)
        events = await _events_of(action.name(), action.run(output_channel, nlg, before, self.domain))
        if events is None:
            tracker.update(ActionExecutionRejected(action.name(), prediction.policy_name, prediction.max_confidence))
            return self.should_predict_another_action(action.name())
        self._log_action_on_tracker(tracker, action, events, prediction)
        if UserUttered in map(type, events):
            tracker = await self.run_action_extract_slots(output_channel, tracker)
        await self.execute_side_effects(events, tracker, output_channel)
        return self.should_predict_another_action(action.name())

    def _log_action_on_tracker(
        self, tracker: DialogueStateTracker, action: Action, events: list[Event], prediction: PolicyPrediction
    ) -> None:
        if ActionExecutionRejected not in map(type, events):
            tracker.update_with_events(prediction.events, self.domain)
            tracker.update(action.event_for_successful_execution(prediction))
        tracker.update_with_events(events, self.domain)

    async def execute_side_effects(
        self, events: list[Event], tracker: DialogueStateTracker, output_channel: OutputChannel
    ) -> None:
        if not REMINDERS.isdisjoint(map(type, events)):
            await super().execute_side_effects(events, tracker, output_channel)
            return
        for event in events:
            if type(event) is BotUttered:
                await output_channel.send_response(tracker.sender_id, event.message())


async def _events_of(name: str, running: Awaitable[list[Event] | None]) -> list[Event] | None:
    """What an action gives; None where it refuses to run. One that breaks down gives nothing, and the turn goes on."""
    try:
        return await running or []
    except ActionExecutionRejection:
        return None
    except Exception:
        logger.exception("the action %s failed; what it did is lost, and the turn goes on", name)
        return []
