"""What was missing on the map for a need: counted, so that the gemeente sees which help people miss."""

from __future__ import annotations

from bot.model import Need, Route

NOTHING_FITS = {"niets_lichters", "vangnet"}
"""Reasons of a first route that say: there is nothing of its own for this need."""

WISHES = ("halal", "women_only")
"""Traits of a need that a place says of itself, counted where nothing that was shown has it."""


def unmet(need: Need, routes: list[Route]) -> tuple[str, ...]:
    """Ids of what was missing: `service`, `language`, `hour`, `place`; empty where the need was met."""
    missing = {
        "service": bool(NOTHING_FITS & set(routes[0].why)) and bool(need.topics),
        "language": "taal" in need.drempels and not any(need.language in route.service.languages for route in routes),
        "hour": "bereik" in need.drempels and not any(route.open_now for route in routes),
        "place": bool(need.wijken) and not any(route.service.address for route in routes),
    }
    wished = (word for word in WISHES if word in need.traits)
    missing |= {word: not any(word in route.service.suits for route in routes) for word in wished}
    return tuple(name for name, is_missing in missing.items() if is_missing)
