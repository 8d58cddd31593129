"""The page that tells a resident what is kept of them, and for how long: words from locales, numbers from the code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from html import escape
from pathlib import Path
from string import Template

from bot.directory import Directory
from bot.i18n.catalogue import Catalogue
from bot.languages import complete, languages
from bot.settings import Settings

TEMPLATE = Path(__file__).with_name("privacy.html")
SECTIONS = ("computer", "words", "talk", "count", "card", "browser", "whatsapp", "rights")
"""In the order in which they are read."""


@dataclass(frozen=True)
class Kept:
    """How long things are kept elsewhere in the program. tests/test_privacy_page.py holds each to the code that does it."""

    least: int = 10
    """Conversations, under which no figure is shown."""
    months: int = 13
    """Of a counter."""
    card: timedelta = timedelta(days=40)
    reply: timedelta = timedelta(hours=24)
    """Of the sealed address of an answer by WhatsApp."""
    inbox: timedelta = timedelta(days=8)
    """Of the mark of a WhatsApp message."""


def render_privacy(language: str, directory: Directory, settings: Settings, catalogue: Catalogue) -> str:
    """The whole page in one language."""
    facts = _facts(directory, settings, Kept())

    def text(key: str) -> str:
        return escape(catalogue.text(f"privacy.{key}", language, **facts))

    sections = (f"<h2>{text(f'{name}.title')}</h2>\n<p>{text(f'{name}.text')}</p>" for name in SECTIONS)
    values = {key: text(key) for key in ("title", "lead", "back", "language")}
    values["leave"] = escape(catalogue.text("website.leave", language))
    values |= {"lang": language, "dir": "rtl" if languages()[language].rtl else "ltr"}
    values |= {"sections": "\n".join(sections), "languages": "".join(_link(code, language) for code in complete())}
    return Template(TEMPLATE.read_text(encoding="utf-8")).substitute(values)


def _facts(directory: Directory, settings: Settings, kept: Kept) -> dict[str, str]:
    return {
        "gemeente": directory.name,
        "phone": directory.floor.phone or directory.floor.name,
        "hours": f"{settings.conversation_hours:g}",
        "least": str(kept.least),
        "months": str(kept.months),
        "card_days": str(kept.card.days),
        "reply_hours": f"{kept.reply.total_seconds() / 3600:g}",
        "inbox_days": str(kept.inbox.days),
    }


def _link(code: str, current: str) -> str:
    mark = ' aria-current="true"' if code == current else ""
    name = escape(languages()[code].name)
    return f'<li><a class="press" href="/privacy?lang={code}" lang="{code}"{mark}>{name}</a></li>'
