"""A conversation's events as the store keeps them: ids only. What a resident typed is dropped here, and so is what we said."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Any

from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    Event,
    FollowupAction,
    LoopInterrupted,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

KEPT: dict[str, type[Event]] = {
    kind.type_name: kind
    for kind in (ActionExecuted, ActionExecutionRejected, ActiveLoop, FollowupAction, LoopInterrupted, Restarted,
                 SessionStarted, SlotSet, UserUttered)
}  # fmt: skip
"""What the dialogue needs to go on. Everything else, among it all that was said, stays in the turn's memory."""
KINDS = frozenset(KEPT.values())
NAMED, BEGINNINGS = (ActionExecutionRejected, FollowupAction, ActiveLoop), (SessionStarted, Restarted)
OPAQUE_SLOTS = {"session_started_metadata"}
TURNS = 2
"""Messages that a tracker in memory goes back: the longest rule looks back one turn, "welcome back" two messages."""


def kept(event: Event) -> dict[str, Any] | None:
    """The event as a row, or None where it is not kept."""
    if type(event) is SlotSet:
        row = {"e": SlotSet.type_name, "t": event.timestamp, "k": event.key, "v": event.value}
        return None if event.key in OPAQUE_SLOTS else row
    if type(event) not in KINDS:
        return None
    row = {"e": event.type_name, "t": event.timestamp}
    if type(event) is UserUttered:
        return {**row, "i": event.intent_name}
    if type(event) is ActionExecuted:
        return {**row, "n": event.action_name, "p": event.policy}
    if type(event) in NAMED:
        return {**row, "n": getattr(event, "action_name", None) or getattr(event, "name", None)}
    return row


def restored(row: dict[str, Any]) -> Event:
    """The event that a row stands for."""
    kind, moment = KEPT[row["e"]], row["t"]
    if kind is UserUttered:
        return _user(row["i"], moment)
    if kind is SlotSet:
        return SlotSet(row["k"], row["v"], timestamp=moment)
    if kind is ActionExecuted:
        return ActionExecuted(row["n"], policy=row["p"], timestamp=moment)
    if kind in NAMED:
        return kind(row["n"], timestamp=moment)
    return kind(timestamp=moment)


def _user(intent: str | None, moment: float) -> UserUttered:
    nothing = _nothing_said(intent)
    return UserUttered("", intent=nothing["intent"], parse_data=nothing, timestamp=moment)


def needed(events: Sequence[Event]) -> list[Event]:
    """Without the slots that were set anew later. No slot of ours influences a rule, so when one was set is no matter."""
    seen: set[str] = set()
    left = []
    for event in reversed(events):
        if type(event) is SlotSet:
            if event.key in seen:
                continue
            seen.add(event.key)
        left.append(event)
    left.reverse()
    return left


def recent(events: Sequence[Event], turns: int = TURNS) -> list[Event]:
    """What a tracker needs in memory to go on: the last turns, each slot once, and the form that was begun before.

    A turn then costs the same however long the conversation is: Rasa replays and copies all that a tracker holds.
    """
    left = needed(events)
    begun = next((n for n in range(len(left) - 1, -1, -1) if type(left[n]) in BEGINNINGS), -1)
    left = left[begun + 1 :]
    heard = [n for n, event in enumerate(left) if type(event) is UserUttered]
    if len(heard) <= turns:
        return left
    start = heard[-turns]
    while start and type(left[start]) is not ActionExecuted:  # the listening that the message ended
        start -= 1
    loops = [event for event in left[:start] if type(event) is ActiveLoop]
    slots = [event for event in left[:start] if type(event) is SlotSet and event.value is not None]
    return [*slots, *loops[-1:], *left[start:]]


def forget_words(tracker: DialogueStateTracker) -> None:
    """Takes every word out of a tracker that stays in memory for the next turn."""
    tracker.events = deque((event for event in tracker.events if type(event) in KINDS), tracker.events.maxlen)
    said = [event for event in tracker.events if type(event) is UserUttered]
    latest = tracker.latest_message
    for event in said if latest is None or any(event is latest for event in said) else [*said, latest]:
        _forget(event)
    tracker.latest_bot_utterance = None
    if tracker.active_loop is not None:
        tracker.active_loop.trigger_message = None  # Rasa keeps the whole message that began a form; nothing reads it


def _forget(event: UserUttered) -> None:
    event.text, event.parse_data, event.entities = "", _nothing_said(event.intent_name), []
    event.intent = event.parse_data["intent"]
    event.metadata, event.input_channel, event.message_id = {}, None, None


def _nothing_said(intent: str | None) -> dict[str, Any]:
    return {"intent": {"name": intent, "confidence": 1.0}, "entities": [], "text": ""}
