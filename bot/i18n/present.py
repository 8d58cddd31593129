"""One route as residents read it: every field of the contract that is known, in their language."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.i18n.catalogue import Catalogue
from bot.i18n.facts import (
    call_first_text,
    for_whom_text,
    is_stale,
    say_text,
    sentence_text,
    untranslated,
    words_text,
)
from bot.i18n.opening import hours_text
from bot.i18n.week_text import week_text
from bot.i18n.why import why_text
from bot.model import Route


def facts_of(route: Route) -> dict[str, Any]:
    """The route as JSON can hold it, ids only: what a slot keeps and `present` reads back."""
    return {
        "kind": route.kind,
        "id": route.service.id,
        "why": list(route.why),
        "phone": route.phone,
        "ask_for": route.ask_for,
        "open_now": route.open_now,
        "next_open": route.next_open.isoformat() if route.next_open else None,
    }


def present(route: Route, moment: datetime, language: str, catalogue: Catalogue, other: bool = False) -> dict[str, Any]:
    """The route's JSON of the contract. A field that is not known is left out. `other`: for who asks for somebody else."""
    service = route.service
    shown = {
        "kind": route.kind,
        "id": service.id,
        "name": service.name,
        "why": list(route.why),
        "why_text": why_text(route.why, language, catalogue, other),
        "phone": route.phone,
        "address": service.address,
        "open_now": route.open_now,
        "next_open": route.next_open.isoformat() if route.next_open else None,
        "hours_text": hours_text(route, moment, language, catalogue),
        "languages": list(service.languages) or None,
        "free": service.free,
        "bring": words_text("bring", service.bring, language, catalogue),
        "say": say_text(route, language, catalogue),
        "not_for": sentence_text(service.not_for, language, catalogue),
        "url": service.url,
        "checked": service.checked.isoformat(),
        **_more(route, moment, language, catalogue),
    }
    return {name: value for name, value in shown.items() if value is not None}


def _more(route: Route, moment: datetime, language: str, catalogue: Catalogue) -> dict[str, Any]:
    """What is told beyond the contract's example; a channel that does not know these may pass them over."""
    service = route.service
    return {
        "spoken_name": service.spoken_name,
        "location": service.location,
        "email": service.email,
        "walk_in": ("walk_in" in service.access and route.next_open is not None) or None,
        "hours_week": week_text(service, moment.date(), language, catalogue),
        "call_first": call_first_text(route, moment, language, catalogue),
        "stale": is_stale(service, moment) or None,
        "access_text": words_text("access", service.access, language, catalogue),
        "for_whom": for_whom_text(service, language, catalogue),
        "suits_text": words_text("suits", service.suits, language, catalogue),
        "languages_text": words_text("languages", service.languages, language, catalogue),
        "documents_text": words_text("languages", service.documents, language, catalogue),
        "interpreter": service.interpreter,
        "anonymous": service.anonymous,
        "cost": sentence_text(service.cost, language, catalogue),
        "untranslated": untranslated(service, language) or None,
    }
