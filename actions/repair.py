"""What is said when nothing was understood: one simpler question, then a choice, then a person. Never a dead end."""

from __future__ import annotations

from typing import Any

from actions.person import call_somebody
from actions.turn import Turn, line

A_PERSON_AFTER = 3
"""Messages in a row that were not understood."""


def how_to_mend(turn: Turn) -> list[list[Any]]:
    """Lines before the next question; empty where all was understood, or where something was answered in this turn."""
    if turn.state.said:
        return []
    if turn.heard.question:
        return [line(f"asked.{turn.heard.question}")]
    if turn.state.place == "elsewhere" and not turn.asking("elsewhere"):
        return [line("conversation.repair.elsewhere", gemeente=turn.world.directory.name)]
    if turn.stale:
        return [line("conversation.repair.stale")]
    if turn.state.unclear == 0:
        return []
    if turn.state.unclear >= A_PERSON_AFTER:
        call_somebody(turn, line("conversation.repair.person"))
        turn.state = turn.state.but(unclear=0)
        return []
    return [turn.by_turns("conversation.repair.once", "unclear")]
