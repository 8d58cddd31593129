"""Rasa's form over one copy of the tracker. Rasa makes one for each step of it, and looks through all events five times.

What is done is Rasa's own (`LoopAction.run`, `FormAction.do`): begin the form, let our action validate what was said, ask the
next question or end. A form that no action validates goes Rasa's own way; so do all with `DREMPELHULP_STOCK_RASA=actions`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import rasa.core.actions.action as rasa_actions
from rasa.core.actions.action import ActionExecutionRejection
from rasa.core.actions.forms import FormAction
from rasa.core.channels.channel import OutputChannel
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.shared.core.constants import ACTION_EXTRACT_SLOTS, ACTION_LISTEN_NAME, REQUESTED_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActionExecutionRejected, ActiveLoop, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.engine.inside_action import InsideAction

REJECTED = ActionExecutionRejected


@dataclass(frozen=True)
class Step:
    """What every step of a form needs beside the tracker."""

    validation: InsideAction
    output_channel: OutputChannel
    nlg: NaturalLanguageGenerator
    domain: Domain


class InsideForm(FormAction):
    """A form whose steps see one another's work at once."""

    async def run(
        self,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        tracker: DialogueStateTracker,
        domain: Domain,
    ) -> list[Event]:
        validates = f"validate_{self.name()}"
        if validates not in domain.action_names_or_texts:
            return await super().run(output_channel, nlg, tracker, domain)
        step = Step(InsideAction(validates, self.action_endpoint), output_channel, nlg, domain)
        work = tracker.copy()
        events = await self._begun(work, step) if tracker.active_loop_name != self.name() else []
        if not _is_over(events):
            heard = await self._validated(tracker, work, step) if len(events) <= 1 else []
            if REJECTED not in map(type, heard):
                heard += await self._asked(work, [*events, *heard], step)
            events += heard
        return [*events, *self._default_deactivation_events()] if _is_over(events) else events

    async def _begun(self, work: DialogueStateTracker, step: Step) -> list[Event]:
        begins = ActiveLoop(self.name())
        work.update(begins)
        extracts = rasa_actions.action_for_name_or_text(ACTION_EXTRACT_SLOTS, step.domain, self.action_endpoint)
        extracted = await extracts.run(step.output_channel, step.nlg, work, step.domain)
        work.update_with_events(extracted, step.domain)
        known = {slot: work.get_slot(slot) for slot in self.required_slots(step.domain)}
        given = {slot: value for slot, value in known.items() if value is not None}
        events = await self._run_validation(work, given, step)
        validated = {event.key for event in events if type(event) is SlotSet}
        return [begins, *events, *(e for e in extracted if type(e) is SlotSet and e.key not in validated)]

    async def _validated(self, tracker: DialogueStateTracker, work: DialogueStateTracker, step: Step) -> list[Event]:
        """What our action makes of a message; where it makes nothing of it, the form refuses to run, and a rule answers."""
        asked = tracker.active_loop is None or (
            tracker.latest_action_name == ACTION_LISTEN_NAME and not tracker.is_active_loop_interrupted
        )
        found = self._get_slot_extractions(tracker, step.domain) if asked and _sets_slots(tracker) else {}
        waited_for = self.get_slot_to_fill(tracker)
        events = await self._run_validation(work, found, step)
        learned = found or any(type(event) is REJECTED or _is_learned(event) for event in events)
        if asked and waited_for and not learned:
            raise ActionExecutionRejection(self.name(), f"{self.name()} learned nothing for {waited_for}")
        return events

    async def _run_validation(self, work: DialogueStateTracker, candidates: dict[str, Any], step: Step) -> list[Event]:
        requested = SlotSet(REQUESTED_SLOT, self.get_slot_to_fill(work))
        filled = [SlotSet(name, value) for name, value in candidates.items()]
        work.update_with_events([requested, ActionExecuted(self.name()), *filled], step.domain)
        events = await step.validation.run(step.output_channel, step.nlg, work, step.domain)
        work.update_with_events(events, step.domain)
        return events

    async def _asked(self, work: DialogueStateTracker, events: list[Event], step: Step) -> list[Event]:
        """The question for the slot that our action chose, or else for the first that is empty; the form ends where none is."""
        if _is_over(events):
            return [SlotSet(REQUESTED_SLOT, None)]
        chosen = next((event.value for event in events if _requests(event)), None)
        slot = chosen or self._find_next_slot_to_request(work, step.domain)
        said = [] if chosen else [SlotSet(REQUESTED_SLOT, slot)]
        if slot:
            said += await self._ask_for_slot(step.domain, step.nlg, step.output_channel, slot, work)
        return said


def _sets_slots(tracker: DialogueStateTracker) -> bool:
    """Whether a slot was set since somebody last said something."""
    for event in reversed(tracker.events):
        if type(event) in (SlotSet, UserUttered):
            return type(event) is SlotSet
    return False


def _requests(event: Event) -> bool:
    return type(event) is SlotSet and event.key == REQUESTED_SLOT


def _is_learned(event: Event) -> bool:
    return type(event) is SlotSet and event.key != REQUESTED_SLOT


def _is_over(events: list[Event]) -> bool:
    """Whether the last word on the question to ask, or on the form, is that there is none."""
    if REJECTED in map(type, events):
        return False
    request = next((event for event in reversed(events) if _requests(event)), None)
    form = next((event for event in reversed(events) if type(event) is ActiveLoop), None)
    return (request is not None and request.value is None) or (form is not None and form.name is None)
