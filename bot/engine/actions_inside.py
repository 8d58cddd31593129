"""Runs the actions in Rasa's own process: no hop, no second process, and no JSON of the whole domain for each action.

An action gets the same `rasa_sdk` tracker and gives the same events as over the action server's contract. Rasa has no setting
for another kind of action, so one function of Rasa is replaced: the one that finds an action by its name. It built every
default action anew at each call, too; here each is built once. `DREMPELHULP_STOCK_RASA=actions` leaves Rasa's own way,
with one method replaced: it compiled a constant JSON schema for each result, 17 ms.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import rasa.core.actions.action as rasa_actions
from jsonschema import Draft7Validator
from rasa.core.actions.action import Action, ActionExtractSlots, RemoteAction
from rasa.core.actions.forms import FormAction
from rasa.core.channels.channel import OutputChannel
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.shared.core.constants import ACTION_VALIDATE_SLOT_MAPPINGS
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, SlotSet, UserUttered, deserialise_events
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.utils.common import all_subclasses
from rasa.utils.endpoints import EndpointConfig
from rasa_sdk import Tracker
from rasa_sdk.executor import ActionExecutor, ActionNotFoundException, CollectingDispatcher
from rasa_sdk.utils import call_potential_coroutine

find_as_rasa_does = rasa_actions.action_for_name_or_text


class ActionsInside(EndpointConfig):
    """An action endpoint whose request is a call."""

    def __init__(self, package: str = "actions") -> None:
        super().__init__("inside://actions")
        self.executor = ActionExecutor()
        self.executor.register_package(package)

    async def request(self, *args: Any, json: dict[str, Any] | None = None, **kwargs: Any) -> Any:
        """What the action server would answer to this body."""
        return await self.executor.run(json or {})


class InsideAction(RemoteAction):
    """A custom action that is called as it stands."""

    async def run(
        self,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        tracker: DialogueStateTracker,
        domain: Domain,
    ) -> list[Event]:
        executor = self.action_endpoint.executor
        action = executor.actions.get(self._name)
        if action is None:
            raise ActionNotFoundException(self._name)
        said = CollectingDispatcher()
        whole = domain.as_dict() if domain.does_custom_action_explicitly_need_domain(self._name) else {}
        events = await call_potential_coroutine(action(said, _as_an_action_sees_it(tracker), whole))
        checked = executor.validate_events(events or [], self._name)
        return [*await self._utter_responses(said.messages, output_channel, nlg, tracker), *_events(checked)]


class InsideForm(FormAction):
    """Rasa's form, with its validation called inside, and trackers that are copied instead of replayed."""

    async def validate_slots(
        self,
        slot_candidates: dict[str, Any],
        tracker: DialogueStateTracker,
        domain: Domain,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
    ) -> list[Event]:
        name = f"validate_{self.name()}"
        if name not in domain.action_names_or_texts:
            return []
        filled = self._temporary_tracker(
            tracker, [SlotSet(key, value) for key, value in slot_candidates.items()], domain
        )
        return await InsideAction(name, self.action_endpoint).run(output_channel, nlg, filled, domain)

    def _temporary_tracker(
        self, current_tracker: DialogueStateTracker, additional_events: list[Event], domain: Domain
    ) -> DialogueStateTracker:
        copied = current_tracker.copy()
        requested = SlotSet("requested_slot", self.get_slot_to_fill(current_tracker))
        for event in (requested, ActionExecuted(self.name()), *additional_events):
            copied.update(event)
        return copied


class InsideExtract(ActionExtractSlots):
    """Fills slots from a message. Where every slot is filled by an action of ours, as here, there is nothing to look for."""

    _idle: bool | None = None

    async def run(
        self,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        tracker: DialogueStateTracker,
        domain: Domain,
    ) -> list[Event]:
        if self._idle is None:
            mappings = [mapping for slot in domain.slots for mapping in slot.mappings]
            validates = ACTION_VALIDATE_SLOT_MAPPINGS in domain.user_actions
            self._idle = not validates and all(mapping == {"type": "custom"} for mapping in mappings)
        return [] if self._idle else await super().run(output_channel, nlg, tracker, domain)


def act_inside() -> None:
    """From here on actions are found in a table, which each endpoint fills as its actions are first needed."""

    def find(name: str, domain: Domain, endpoint: EndpointConfig | None) -> Action:
        if not isinstance(endpoint, ActionsInside):
            return find_as_rasa_does(name, domain, endpoint)
        known: dict[str, Action] = endpoint.kwargs.setdefault("known", {})
        if name not in known:
            known[name] = _inside(find_as_rasa_does(name, domain, endpoint), endpoint)
        return known[name]

    rasa_actions.action_for_name_or_text = find


def check_once_compiled() -> None:
    """Rasa's own check of action results, with its schema compiled once. tests/test_engine.py holds that it still refuses."""
    validator = Draft7Validator(RemoteAction.action_response_format_spec())

    def check(self: RemoteAction, result: dict[str, Any]) -> bool:
        validator.validate(result)
        return True

    RemoteAction._validate_action_result = check


def _inside(action: Action, endpoint: EndpointConfig) -> Action:
    if type(action) is RemoteAction:
        return InsideAction(action.name(), endpoint)
    if type(action) is FormAction:
        return InsideForm(action.name(), endpoint)
    if type(action) is ActionExtractSlots:
        return InsideExtract(endpoint)
    return action


class AsRows(Sequence[dict[str, Any]]):
    """A tracker's events as the contract writes them, each written when it is looked at."""

    def __init__(self, events: Iterable[Event]) -> None:
        self._events = list(events)

    def __len__(self) -> int:
        return len(self._events)

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            return [event.as_dict() for event in self._events[place]]
        return self._events[place].as_dict()


def _as_an_action_sees_it(tracker: DialogueStateTracker) -> Tracker:
    """The tracker as the contract hands it over; beside the message when it came, which stands in its event only there."""
    moment = next((event.timestamp for event in reversed(tracker.events) if type(event) is UserUttered), None)
    return Tracker(
        tracker.sender_id,
        tracker.current_slot_values(),
        {**tracker._latest_message_data(), "timestamp": moment},
        AsRows(tracker.events),
        tracker.is_paused(),
        tracker.followup_action,
        dict(vars(tracker.active_loop)) if tracker.active_loop else {},
        tracker.latest_action_name,
    )


def _events(rows: list[dict[str, Any]]) -> list[Event]:
    """Rasa's events; a slot, which most of them are, without Rasa's search through all its kinds of events."""
    return [
        SlotSet(row["name"], row.get("value"), row.get("timestamp")) if row["event"] == "slot" else _event(row)
        for row in rows
    ]


def _event(row: dict[str, Any]) -> Event:
    kind = _kinds().get(row["event"])
    return kind._from_parameters(row) if kind else deserialise_events([row])[0]


@lru_cache
def _kinds() -> dict[str, type[Event]]:
    """Rasa's kinds of events by name; it looks for them through all subclasses for each event."""
    return {kind.type_name: kind for kind in all_subclasses(Event)}
