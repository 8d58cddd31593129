"""What all pages share: the frame, tables of figures, choices of a period, and the notes at the foot."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import urlencode

from bot.dashboard.charts import Bar
from bot.dashboard.markup import Html, fill, tag, together
from bot.dashboard.words import word

MENU = {"overview": "/"} | {name: f"/{name}" for name in ("routes", "wijken", "talen", "verloop", "tabellen", "kaart")}
"""Pages in the order of the menu, and where they are."""
Query = Mapping[str, str]
LIMITS = ("least", "rounded", "totals", "withheld", "frozen", "overlap", "persons", "meaning")


def page(heading: str, content: object, gemeente: str, here: str | None = None, fictional: bool = False) -> Html:
    """A whole page. `here`: its name in the menu; None for a page that somebody sees without being signed in."""
    links = (_menu_item(name, path, name == here) for name, path in MENU.items())
    menu = tag("nav", tag("ul", *links, class_="wide"), aria_label=word("site.menu"), class_="menu")
    banner = tag("aside", tag("p", word("site.fictional"), class_="wide"), class_="banner")
    return fill(
        "page.html",
        heading=heading,
        site=word("site.title"),
        skip=word("site.skip"),
        gemeente=word("site.name", gemeente=gemeente),
        sign_out=tag("a", word("site.sign_out"), href="/afmelden", class_="out") if here else "",
        menu=menu if here else "",
        banner=banner if fictional else "",
        content=content,
        footer=word("site.footer"),
    )


def figure(name: str, title: str, chart: Html, table: Html, intro: object = "") -> Html:
    """A chart and, beside it, the table with its figures."""
    return fill("figure.html", id=name, title=title, chart=chart, table=table, intro=intro)


def number(n: int | None) -> Html:
    """A figure, or the dot of a hidden one, which is read aloud as "verborgen"."""
    if n is not None:
        return Html(n)
    hidden = word("site.hidden")
    return tag("abbr", word("site.hidden_cell"), title=hidden, aria_label=hidden, class_="hidden")


def list_table(caption: str, head: str, values: Iterable[Bar]) -> Html:
    """Labels and figures."""
    return grid(caption, (head, word("site.number")), ((label, [tag("td", number(n))]) for label, n in values))


def grid(caption: str, heads: Iterable[str], rows: Iterable[tuple[str, Iterable[Html]]], kind: str = "figures") -> Html:
    """A table: what stands above the columns, and for each row its label and its cells."""
    head = tag("thead", tag("tr", *(tag("th", text, scope="col") for text in heads)))
    body = tag("tbody", *(tag("tr", tag("th", label, scope="row"), *cells) for label, cells in rows))
    return tag("table", tag("caption", caption), head, body, class_=kind)


def scrolling(name: str, table: Html) -> Html:
    """A wide table in a frame of its own, which a keyboard can scroll too."""
    return tag("div", table, class_="scroll", tabindex="0", role="region", aria_label=name)


def choice(label: str, options: Sequence[tuple[str, str]], chosen: str, path: str, query: Query, name: str) -> Html:
    """Links that show the same page for another period, table or row: `options` are (value, text)."""

    def link(value: str, text: str) -> Html:
        here = "true" if value == chosen else None
        return tag("a", text, href=f"{path}?{urlencode({**query, name: value})}", aria_current=here)

    items = [tag("li", link(value, text)) for value, text in options]
    return tag("nav", tag("h2", label), tag("ul", *items), class_="choice", aria_label=label)


def notes(names: Iterable[str]) -> Html:
    """What is counted in these tables, and what the figures cannot say."""
    terms = [
        tag("div", tag("dt", word(f"tables.{name}.title")), tag("dd", word(f"tables.{name}.definition")))
        for name in names
    ]
    return fill(
        "notes.html",
        title=word("pages.uitleg"),
        counted=tag("div", tag("h3", word("definitions.title")), tag("dl", *terms)) if terms else "",
        limits_title=word("limits.title"),
        limits=together(tag("li", word(f"limits.{name}")) for name in LIMITS),
    )


def _menu_item(name: str, path: str, current: bool) -> Html:
    return tag("li", tag("a", word(f"pages.{name}.menu"), href=path, aria_current="page" if current else None))
