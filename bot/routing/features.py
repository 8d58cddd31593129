"""The words with which data/routing.yml says what moves up or down: each one a plain question about a place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from bot.routing.facts import Before, Clock, Has
from bot.routing.questions import NONE, AnyOf, Question

SUITS = (
    "women_only",
    "men_only",
    "halal",
    "vegetarian",
    "wheelchair",
    "children_welcome",
    "young_people",
    "older_people",
    "lgbt",
    "quiet_room",
    "own_faith",
)
"""What a place can say of itself, as in data/schema/service.json."""


@dataclass(frozen=True)
class Context:
    """All of a need and a moment on which a word can hang, but for the clock."""

    language: str
    drempels: tuple[str, ...]
    """In the row of a drempel that one alone; elsewhere all that were heard."""
    stale: date
    """What was checked on this day or before is old."""


Feature = Callable[[Context], Question]
"""What a word asks of a place."""


def _always(question: Question) -> Feature:
    return lambda context: question


def _language(context: Context) -> Question:
    """Somebody there speaks the resident's language; Dutch is spoken everywhere and sets nothing apart."""
    return NONE if context.language == "nl" else Has("languages", context.language)


def _interpreter(context: Context) -> Question:
    return NONE if context.language == "nl" else Has("interpreter", True)


def _removes(context: Context) -> Question:
    return AnyOf(Has("removes", drempel) for drempel in context.drempels)


def _fresh(context: Context) -> Question:
    return ~Before("checked", context.stale)


WALK_IN = Has("access", "walk_in") & (Has("hours") | Has("address"))
"""A door that somebody can find: its hours or its address are known."""
WEBSITE_ONLY = ~(Has("phone") | Has("phone_of") | Has("address") | Has("whatsapp"))
"""No person and no place: no number of its own or of somebody else, no address."""

FEATURES: Mapping[str, Feature] = {
    "anonymous": _always(Has("anonymous", True)),
    "independent": _always(Has("independent", True)),
    "free": _always(Has("free", True)),
    "costs": _always(Has("free", False)),
    "language": _language,
    "interpreter": _interpreter,
    "removes": _removes,
    "fresh": _fresh,
    "open_now": _always(Clock("open_now")),
    "closed_now": _always(Clock("closed_now")),
    "urgent": _always(Clock("helps_today")),
    "phone": _always(Has("access", "phone")),
    "message": _always(Has("access", "message")),
    "walk_in": _always(WALK_IN),
    "home_visit": _always(Has("access", "home_visit")),
    "website_only": _always(WEBSITE_ONLY),
    **{word: _always(Has("suits", word)) for word in SUITS},
}


def any_of(words: Iterable[str], context: Context) -> Question:
    """Whether one of these words holds."""
    return AnyOf(FEATURES[word](context) for word in words)
