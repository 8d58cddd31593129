"""Rasa's tracker, copied by its parts. Rasa copies one by replaying every event, several times a turn."""

from __future__ import annotations

import copy
from collections import deque
from collections.abc import Iterable
from typing import Any

from rasa.shared.constants import ASSISTANT_ID_KEY
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import METADATA_MODEL_ID

from bot.engine.events import forget_words, recent


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
        """As Rasa's, without asking of each of a turn's thirty whether it is an event: they come from Rasa and our store."""
        event.metadata = {METADATA_MODEL_ID: self.model_id, ASSISTANT_ID_KEY: self.assistant_id, **event.metadata}
        self.events.append(event)
        event.apply_to(self)

    def _set_slot(self, key: str, value: Any) -> None:
        """Copies share their slots, with each other and with the domain; whoever sets one takes one of its own first."""
        if key in self.slots:
            self.slots[key] = _copied(self.slots[key])
        super()._set_slot(key, value)

    def _reset_slots(self) -> None:
        self.slots = {slot.name: slot for slot in self._blank}

    def rest(self) -> None:
        """Between two turns: no words, and no more of the past than the next turn needs."""
        forget_words(self)
        for event in self.events:
            event.metadata = {}
        self.events: deque[Event] = deque(recent(self.events), self.events.maxlen)


def _copied(slot: Slot) -> Slot:
    """`copy.copy` without its search for how to."""
    copied: Slot = slot.__class__.__new__(slot.__class__)
    copied.__dict__.update(slot.__dict__)
    return copied
