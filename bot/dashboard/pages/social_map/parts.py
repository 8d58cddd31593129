"""What the pages of the map share: the choice of a part, tables of text, the link to a thing, what is wrong in the files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.dashboard.layout import MENU, scrolling
from bot.dashboard.map_words import age_name, day_name
from bot.dashboard.markup import Html, tag, together
from bot.dashboard.social_map import Thing
from bot.dashboard.words import word

HOME = MENU["kaart"]
PARTS = {"kaart": HOME} | {name: f"{HOME}/{name}" for name in ("verouderd", "gaten", "gemist")}
"""The parts of the map in their order, and where they are."""
THING = f"{HOME}/ding"
"""Under which a thing has its page, by its id."""
FILE = f"{HOME}/bestand"


def part_choice(here: str) -> Html:
    """Links to the parts of the map."""
    links = (
        tag("a", word(f"map.parts.{name}"), href=path, aria_current="page" if name == here else None)
        for name, path in PARTS.items()
    )
    return tag("nav", tag("ul", *(tag("li", link) for link in links)), class_="choice", aria_label=word("map.menu"))


def thing_link(id_: str, name: str) -> Html:
    return tag("a", name, href=f"{THING}/{id_}")


def checked(thing: Thing) -> str:
    """Nagekeken op 21 november 2026, 3 dagen geleden"""
    return word("map.checked", date=day_name(thing.service.checked), age=age_name(thing.days))


def section(id_: str, title: str, text: str, *content: object) -> Html:
    """A part of a page with its heading and a line of explanation."""
    intro = tag("p", text, class_="intro") if text else ""
    return tag("section", tag("h2", title, id=id_), intro, *content, class_="figure", aria_labelledby=id_)


def text_table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> Html:
    """A table of text; the first cell of a row says what the row is about. On a phone it scrolls by itself."""
    head = tag("thead", tag("tr", *(tag("th", text, scope="col") for text in heads)))
    lines = (tag("tr", tag("th", row[0], scope="row"), *(tag("td", cell) for cell in row[1:])) for row in rows)
    said = tag("caption", tag("span", caption, class_="unseen"))
    return scrolling(caption, tag("table", said, head, tag("tbody", *lines), class_="texts"))


def mistakes(lines: Sequence[str], text: str) -> Html:
    """What is wrong in the files, each with its path and line."""
    title = tag("h2", word("map.broken.title"), id="fouten")
    listed = tag("ul", *(tag("li", tag("code", line)) for line in lines))
    return tag("section", title, tag("p", text), listed, class_="problem", aria_labelledby="fouten")


def broken(lines: Sequence[str]) -> Html:
    """Where there is no good map to show."""
    return together([part_choice("kaart"), mistakes(lines, word("map.broken.nothing"))])
