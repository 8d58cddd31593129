"""Why a place is named: every reason code, in the order in which they are told, the strongest first."""

from __future__ import annotations

from collections.abc import Iterable

DREMPELS = (
    "schaamte",
    "taal",
    "niet_weten",
    "wantrouwen",
    "slechte_ervaring",
    "angst",
    "kosten",
    "niet_vragen",
    "geen_netwerk",
    "digitaal",
    "papierwerk",
    "cultuur",
    "bereik",
)
REASONS = (
    "dringend",
    "meer_problemen",
    *(f"drempel_{drempel}" for drempel in DREMPELS),
    "anoniem",
    "onafhankelijk",
    "persoon",
    "bij_je_thuis",
    "topic",
    "wijk",
    "gebied",
    "dichtbij",
    "taal",
    "open_now",
    "opens_soon",
    "telefoon",
    "gratis",
    "niets_lichters",
    "stad",
    "bel_eerst",
    "vangnet",
)
"""locales/<lang>/facts.yml has a sentence for each, under `why`; one sentence for all drempels."""

OF_FEATURE = {
    "anonymous": "anoniem",
    "independent": "onafhankelijk",
    "walk_in": "persoon",
    "home_visit": "bij_je_thuis",
    "phone": "telefoon",
    "language": "taal",
    "free": "gratis",
}
"""The reason that a word of data/routing.yml brings, where a heard drempel asked for it."""

_PLACE = {reason: number for number, reason in enumerate(REASONS)}


def in_order(codes: Iterable[str]) -> tuple[str, ...]:
    """The codes, the strongest first, each once."""
    return tuple(sorted(set(codes), key=_PLACE.__getitem__))
