"""A reply as the Cloud API takes it: buttons, a list or numbered text, whichever holds it whole; and what each may hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.channels.whatsapp.reply import LANGUAGE, Choice, Reply
from bot.i18n.catalogue import Catalogue
from bot.languages import complete

MOST_BUTTONS, MOST_ROWS = 3, 10
BUTTON, LIST_LABEL, SECTION, ROW, ROW_MORE = 20, 20, 24, 24, 72
"""Letters on a button, on what opens a list, over a part of it, in a row's title, and in the line under that."""
BUTTON_ID, ROW_ID = 256, 200
BODY, TEXT = 1024, 4096
"""Letters of a message with something to press, and of one without."""
CUT = "…"

Payload = dict[str, Any]


def laid_out(reply: Reply, catalogue: Catalogue) -> Payload:
    """The message without its address. Buttons where they hold it, else a list, else numbered text."""
    every = (*reply.choices, *reply.others)
    if every and not reply.numbered and len(reply.text) <= BODY:
        if len(every) <= MOST_BUTTONS and all(len(choice.title) <= BUTTON for choice in every) and _differ(every):
            return _interactive("button", reply.text, {"buttons": [_button(choice) for choice in every]})
        if len(every) <= MOST_ROWS:
            return _interactive("list", reply.text, _list(reply, catalogue))
    return plain(reply, catalogue)


def plain(reply: Reply, catalogue: Catalogue) -> Payload:
    """The same as text, its choices numbered: what every telephone shows, and what can be read out."""
    every = (*reply.choices, *reply.others)
    lines = [f"{number}. {choice.title}" for number, choice in enumerate(every, 1)]
    how = [] if _of_languages(reply) else [catalogue.text("whatsapp.number", reply.language)]
    parts = [reply.text, *(["\n".join(lines), *how] if lines else [])]
    return {"type": "text", "text": {"preview_url": False, "body": _short("\n\n".join(parts), TEXT)}}


def too_long(payload: Payload) -> Iterator[str]:
    """What the Cloud API would refuse in a message, each with the limit."""
    if payload["type"] == "text":
        yield from _over(payload["text"]["body"], TEXT, "the text")
        return
    part = payload["interactive"]
    yield from _over(part["body"]["text"], BODY, "the body")
    for button in part["action"].get("buttons", ()):
        yield from _over(button["reply"]["title"], BUTTON, "a button")
        yield from _over(button["reply"]["id"], BUTTON_ID, "a button's id")
    yield from _over(part["action"].get("button", "-"), LIST_LABEL, "what opens the list")
    for section in part["action"].get("sections", ()):
        yield from _over(section.get("title", "-"), SECTION, "the title of a part of the list")
        for row in section["rows"]:
            yield from _over(row["title"], ROW, "a row")
            yield from _over(row.get("description", "-"), ROW_MORE, "the line under a row")
            yield from _over(row["id"], ROW_ID, "a row's id")


def _over(text: str, most: int, what: str) -> Iterator[str]:
    if not 1 <= len(text) <= most:
        yield f"{what} has {len(text)} letters, from 1 to {most} are allowed: {text!r}"


def _interactive(kind: str, text: str, action: Payload) -> Payload:
    return {"type": "interactive", "interactive": {"type": kind, "body": {"text": text}, "action": action}}


def _button(choice: Choice) -> Payload:
    return {"type": "reply", "reply": {"id": choice.id, "title": choice.title}}


def _list(reply: Reply, catalogue: Catalogue) -> Payload:
    parts = (("answers", reply.choices), ("others", reply.others))
    sections = [
        {"title": catalogue.text(f"whatsapp.{name}", reply.language), "rows": [_row(choice) for choice in choices]}
        for name, choices in parts
        if choices
    ]
    return {"button": _list_label(reply, catalogue), "sections": sections}


def _list_label(reply: Reply, catalogue: Catalogue) -> str:
    """What opens the list; over a choice of languages their codes, which need no language."""
    if _of_languages(reply):
        return _short(" ".join(code.upper() for code in complete()), LIST_LABEL)
    return catalogue.text("whatsapp.choose", reply.language)


def _of_languages(reply: Reply) -> bool:
    return bool(reply.choices) and all(choice.id.startswith(LANGUAGE) for choice in reply.choices)


def _row(choice: Choice) -> Payload:
    """A long title is cut, and stands whole in the line under it."""
    row = {"id": choice.id, "title": _short(choice.title, ROW)}
    return row if row["title"] == choice.title else {**row, "description": _short(choice.title, ROW_MORE)}


def _differ(choices: tuple[Choice, ...]) -> bool:
    return len({choice.title for choice in choices}) == len(choices)


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - len(CUT)].rstrip() + CUT
