"""What a finished conversation leaves to the count."""

from __future__ import annotations

from datetime import datetime

from bot.conversation.state import State
from bot.model import FinishedConversation

OUTCOMES = ("ja", "beetje", "nee")
"""Best first: where somebody answered for several needs, the best answer stands."""


def finished(state: State, ended: datetime) -> FinishedConversation:
    """Ids and small numbers; the rest of the state is forgotten."""
    drempels = tuple(state.drempels.items())
    if state.drempel == "skipped" and not drempels:
        drempels = (("", "skipped"),)
    return FinishedConversation(
        ended=ended,
        language=state.language or "nl",
        channel=state.channel or "web",
        wijk=state.wijken[0] if len(state.wijken) == 1 else None,
        topics=state.topics,
        drempels=drempels,
        routes=state.kinds,
        unmet=state.unmet,
        outcome=next((outcome for outcome in OUTCOMES if outcome in state.outcomes), None),
        turns_to_route=state.turns_to_route,
        not_understood=state.not_understood,
        crisis=state.crisis,
    )
