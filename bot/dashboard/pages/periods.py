"""Which period a page shows, and the choice of another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.dashboard.layout import choice
from bot.dashboard.markup import Html
from bot.dashboard.words import period_short

PARAMETER = "periode"
MOST = 12
"""Periods that are offered; older ones are in the tables."""


def chosen(periods: Sequence[str], query: Mapping[str, str]) -> str | None:
    """The period of the query, else the newest; None where there is none yet. Raises LookupError for another one."""
    wanted = query.get(PARAMETER)
    if wanted and wanted not in periods:
        raise LookupError(PARAMETER)
    return wanted or (periods[-1] if periods else None)


def period_choice(label: str, periods: Sequence[str], period: str, path: str, query: Mapping[str, str]) -> Html:
    """Links to the newest periods, the newest first."""
    options = [(other, period_short(other)) for other in reversed(periods[-MOST:])]
    return choice(label, options, period, path, query, PARAMETER)
