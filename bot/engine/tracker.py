"""Rasa's tracker, copied by its parts. Rasa copies one by replaying every event, several times a turn."""

from __future__ import annotations

import copy
from collections import deque
from typing import Any

from rasa.shared.core.events import Event
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker

from bot.engine.events import forget_words, recent


class LiveTracker(DialogueStateTracker):
    """A tracker whose copy costs the same however long the conversation is."""

    slots: dict[str, Slot]

    def copy(self) -> LiveTracker:
        copied = LiveTracker.__new__(LiveTracker)
        copied.__dict__.update(self.__dict__)
        copied.events = deque(self.events, self.events.maxlen)
        copied.slots = dict(self.slots)
        copied.active_loop = copy.copy(self.active_loop)
        return copied

    def _set_slot(self, key: str, value: Any) -> None:
        """Copies share their slots; whoever sets one takes one of its own first."""
        if key in self.slots:
            self.slots[key] = _copied(self.slots[key])
        super()._set_slot(key, value)

    def _reset_slots(self) -> None:
        self.slots = {name: _copied(slot) for name, slot in self.slots.items()}
        super()._reset_slots()

    def rest(self) -> None:
        """Between two turns: no words, and no more of the past than the next turn needs."""
        forget_words(self)
        self.events: deque[Event] = deque(recent(self.events), self.events.maxlen)


def _copied(slot: Slot) -> Slot:
    """`copy.copy` without its search for how to."""
    copied: Slot = slot.__class__.__new__(slot.__class__)
    copied.__dict__.update(slot.__dict__)
    return copied
