"""One route as residents read it: every field of the contract that is known, in their language."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.i18n.catalogue import Catalogue
from bot.i18n.opening import hours_text
from bot.model import Route

MOST_REASONS = 2
"""Reasons that are said; the codes hold them all."""


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


def present(route: Route, moment: datetime, language: str, catalogue: Catalogue) -> dict[str, Any]:
    """The route's JSON of the contract. A field that is not known is left out."""
    service = route.service
    shown = {
        "kind": route.kind,
        "id": service.id,
        "name": service.name,
        "why": list(route.why),
        "why_text": why_text(route.why, language, catalogue),
        "phone": route.phone,
        "address": service.address,
        "open_now": route.open_now,
        "next_open": route.next_open.isoformat() if route.next_open else None,
        "hours_text": hours_text(route.open_now, route.next_open, moment, language, catalogue),
        "languages": list(service.languages) or None,
        "free": service.free,
        "bring": bring_text(service.bring, language, catalogue),
        "say": say_text(route, language, catalogue),
        "not_for": service.not_for.get(language) or service.not_for.get("nl"),
        "url": service.url,
        "checked": service.checked.isoformat(),
    }
    return {name: value for name, value in shown.items() if value is not None}


def why_text(why: tuple[str, ...], language: str, catalogue: Catalogue) -> str:
    """The strongest reasons as one sentence."""
    keys = [f"facts.why.{code}" for code in why]
    keys = ["facts.why.drempel" if code.startswith("drempel_") else key for code, key in zip(why, keys, strict=True)]
    said = list(dict.fromkeys(catalogue.text(key, language) for key in keys if catalogue.has(key, language)))
    sentence = ", ".join(said[:MOST_REASONS])
    return sentence[:1].upper() + sentence[1:] + "." if sentence else ""


def bring_text(bring: tuple[str, ...], language: str, catalogue: Catalogue) -> str | None:
    return ", ".join(catalogue.text(f"facts.bring.{word}", language) for word in bring) or None


def say_text(route: Route, language: str, catalogue: Catalogue) -> str | None:
    """What to say there: at a general number whom to ask for, then the place's own sentence."""
    asks = catalogue.text("facts.ask_for", language, name=route.ask_for) if route.ask_for else None
    own = route.service.say.get(language) or route.service.say.get("nl")
    return " ".join(filter(None, (asks, own))) or None
