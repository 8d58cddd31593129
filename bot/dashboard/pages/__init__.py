"""The pages, each a function from the figures and the query to a heading and its content."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.dashboard.figures import Figures
from bot.dashboard.markup import Html
from bot.dashboard.pages import overview, routes, sides, tables, trends

Query = Mapping[str, str]
Page = Callable[[Figures, Query], tuple[str, Html]]
"""Raises LookupError for a period, table or row that does not exist."""

PAGES: dict[str, Page] = {
    "overview": overview.overview,
    "routes": routes.routes,
    "wijken": sides.wijken,
    "talen": sides.talen,
    "verloop": trends.verloop,
    "tabellen": tables.tabellen,
}
