"""What each published table counts: one small function a table, and the closed list of them all.

A measure says which ids of its table one finished conversation adds one to: each id at most once a conversation, and a
cell is a number of conversations, never of messages or persons. Of the words on the dashboard, the definition stands in
locales/nl/dashboard.yml under `tables.<name>`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bot.model import FinishedConversation as Finished

UNKNOWN_WIJK = "onbekend"
"""The row of conversations in which no wijk was named."""
LAST_TURN = 6
"""Turns to the first route are told apart up to here; this one and later are one id, for they are few."""
LAST_NOT_UNDERSTOOD = 3
ASKED_BY = {"hour": "bereik", "language": "taal"}
"""What was missing that is noted only where this drempel was heard, so that it is never more than the drempel."""


def conversations(_: Finished) -> Iterable[str]:
    """Conversations that were finished. The city is one row, so there is no id."""
    return ("",)


def topics(conversation: Finished) -> Iterable[str]:
    """Conversations in which this topic was named."""
    return conversation.topics


def drempels(conversation: Finished) -> Iterable[str]:
    """Conversations in which this drempel came up: said by itself or chosen when asked. A skipped question is none."""
    return (drempel for drempel, _ in conversation.drempels if drempel)


def routes(conversation: Finished) -> Iterable[str]:
    """Conversations in which a route of this kind was shown."""
    return conversation.routes


def unmet(conversation: Finished) -> Iterable[str]:
    """Conversations in which this was missing on the map."""
    return conversation.unmet


def outcome(conversation: Finished) -> Iterable[str]:
    """Conversations with this answer to "helpt dit?". No answer is no row."""
    return (conversation.outcome,) if conversation.outcome else ()


def channels(conversation: Finished) -> Iterable[str]:
    """Conversations that came in by this channel."""
    return (conversation.channel,)


def turns(conversation: Finished) -> Iterable[str]:
    """Conversations that had their first route at this turn of the resident. Without a route there is no row."""
    first = conversation.turns_to_route
    return () if first is None else (up_to(first, LAST_TURN),)


def not_understood(conversation: Finished) -> Iterable[str]:
    """Conversations in which this many messages were not understood. None of them is no row."""
    return (up_to(conversation.not_understood, LAST_NOT_UNDERSTOOD),) if conversation.not_understood else ()


def crisis(conversation: Finished) -> Iterable[str]:
    """Conversations in which this crisis was heard. They stand here, and in no other table."""
    return conversation.crisis


def up_to(number: int, last: int) -> str:
    """A small number as an id; `last` and more are one."""
    return str(number) if number < last else f"{last}_of_meer"


def nowhere(_: Finished) -> str:
    return ""


def wijk(conversation: Finished) -> str:
    return conversation.wijk or UNKNOWN_WIJK


def language(conversation: Finished) -> str:
    return conversation.language


@dataclass(frozen=True)
class Measure:
    """One published table."""

    name: str
    grain: str
    """The finest period that is published, and so the finest that is stored."""
    ids: Callable[[Finished], Iterable[str]]
    by: str = ""
    """The second column: `wijk` or `language`; empty for the city as a whole."""
    side: Callable[[Finished], str] = nowhere

    def keys(self, conversation: Finished) -> set[tuple[str, str]]:
        """The cells to which this conversation adds one: (wijk or language or nothing, id)."""
        return {(self.side(conversation), id_) for id_ in self.ids(conversation)}


MEASURES = (
    Measure("conversations", "week", conversations),
    Measure("topics", "month", topics),
    Measure("drempels", "month", drempels),
    Measure("routes", "month", routes),
    Measure("unmet", "month", unmet),
    Measure("outcome", "month", outcome),
    Measure("wijk_topics", "quarter", topics, "wijk", wijk),
    Measure("wijk_drempels", "quarter", drempels, "wijk", wijk),
    Measure("wijk_routes", "quarter", routes, "wijk", wijk),
    Measure("wijk_unmet", "quarter", unmet, "wijk", wijk),
    Measure("language_topics", "quarter", topics, "language", language),
    Measure("language_drempels", "quarter", drempels, "language", language),
    Measure("language_routes", "quarter", routes, "language", language),
    Measure("channels", "month", channels),
    Measure("turns", "month", turns),
    Measure("not_understood", "month", not_understood),
    Measure("crisis", "year", crisis),
)
MEASURE = {measure.name: measure for measure in MEASURES}


def counted_in(conversation: Finished) -> tuple[Measure, ...]:
    """The tables that a conversation counts in: with a crisis in it that one alone, else all the others."""
    return tuple(measure for measure in MEASURES if (measure.name == "crisis") == bool(conversation.crisis))
