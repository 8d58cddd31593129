"""The pages of the social map, each a function from the map and the query to a heading and its content."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.dashboard.markup import Html
from bot.dashboard.pages.social_map import gaps, listing, stale
from bot.dashboard.social_map import SocialMap

MapPage = Callable[[SocialMap, Mapping[str, str]], tuple[str, Html]]
"""Raises LookupError for a choice that does not exist."""

MAP_PAGES: dict[str, MapPage] = {
    "kaart": listing.listing,
    "verouderd": stale.stale_page,
    "gaten": gaps.gaps_page,
}
"""By the name of the part; what residents missed is made of figures, and stands apart."""
