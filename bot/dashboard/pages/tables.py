"""The closed list of tables, with what each counts and where to fetch it."""

from __future__ import annotations

from collections.abc import Mapping

from bot.dashboard.figures import Figures
from bot.dashboard.layout import notes
from bot.dashboard.markup import Html, tag, together
from bot.dashboard.words import word

FORMATS = ("csv", "ods", "json")
OPENAPI = "/api/v1/openapi.json"


def tabellen(figures: Figures, query: Mapping[str, str]) -> tuple[str, Html]:
    columns = ("table", "definition", "periods", "download")
    heads = tag("tr", *(tag("th", word(f"tabellen.{column}"), scope="col") for column in columns))
    rows = [_row(name, table["grains"]) for name, table in figures.tables.items()]
    caption = tag("caption", word("pages.tabellen.title"))
    table = tag("table", caption, tag("thead", heads), tag("tbody", *rows), class_="downloads")
    parts = [
        tag("p", word("tabellen.lead"), class_="lead"),
        tag("div", table, class_="scroll", tabindex="0", role="region", aria_label=word("pages.tabellen.title")),
        tag("p", word("tabellen.api", link=OPENAPI), class_="intro"),
        notes(()),
    ]
    return word("pages.tabellen.title"), together(parts)


def _row(name: str, grains: list[str]) -> Html:
    links = (tag("li", _link(name, kind)) for kind in FORMATS)
    return tag(
        "tr",
        tag("th", word(f"tables.{name}.title"), scope="row"),
        tag("td", word(f"tables.{name}.definition")),
        tag("td", ", ".join(word(f"grains.{grain}") for grain in grains)),
        tag("td", tag("ul", *links)),
    )


def _link(name: str, kind: str) -> Html:
    text = f"{word(f'tables.{name}.title')}, {kind.upper()}"
    return tag("a", kind.upper(), href=f"/api/v1/tables/{name}?format={kind}", aria_label=text)
