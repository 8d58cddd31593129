"""Rasa's tracker store: keeps ids only, appends only what is new, and ends a conversation where the dialogue says so."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Iterable
from datetime import date
from typing import Any

from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

from bot.conversation.finish import finished
from bot.conversation.state import State
from bot.engine.conversations import Conversations
from bot.engine.core_dumps import no_core_dump
from bot.engine.ends import Ends
from bot.engine.events import forget_words, kept, needed, restored
from bot.engine.line import Line, line_to
from bot.engine.logs import withhold
from bot.engine.tables import open_engine
from bot.engine.tracker import LiveTracker
from bot.engine.turns import Version
from bot.settings import Settings
from bot.statistics.counting import written

LIVE = 100
"""Conversations that stay in memory, without words, so that a turn need not be replayed; about 25 KB each, and 110 to 150
objects that the garbage collector looks through (garbage.py): with three hundred it held everybody up twice as long."""


BEGUN = "kept_when_the_turn_began"
"""Of a tracker: how many of its events are kept on disk, and how many it has itself."""


class IdsOnlyTrackerStore(TrackerStore):
    """One conversation is a list of small rows; a live copy is used while it agrees with the rows on disk."""

    def __init__(self, host: Any = None, domain: Domain | None = None, event_broker: Any = None, **kwargs: Any) -> None:
        no_core_dump()  # here too, for `rasa run`: its --debug prints every message, and logging is set up by now
        withhold()
        super().__init__(domain or Domain.empty(), event_broker, **kwargs)
        self.settings = Settings()
        self.conversations = Conversations(open_engine(self.settings.tracker_url))
        self._line: Line = line_to(self.conversations)
        self.ends = Ends(self.conversations)
        self._stock = "tracker" in self.settings.stock_rasa
        self._live: OrderedDict[str, tuple[Version, DialogueStateTracker]] = OrderedDict()

    def init_tracker(self, sender_id: str) -> DialogueStateTracker:
        kind = DialogueStateTracker if self._stock else LiveTracker
        return kind(sender_id, self.domain.slots, max_event_history=self.max_event_history)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        version = await self._line.version(sender_id)
        length = version[0]
        known = self._live.pop(sender_id, None)  # out of the cache during the turn: a failed turn must not stay in it
        if not length:
            return None
        tracker = known[1] if known and known[0] == version else self._restored(sender_id)
        _begin(tracker, length)
        return tracker

    def look(self, sender_id: str) -> DialogueStateTracker | None:
        """The conversation as it stands, for who only reads it: no turn begins."""
        version = self.conversations.version(sender_id)
        known = self._live.get(sender_id)
        if known and known[0] == version:
            return known[1]
        return self._restored(sender_id) if version[0] else None

    def _restored(self, sender_id: str) -> DialogueStateTracker:
        tracker = self.init_tracker(sender_id)
        for row in self.conversations.rows(sender_id):
            tracker.update(restored(row), self.domain)
        self._rest(tracker)
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Appends what is new; a conversation that has ended leaves its count and is gone."""
        if tracker.get_slot("ended"):
            await self._end(tracker.sender_id, State.from_slots(tracker.current_slot_values()))
            return
        already, handled = getattr(tracker, BEGUN, (0, 0))
        new = (kept(event) for event in needed(list(tracker.events)[handled:]))
        rows = [row for row in new if row is not None]
        answered = _answered(tracker)
        if already or rows or answered:  # a tracker that was only just made waits for its first turn
            async with self.ends.files:
                version = await self._line.append(tracker.sender_id, already, rows, answered)
            self._live[tracker.sender_id] = (version, tracker)
        self._rest(tracker)
        _begin(tracker, already + len(rows))
        while len(self._live) > LIVE:
            self._live.popitem(last=False)

    @staticmethod
    def _rest(tracker: DialogueStateTracker) -> None:
        if isinstance(tracker, LiveTracker):
            tracker.rest()
        else:
            forget_words(tracker)

    def forget_before(self, moment: float) -> None:
        """Takes out of memory what was last talked in before this moment (seconds since 1970)."""
        self.forget([name for name, ((_, last_turn), _) in self._live.items() if last_turn < moment])

    def names(self) -> list[str]:
        """The conversations that are in memory."""
        return list(self._live)

    def forget(self, names: Iterable[str]) -> None:
        """Takes them out of memory; what goes on is read from disk again."""
        for name in names:
            self._live.pop(name, None)

    async def said_to(self, sender_id: str, mark: str) -> str | None:
        """What was said to a message with this mark, as JSON; None for one that was not heard."""
        return await self._line.said_to(sender_id, mark)

    def name_of(self, channel_id: str, today: date) -> str:
        """The name under which a resident's conversation is kept today."""
        return self.conversations.pseudonym(channel_id, today, self._live)

    def goes_on(self, sender_id: str) -> bool:
        """Whether anything is kept of this conversation."""
        return sender_id in self._live or self.conversations.length(sender_id) > 0

    async def _end(self, sender_id: str, state: State) -> None:
        self._live.pop(sender_id, None)
        counted = state.ended == "counted"
        await self.ends.end(sender_id, written(finished(state, self.settings.moment())) if counted else None)

    async def keys(self) -> Iterable[str]:
        return self.conversations.overdue(float("inf"))


def _begin(tracker: DialogueStateTracker, kept: int) -> None:
    setattr(tracker, BEGUN, (kept, len(tracker.events)))


def _answered(tracker: DialogueStateTracker) -> tuple[str, str] | None:
    """(message, what was said) where the message came with an id of its own."""
    metadata = (tracker.latest_message.metadata if tracker.latest_message else None) or {}
    message = metadata.get("answers")
    return (message, json.dumps(list(tracker.get_slot("said") or ()))) if message else None


def store_of(agent: Any) -> IdsOnlyTrackerStore:
    """Our store, also where Rasa has wrapped it in its own fallback."""
    store = agent.tracker_store
    return getattr(store, "_tracker_store", store)
