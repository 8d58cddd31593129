"""Whether all that is said fits into WhatsApp's buttons, lists and texts, in every language and for every place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from bot.channels.whatsapp.inbound import OTHER, PICTURE, PLACE, VOICE
from bot.channels.whatsapp.layout import BODY, laid_out, plain, too_long
from bot.channels.whatsapp.reply import FAST, WHICH, Choice, Composer, Reply
from bot.checks.map import folders
from bot.directory import load
from bot.directory.mistakes import DirectoryErrors, NoFolder
from bot.i18n.catalogue import Catalogue, catalogue
from bot.i18n.present import present
from bot.languages import complete
from bot.model import Route, Service
from bot.routing import REASONS
from bot.settings import Settings

PAYLOAD = "~ffff.10"
LONGEST_TURN = "x" * 300
"""What data/plain allows a turn; what stands on a route comes beside it."""
CARD = "/hulpkaart/" + "x" * 400
NOTICES = (VOICE, PICTURE, PLACE, OTHER, WHICH, FAST)


def whatsapp_mistakes() -> Iterator[str]:
    """Each thing that WhatsApp would refuse, or show cut."""
    settings = Settings()
    texts = catalogue()
    for language in complete():
        where = f"locales/{language}"
        for name, choices in _offers(texts, language).items():
            reply = Reply("x", language, choices, (Choice("+x", "x"),))
            yield from (f"{where}: {name}: {what}" for what in too_long(laid_out(reply, texts)))
        yield from (f"{where}/whatsapp.yml: {what}" for what in _over_the_list(texts, language))
    composer = Composer(texts, settings.public_url)
    for name in NOTICES:
        if len(composer.first_notice(name).text) > BODY:
            yield f"locales/*/whatsapp.yml: {name}: in all languages together longer than {BODY} letters; say it shorter"
    yield from _places(composer, texts, settings.moment())


def _offers(texts: Catalogue, language: str) -> dict[str, tuple[Choice, ...]]:
    """Every title that stands on a choice, by the group in which it is offered; ten at a time, as a list holds them."""
    groups: dict[str, list[str]] = {}
    for key in texts.texts["nl"]:
        group, _, last = key.rpartition(".")
        if key.startswith(("topics.", "drempels.")) and last == "title":
            groups.setdefault(key.split(".")[0], []).append(key)
        elif (key.startswith("questions.") and group.endswith(".answers")) or group == "answers.choices":
            groups.setdefault(group, []).append(key)
    titles: Mapping[str, list[str]] = {
        name: [texts.text(key, language) for key in keys] for name, keys in groups.items()
    }
    return {
        f"{name} from {start + 1}": tuple(Choice(PAYLOAD, title) for title in some[start : start + 9])
        for name, some in titles.items()
        for start in range(0, len(some), 9)
    }


def _over_the_list(texts: Catalogue, language: str) -> Iterator[str]:
    """What opens a list, and what stands over its parts."""
    many = tuple(Choice(f"{PAYLOAD}{number}", f"x{number}") for number in range(4))
    yield from too_long(laid_out(Reply("x", language, many, (Choice("+x", "x"),)), texts))


def _places(composer: Composer, texts: Catalogue, moment: datetime) -> Iterator[str]:
    """Each place of each municipality, told whole beside the longest turn; and its name, as something to press."""
    for folder in folders():
        try:
            directory = load(folder)
        except (DirectoryErrors, NoFolder):  # the check of the maps says what is wrong
            continue
        for service in directory.services.values():
            for language in complete():
                reply = composer.reply([_told(service, moment, language, texts)])
                for payload in (laid_out(reply, texts), plain(reply, texts)):
                    yield from (f"{folder}: {service.id} in {language}: {what}" for what in too_long(payload))


def _told(service: Service, moment: datetime, language: str, texts: Catalogue) -> dict[str, object]:
    route = Route(service.kind, service, why=tuple(REASONS)[:2], phone=service.phone, next_open=moment)
    shown = present(route, moment, language, texts)
    other = {**shown, "id": f"other-{service.id}"}
    return {"text": LONGEST_TURN, "language": language, "routes": [shown, other], "card": CARD}
