"""What all pages share: the frame, tables of figures, choices of a period, and the notes at the foot."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import urlencode

from bot.dashboard.charts import Bar
from bot.dashboard.markup import Html, fill, tag, together
from bot.dashboard.words import word

MENU = {"overview": "/", "routes": "/routes", "wijken": "/wijken", "talen": "/talen", "verloop": "/verloop", "tabellen": "/tabellen"}
"""Pages in the order of the menu, and where they are."""
LIMITS = ("least", "rounded", "totals", "withheld", "frozen", "overlap", "persons", "meaning")


def page(heading: str, content: object, gemeente: str, here: str | None = None, fictional: bool = False) -> Html:
    """A whole page. `here`: its name in the menu; None for a page that somebody sees without being signed in."""
    links = (_menu_item(name, path, name == here) for name, path in MENU.items())
    menu = tag("nav", tag("ul", *links, class_="wide"), aria_label=word("site.menu"), class_="menu")
    banner = tag("div", tag("p", word("site.fictional"), class_="wide"), class_="banner", role="note")
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
    return tag("abbr", word("site.hidden_cell"), title=word("site.hidden"), aria_label=word("site.hidden"), class_="hidden")


def list_table(caption: str, head: str, values: Iterable[Bar], total: int | None = None) -> Html:
    """Labels and figures. `total`: the sum of what is shown, where a sum means something."""
    rows = [tag("tr", tag("th", label, scope="row"), tag("td", number(n))) for label, n in values]
    foot = tag("tfoot", tag("tr", tag("th", word("site.total"), scope="row"), tag("td", number(total))))
    heads = tag("thead", tag("tr", tag("th", head, scope="col"), tag("th", word("site.number"), scope="col")))
    body = tag("tbody", *rows)
    return tag("table", tag("caption", caption), heads, body, foot if total is not None else "", class_="figures")


def choice(label: str, options: Sequence[tuple[str, str]], chosen: str, path: str, query: Mapping[str, str], name: str) -> Html:
    """Links that show the same page for another period, table or row: `options` are (value, text)."""
    items = [
        tag("li", tag("a", text, href=f"{path}?{urlencode({**query, name: value})}", aria_current=_true(value == chosen)))
        for value, text in options
    ]
    return tag("nav", tag("h2", label), tag("ul", *items), class_="choice", aria_label=label)


def notes(names: Iterable[str]) -> Html:
    """What is counted in these tables, and what the figures cannot say."""
    definitions = together(
        tag("div", tag("dt", word(f"tables.{name}.title")), tag("dd", word(f"tables.{name}.definition"))) for name in names
    )
    limits = together(tag("li", word(f"limits.{name}")) for name in LIMITS)
    return fill(
        "notes.html",
        title=word("pages.uitleg"),
        definitions_title=word("definitions.title"),
        definitions=definitions,
        limits_title=word("limits.title"),
        limits=limits,
    )


def _menu_item(name: str, path: str, current: bool) -> Html:
    return tag("li", tag("a", word(f"pages.{name}.menu"), href=path, aria_current="page" if current else None))


def _true(yes: bool) -> str | None:
    return "true" if yes else None
