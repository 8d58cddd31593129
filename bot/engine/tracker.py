"""Rasa's tracker, copied by its parts. Rasa copies one by replaying every event, several times a turn."""

from __future__ import annotations

import copy
import time
from collections import deque
from collections.abc import Iterable
from typing import Any, TypeVar

from rasa.shared.constants import ASSISTANT_ID_KEY
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import METADATA_MODEL_ID

from bot.engine.events import forget_words, recent

Thing = TypeVar("Thing")
NO_METADATA: dict[str, Any] = {}
"""Of every event between two turns; whoever gives one metadata gives it a dict of its own."""


class LiveTracker(DialogueStateTracker):
    """A tracker whose copy costs the same however long the conversation is, and whose unset slots are the domain's own."""

    slots: dict[str, Slot]

    def __init__(self, sender_id: str, slots: Iterable[Slot] | None, **more: Any) -> None:
        self._blank = tuple(slots or ())
        super().__init__(sender_id, (), **more)

    def copy(self) -> LiveTracker:
        copied = LiveTracker.__new__(LiveTracker)
        copied.__dict__.update(self.__dict__)
        copied.events = deque(self.events, self.events.maxlen)
        copied.slots = dict(self.slots)
        copied.active_loop = copy.copy(self.active_loop)
        return copied

    def update(self, event: Event, domain: Domain | None = None) -> None:
        """As Rasa's, without asking of each of a turn's twenty whether it is an event: they come from Rasa and our store."""
        self.update_with_events((event,), domain, override_timestamp=False)

    def update_with_events(
        self, new_events: Iterable[Event], domain: Domain | None, override_timestamp: bool = True
    ) -> None:
        """As Rasa's; what happens at once has one moment."""
        now = time.time()
        whose = {METADATA_MODEL_ID: self.model_id, ASSISTANT_ID_KEY: self.assistant_id}
        for event in new_events:
            if override_timestamp:
                event.timestamp = now
            if METADATA_MODEL_ID not in event.metadata:
                event.metadata = {**whose, **event.metadata} if event.metadata else whose
            self.events.append(event)
            event.apply_to(self)

    def current_slot_values(self) -> dict[str, Any]:
        return {name: slot._value for name, slot in self.slots.items()}

    def _set_slot(self, key: str, value: Any) -> None:
        """Copies share their slots, with each other and with the domain; whoever sets one takes one of its own first."""
        shared = self.slots.get(key)
        if shared is None:
            super()._set_slot(key, value)  # which says that there is none
        else:
            own = self.slots[key] = copied(shared)
            own.value = value

    def _reset_slots(self) -> None:
        self.slots = {slot.name: slot for slot in self._blank}

    def rest(self) -> None:
        """Between two turns: no words, and no more of the past than the next turn needs."""
        self.events: deque[Event] = deque(recent(self.events), self.events.maxlen)
        forget_words(self)
        for event in self.events:
            event.metadata = NO_METADATA


def copied(thing: Thing) -> Thing:
    """`copy.copy` of one of Rasa's plain objects, without its search for how to."""
    another: Thing = thing.__class__.__new__(thing.__class__)
    another.__dict__.update(thing.__dict__)
    return another
