"""One turn of an action: the state out of Rasa's slots, what was heard, what is said, the changed slots back."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zlib import crc32

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.world import World, world
from bot.choices import chosen, is_payload, offer
from bot.conversation.hear import hear
from bot.conversation.heard import Heard
from bot.conversation.meaning import meaning
from bot.conversation.state import State
from bot.i18n.for_other import for_other
from bot.languages import supported

LISTEN = "action_listen"
BRIDGE = "conversation.repair.bridge"
"""What stands before words that were said before."""
MOST_WORDED = 100


class Turn:
    """What an action works with. `say` collects; `events` hands over what changed."""

    def __init__(self, tracker: Tracker, dispatcher: CollectingDispatcher) -> None:
        self.world: World = world()
        self.dispatcher = dispatcher
        self.tracker = tracker
        self.before = self.state = State.from_slots(tracker.slots)
        self.heard = heard_by(tracker)
        spoken = self.heard.id is not None and self.heard.intent != "session_start"
        self.new = spoken and self.heard.id != self.before.heard_id
        self.interrupted = False
        """Whether a rule answers this message, whatever question was waiting; known where the message is new."""
        if self.new:
            self._hear()

    def _hear(self) -> None:
        """Takes the message in, by how somebody may answer what was offered before this turn."""
        before, heard = self.before, self.heard
        words = self.world.words(supported(before.language), before.offered)
        meant = meaning(before, heard, words)
        state = before.but(language=supported(heard.tongue or before.language or heard.language), said=())
        self.state = hear(state, heard, meant, self.world.script, words)
        self.interrupted = meant.interrupts

    @property
    def now(self) -> datetime:
        """Now in Amsterdam; few actions ask it, each once."""
        return self.world.settings.moment()

    @property
    def stale(self) -> bool:
        """Whether a button was pressed that was not offered last."""
        return is_payload(self.heard.text) and chosen(self.heard.text, self.before.offered, {}, {}) is None

    @property
    def pause(self) -> float:
        """Seconds between the message before and this one; 0 where there is none."""
        moments = [event["timestamp"] for event in self.tracker.events if event["event"] == "user"]
        return float(moments[-1] - moments[-2]) if len(moments) > 1 else 0.0

    @property
    def language(self) -> str:
        return supported(self.state.language)

    def say(self, name: str, *lines: list[Any], codes: list[str] | None = None, group: str = "", **facts: Any) -> None:
        """One message: `lines` are [key, variant, values]; `codes` are choices whose words stand under `group`."""
        for_whom = {"other": True} if self.state.other else {}
        choices = {**offer(codes), "group": group, **for_whom} if codes else {}
        if self.state.other:
            lines = tuple(for_other(each, self.language, self.world.catalogue) for each in lines)
        worded = self._never_twice(name, list(lines))
        content = {"name": name, "lines": worded, "choices": choices, "language": self.language, **for_whom, **facts}
        self.state = self.state.but(offered=choices, said=(*self.state.said, content))
        self.dispatcher.utter_message(response=f"utter_{name}", **content)

    def _never_twice(self, name: str, lines: list[list[Any]]) -> list[list[Any]]:
        """The lines, with a word before them where they were said just so already in this conversation."""
        worded = lines
        for _ in range(self.world.catalogue.count(BRIDGE, self.language)):
            check = crc32(json.dumps([name, worded, self.language]).encode())
            if check not in self.state.worded:
                self.state = self.state.but(worded=(*self.state.worded[-MOST_WORDED:], check))
                return worded
            worded = [self.by_turns(BRIDGE, "bridge"), *lines]
        return worded

    def asking(self, what: str) -> int:
        """How often this was asked before: the number of the variant to say."""
        times = self.state.asks.get(what, 0)
        self.state = self.state.but(asks={**self.state.asks, what: times + 1})
        return times

    def by_turns(self, key: str, what: str) -> list[Any]:
        """A text in its next wording; after the last one the first again."""
        return line(key, self.asking(what) % self.world.catalogue.count(key, self.language))

    def events(self) -> list[EventType]:
        return [SlotSet(name, value) for name, value in self.state.changes_since(self.before).items()]


class TurnAction(Action, ABC):
    """An action that answers the whole turn; the form goes on with the next message."""

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Mapping[str, Any]
    ) -> list[EventType]:
        turn = Turn(tracker, dispatcher)
        self.answer(turn)
        return self.events(turn)

    @abstractmethod
    def answer(self, turn: Turn) -> None:
        """Says what this action says and changes the turn's state."""

    def events(self, turn: Turn) -> list[EventType]:
        """What changed, and Rasa's own events behind it."""
        return [*turn.events(), *self.after(turn)]

    def after(self, turn: Turn) -> list[EventType]:
        """Rasa's own events behind it; by default none, so that the rule goes on."""
        return []

    @staticmethod
    def listen() -> list[EventType]:
        return [FollowupAction(LISTEN)]


def line(key: str, variant: int = 0, /, **values: Any) -> list[Any]:
    return [key, variant, values]


def heard_by(tracker: Tracker) -> Heard:
    """The latest message. Rasa gives it no id of its own here; the moment of its event serves as one."""
    latest = tracker.latest_message
    moment = latest.get("timestamp") or _moment(tracker)
    return Heard.from_message(latest, str(moment) if moment is not None else None)


def _moment(tracker: Tracker) -> float | None:
    """When the latest message came, over the action server's contract, which tells it with the event only."""
    return next((float(event["timestamp"]) for event in reversed(tracker.events) if event["event"] == "user"), None)
