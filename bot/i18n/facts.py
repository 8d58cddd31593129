"""The facts of a place in words: the controlled words of locales/<lang>/facts.yml, and its own free sentences."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache

from bot.i18n.catalogue import Catalogue
from bot.model import Route, Service

SOURCE = "nl"
"""The language in which every free sentence is written first."""
FREE_SENTENCES = ("say", "not_for", "cost")
STALE = timedelta(days=180)
"""Facts that nobody has checked for longer may have changed."""


def is_stale(service: Service, moment: datetime) -> bool:
    return moment.date() - service.checked > STALE


@lru_cache(maxsize=4096)  # few lists stand on a map, and a catalogue does not change
def words_text(group: str, words: tuple[str, ...], language: str, catalogue: Catalogue) -> str | None:
    """Controlled words as a list: "je brieven, je paspoort of ID-kaart"; None where there are none."""
    return ", ".join(catalogue.text(f"facts.{group}.{word}", language) for word in words) or None


def for_whom_text(service: Service, language: str, catalogue: Catalogue) -> str | None:
    """For whom it is, and of which age: "mensen met weinig geld, van 4 tot en met 17 jaar"."""
    whom = words_text("eligibility", service.eligibility, language, catalogue)
    return ", ".join(filter(None, (whom, _age_text(service, language, catalogue)))) or None


def _age_text(service: Service, language: str, catalogue: Catalogue) -> str | None:
    known = {name for name in ("age_min", "age_max") if getattr(service, name) is not None}
    if not known:
        return None
    key = "between" if len(known) > 1 else "from" if "age_min" in known else "to"
    return catalogue.text(f"facts.age.{key}", language, youngest=service.age_min, oldest=service.age_max)


def untranslated(service: Service, language: str) -> list[str]:
    """The free sentences that this place has in Dutch but not in this language."""
    return [name for name in FREE_SENTENCES if getattr(service, name) and language not in getattr(service, name)]


def sentence_text(texts: Mapping[str, str], language: str, catalogue: Catalogue) -> str | None:
    """A free sentence in the resident's language; else the Dutch one, and that it is Dutch."""
    if language in texts or not texts.get(SOURCE):
        return texts.get(language)
    return catalogue.text("facts.only_dutch", language, text=texts[SOURCE])


def say_text(route: Route, language: str, catalogue: Catalogue) -> str | None:
    """What to say there: at a general number whom to ask for, then the place's own sentence."""
    asks = catalogue.text("facts.ask_for", language, name=route.ask_for) if route.ask_for else None
    own = sentence_text(route.service.say, language, catalogue)
    return " ".join(filter(None, (asks, own))) or None


def call_first_text(route: Route, moment: datetime, language: str, catalogue: Catalogue) -> str | None:
    """What is uncertain about going there, and to call first where there is a number; None where nothing is.

    A crisis number is never called uncertain: whoever needs it must not hesitate.
    """
    service = route.service
    if service.kind == "crisis":
        return None
    unsure = []
    if service.hours is None:
        unsure.append("hours_unknown")
    elif route.open_now is None:
        unsure.append("today_unknown")
    if is_stale(service, moment):
        unsure.append("stale")
    if unsure and route.phone and (service.address or "walk_in" in service.access):
        unsure.append("call")
    return " ".join(catalogue.text(f"facts.call_first.{key}", language) for key in unsure) or None
