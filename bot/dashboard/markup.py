"""HTML out of templates and elements; whatever is not markup already is escaped."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from html import escape
from pathlib import Path
from string import Template

TEMPLATES = Path(__file__).parent / "templates"
VOID = ("rect", "line", "input", "col")


class Html(str):
    """Markup that is safe to put into a page as it is."""


def safe(value: object) -> Html:
    """The value as markup: text is escaped, nothing is None's."""
    if value is None:
        return Html("")
    return value if isinstance(value, Html) else Html(escape(str(value)))


def together(parts: Iterable[object]) -> Html:
    return Html("".join(safe(part) for part in parts))


def tag(name: str, /, *children: object, **attributes: object) -> Html:
    """One element. `class_` and `for_` lose their underscore, other underscores become hyphens; None is left out."""
    given = {_attribute(key): value for key, value in attributes.items() if value is not None}
    written = "".join(f' {key}="{escape(str(value))}"' for key, value in given.items())
    return Html(f"<{name}{written}/>" if name in VOID else f"<{name}{written}>{together(children)}</{name}>")


def fill(template: str, **values: object) -> Html:
    """A file of templates/, its ${names} filled in."""
    return Html(_template(template).substitute({name: safe(value) for name, value in values.items()}))


@lru_cache
def _template(name: str) -> Template:
    return Template((TEMPLATES / name).read_text(encoding="utf-8"))


def _attribute(name: str) -> str:
    return name.rstrip("_").replace("_", "-")
