"""A custom action called as it stands: it gets the tracker, and gives the events, that the action server's contract writes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from rasa.core.actions.action import RemoteAction
from rasa.core.channels.channel import OutputChannel
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SlotSet, UserUttered, deserialise_events
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.utils.common import all_subclasses
from rasa_sdk import Tracker
from rasa_sdk.executor import ActionNotFoundException, CollectingDispatcher
from rasa_sdk.utils import call_potential_coroutine


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
