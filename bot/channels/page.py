"""The website's page as HTML: the frame, and the last turn of a conversation for who has no script."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from string import Template
from typing import Any
from urllib.parse import quote, urlsplit

from bot.paths import WIDGET

MAP = "https://www.google.com/maps/dir/?api=1&destination="
"""Asked only when a resident presses it; without a name of where they are."""
Message = Mapping[str, Any]
Texts = Mapping[str, str]


def render_page(
    texts: Texts, language: str, languages: Mapping[str, str], messages: list[dict[str, Any]], session: str | None
) -> str:
    """The whole page.

    `texts`: locales/<language>/website.yml, flat. `languages`: each code with its own name. `messages`: the last turn, as
    the website's channel answers it. `session`: the token of the conversation, None before there is one.
    KeyError names a text that index.html wants and `texts` lacks.
    """
    names = {key: escape(text) for key, text in texts.items()}
    names |= {
        "lang": escape(language),
        "dir": escape(texts["direction"]),
        "session": escape(session or ""),
        "languages": _language_switch(texts, language, languages, session),
        "messages": "".join(_message(message, texts, language, languages, session) for message in messages),
    }
    return Template((WIDGET / "index.html").read_text(encoding="utf-8")).substitute(names)


def date_in_words(iso: str, texts: Texts) -> str:
    """`2026-10-01` as the language writes it; months and their order stand with the texts."""
    year, month, day = iso.split("-")
    return _fill(texts["date"], day=str(int(day)), month=texts["months"].split(", ")[int(month) - 1], year=year)


def _fill(text: str, **values: str) -> str:
    for name, value in values.items():
        text = text.replace(f"%{{{name}}}", value)
    return text


def _hidden(language: str, session: str | None) -> str:
    fields = (("session", session or ""), ("language", language))
    return "".join(f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in fields)


def _says(payload: str, title: str, language: str, current: bool = False) -> str:
    """A button that says something to the bot: its value is the message."""
    mark = ' aria-current="true"' if current else ""
    button = f'<button type="submit" name="message" value="{escape(payload)}" lang="{escape(language)}"{mark}>'
    return f"<li>{button}{escape(title)}</button></li>"


def _language_switch(texts: Texts, language: str, languages: Mapping[str, str], session: str | None) -> str:
    label = escape(texts["language"])
    if session:
        items = "".join(_says(name, name, code, code == language) for code, name in languages.items())
        form = f'<form method="post" action="/praat">{_hidden(language, session)}'
        return f'{form}<ul class="languages" role="list" aria-label="{label}">{items}</ul></form>'
    links = "".join(_language_link(code, name, code == language) for code, name in languages.items())
    return f'<ul class="languages" role="list" aria-label="{label}">{links}</ul>'


def _language_link(code: str, name: str, current: bool) -> str:
    mark = ' aria-current="true"' if current else ""
    return f'<li><a class="press" href="/?lang={escape(code)}" lang="{escape(code)}"{mark}>{escape(name)}</a></li>'


def _message(
    message: Message, texts: Texts, page_language: str, languages: Mapping[str, str], session: str | None
) -> str:
    """One message of the bot, in the component's own markup; its choices are a form of their own."""
    language = message.get("language", page_language)
    parts = [f'<p class="who">{escape(texts["bot_name"])}</p>']
    parts += [f'<p class="said">{_unbroken(part)}</p>' for part in re.split(r"\n{2,}", message["text"]) if part]
    if routes := message.get("routes"):
        cards = "".join(_route(route, texts, languages) for route in routes)
        parts.append(f'<ul class="routes" role="list" aria-label="{escape(texts["routes"])}">{cards}</ul>')
    if card := message.get("card"):
        calendar = any(route.get("walk_in") for route in routes or ())
        dates = f'<a class="press" href="{escape(card)}.ics">{escape(texts["calendar"])}</a>' if calendar else ""
        parts.append(f'<p class="card ways">{_outside(card, texts["card"], texts, "press")}{dates}</p>')
    if buttons := message.get("buttons"):
        items = "".join(_says(button["payload"], button["title"], language) for button in buttons)
        choices = f'<ul class="choices" role="list" aria-label="{escape(texts["choices"])}">{items}</ul>'
        parts.append(f'<form method="post" action="/praat">{_hidden(page_language, session)}{choices}</form>')
    return f'<div class="message" lang="{escape(language)}">{"".join(parts)}</div>'


def _route(route: Message, texts: Texts, languages: Mapping[str, str]) -> str:
    """One place to go, as a card: only what is known of it."""
    crisis = route.get("kind") == "crisis"
    why, phone = route.get("why_text"), route.get("phone")
    reason = f'<p class="why">{escape(why)}</p>' if why else ""
    call = f"<span>{_unbroken(_fill(texts['call'], phone=phone))}</span>" if phone else ""
    press = f'<a class="press{" strong" if crisis else ""}" href="{_dial(phone)}">{call}</a>' if phone else ""
    unsure = f'<p class="why">{escape(route["call_first"])}</p>' if route.get("call_first") else ""
    address = "" if crisis else route.get("address")
    way = _outside(f"{MAP}{quote(address, safe='')}", texts["directions"], texts, "press") if address else ""
    ways = f'<p class="ways">{press}{way}</p>' if press or way else ""
    parts = [f"<h3><bdi>{escape(route['name'])}</bdi></h3>", *((ways, reason) if crisis else (reason, unsure, ways))]
    if facts := _facts(route, texts, languages):
        parts.append(f'<dl class="facts">{facts}</dl>')
    if checked := route.get("checked"):
        when = _fill(texts["checked"], date=date_in_words(checked, texts))
        parts.append(f'<p class="checked">{escape(when)}</p>')
    return f'<li class="route{" crisis" if crisis else ""}">{"".join(parts)}</li>'


def _facts(route: Message, texts: Texts, languages: Mapping[str, str]) -> str:
    free = None if route.get("free") is None else texts["free" if route["free"] else "not_free"]
    spoken = ", ".join(languages.get(code, code) for code in route.get("languages", ()))
    url, say = route.get("url") or "", _text(route, "say")
    rows = (
        ("where", ", ".join(filter(None, (_text(route, "location"), _text(route, "address"))))),
        ("when", " ".join(filter(None, (_text(route, "hours_text"), _text(route, "hours_week"))))),
        ("for_whom", _text(route, "for_whom")),
        ("price", _text(route, "cost") or escape(free or "")),
        ("languages", _text(route, "languages_text") or escape(spoken)),
        ("bring", _text(route, "bring")),
        ("say", say and f"<q>{say}</q>"),
        ("not_for", _text(route, "not_for")),
        ("website", _outside(url, urlsplit(url).hostname or url, texts)),
    )
    return "".join(f"<dt>{escape(texts[key])}</dt><dd>{value}</dd>" for key, value in rows if value)


def _text(route: Message, field: str) -> str:
    """One fact of a place; what nobody translated is marked as the Dutch that it is."""
    value = escape(route.get(field) or "")
    return f'<span lang="nl">{value}</span>' if value and field in route.get("untranslated", ()) else value


def _unbroken(text: str) -> str:
    """Escaped, and no number that one can call is broken over two lines."""
    return re.sub(r"\d[\d -]{4,}\d", r'<span class="number">\g<0></span>', escape(text))


def _outside(href: str, text: str, texts: Texts, css: str = "") -> str:
    """A link in a new tab that says so; empty for anything but http(s) and paths of this server."""
    if not re.match(r"https?://|/(?!/)", href):
        return ""
    mark = f'<span class="unseen"> ({escape(texts["new_tab"])})</span>'
    css = f' class="{css}"' if css else ""
    return f'<a href="{escape(href)}" target="_blank" rel="noopener noreferrer"{css}>{escape(text)}{mark}</a>'


def _dial(phone: str) -> str:
    """The telephone number at the start of a text, as a tel: link dials it."""
    number = re.search(r"\+?[\d\s().-]+", phone)
    return "tel:" + re.sub(r"[^\d+]", "", number.group() if number else "")
