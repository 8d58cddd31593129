"""What is known in a running conversation: ids and small numbers, one Rasa slot a field, never a word that was typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.model import Need

REFUSED = "refused"
"""A place or an answer that somebody does not know or does not want to give: it is not asked again."""


@dataclass(frozen=True)
class State:
    """One conversation. Every field is a slot of domain.yml of the same name."""

    language: str | None = None
    channel: str | None = None
    topics: tuple[str, ...] = ()
    """All topics named, the weightiest first."""
    topic: str | None = None
    """The one that is talked about now."""
    done: tuple[str, ...] = ()
    """Topics that were dealt with."""
    answers: dict[str, str] = field(default_factory=dict)
    """Answers to the questions of data/questions.yml."""
    traits: tuple[str, ...] = ()
    """Wishes and facts that were said unasked: `halal`, `wheelchair` …"""
    other: bool = False
    """The help is for somebody else than who is talking."""
    wijken: tuple[str, ...] = ()
    place: str | None = None
    """`known`, `elsewhere` (not in this municipality), or REFUSED."""
    options: tuple[str, ...] = ()
    """Wijken between which somebody still has to choose."""
    drempels: dict[str, str] = field(default_factory=dict)
    """Drempel id -> how it came up: `heard`, `asked`."""
    drempel: str | None = None
    """What came of asking what makes it hard: `heard`, `asked`, `skipped`."""
    routed: bool = False
    """Routes for this topic were shown."""
    shown: tuple[str, ...] = ()
    """Ids of the routes that were shown last."""
    declined: tuple[str, ...] = ()
    """Ids of places that did not help."""
    outcomes: tuple[str, ...] = ()
    """Answers to "helpt dit?", one a topic: `ja`, `beetje`, `nee`."""
    more: str | None = None
    """Answer to "is er nog iets?": `nee` ends the conversation."""
    safe: str | None = None
    """`ask`: it may be a crisis, ask once; `asked`; `crisis`: the number must be said now; `told`; `stays`: not now; `ja`."""
    doubt: str | None = None
    """Which crisis it sounded like."""
    maybe: str | None = None
    """The topic that was half understood: "bedoel je …?"."""
    crisis: tuple[str, ...] = ()
    asked: str | None = None
    """The question that waits for an answer."""
    offered: dict[str, Any] = field(default_factory=dict)
    """The choices of the last turn: {"key": "x7f2", "codes": [...]}."""
    asks: dict[str, int] = field(default_factory=dict)
    """How often each question was asked, so that it is never worded twice the same."""
    worded: tuple[int, ...] = ()
    """Check numbers of all that was said, so that no turn is worded as one before."""
    trail: tuple[str, ...] = ()
    """What was answered, in order: for "back"."""
    unclear: int = 0
    """How often in a row nothing was understood."""
    not_understood: int = 0
    turns: int = 0
    turns_to_route: int | None = None
    kinds: tuple[str, ...] = ()
    """Kinds of the routes that were shown, for the count."""
    unmet: tuple[str, ...] = ()
    heard_id: str | None = None
    """Rasa's id of the message that was heard last: each is heard once."""
    said: tuple[dict[str, Any], ...] = ()
    """The last turn: names of texts and their facts, from which it can be worded again."""
    ended: str | None = None
    """`counted` or `erased`, once it is over."""

    @classmethod
    def from_slots(cls, slots: Mapping[str, Any]) -> State:
        """The state that Rasa's slots hold; a slot that is None has the field's default."""
        known = _NOTHING_YET.__dict__
        held = {
            name: tuple(value) if type(value) is list else value
            for name, value in slots.items()
            if value is not None and name in known
        }
        return _NOTHING_YET.but(**held)

    def changes_since(self, before: State) -> dict[str, Any]:
        """Slot values that differ from `before`, as JSON can hold them."""
        then = before.__dict__
        return {
            name: list(value) if type(value) is tuple else value
            for name, value in self.__dict__.items()
            if value is not then[name] and value != then[name]  # most are the very same, which is quickly seen
        }

    def but(self, **changes: Any) -> State:
        """The same with these fields changed; a dozen times a turn, which `dataclasses.replace` is slow for."""
        known = {**self.__dict__, **changes}
        if len(known) != FIELDS:
            raise TypeError(f"a conversation has no {sorted(changes.keys() - self.__dict__.keys())}")
        changed = object.__new__(State)
        object.__setattr__(changed, "__dict__", known)  # past the frozen `changed.__dict__ = known`
        return changed

    def __eq__(self, other: object) -> bool:
        return isinstance(other, State) and self.__dict__ == other.__dict__  # in C, where a dataclass builds two tuples

    @property
    def waiting(self) -> tuple[str, ...]:
        """Topics that were named and are not dealt with yet."""
        return tuple(topic for topic in self.topics if topic not in self.done)

    def need(self, traits: frozenset[str]) -> Need:
        """What routing is asked: the topic of now first, then what else was named and is not dealt with yet."""
        others = tuple(topic for topic in self.waiting if topic != self.topic)
        return Need(
            topics=((self.topic,) if self.topic else ()) + others,
            wijken=self.wijken,
            drempels=tuple(self.drempels),
            language=self.language or "nl",
            traits=traits | frozenset(self.traits),
            declined=frozenset(self.declined),
        )


_NOTHING_YET = State()
"""Where a conversation begins; its empty fields are shared, for no value of a state is ever changed in place."""
FIELDS = len(_NOTHING_YET.__dict__)


def added(existing: tuple[str, ...], new: tuple[str, ...]) -> tuple[str, ...]:
    """`existing` and what is new in `new`, each once, in order."""
    return existing + tuple([item for item in dict.fromkeys(new) if item not in existing]) if new else existing
