"""All things of the map: searched, filtered, counted by kind and age, and ready to be fetched as a file."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from bot.dashboard.layout import grid, number, scrolling
from bot.dashboard.map_words import kind_name, topic_names, wijk_names
from bot.dashboard.markup import Html, tag, together
from bot.dashboard.pages.social_map.choices import KINDS, chosen, fits, form, helps_with_all
from bot.dashboard.pages.social_map.parts import FILE, HOME, checked, mistakes, part_choice, section, thing_link
from bot.dashboard.social_map import AGES, SocialMap, Thing
from bot.dashboard.words import word

Query = Mapping[str, str]
PAGE = 50
"""Things on one page."""
FORMATS = ("xlsx", "ods", "csv", "json")
LONGEST_QUESTION = 200
"""Signs of a question that are looked at."""


def listing(social_map: SocialMap, query: Query) -> tuple[str, Html]:
    choices = chosen(social_map, query)
    question = query.get("q", "").strip()[:LONGEST_QUESTION]
    found = [thing for thing in _asked(social_map, question) if fits(thing, choices)]
    if choices["wijk"]:
        found.sort(key=lambda thing: not thing.service.wijken)
    lead = tag("p", word("map.lead", gemeente=social_map.directory.name), class_="lead")
    wrong = mistakes(social_map.mistakes, word("map.broken.text")) if social_map.mistakes else ""
    parts = [
        part_choice("kaart"), wrong, lead,
        tag("div", form(social_map, question, choices), tag("div", _counts(social_map), _downloads()), class_="pair top"),
        _results(social_map, found, {"q": question, **choices}, query),
    ]  # fmt: skip
    return word("pages.kaart.title"), together(parts)


def _asked(social_map: SocialMap, question: str) -> list[Thing]:
    return (
        [social_map.things[id_] for id_ in social_map.index.search(question)]
        if question
        else list(social_map.things.values())
    )


def _counts(social_map: SocialMap) -> Html:
    """How many there are of each kind, by age."""
    caption = word("map.counts.caption")
    heads = [word("map.counts.kind"), word("map.counts.all"), *(word(f"map.ages_short.{age}") for age in AGES)]
    things = list(social_map.things.values())
    rows = [(kind_name(kind), _row([t for t in things if t.service.kind == kind])) for kind in KINDS]
    table = grid(caption, heads, [*rows, (word("map.counts.all"), _row(things))], "matrix counts")
    title = tag("h2", word("map.counts.title"), id="aantallen")
    return tag("section", title, scrolling(caption, table), aria_labelledby="aantallen")


def _row(things: list[Thing]) -> list[Html]:
    by_age = (sum(thing.age == age for thing in things) for age in AGES)
    return [tag("td", number(n)) for n in (len(things), *by_age)]


def _results(social_map: SocialMap, found: list[Thing], asked: Mapping[str, str], query: Query) -> Html:
    pages = max(1, -(-len(found) // PAGE))
    page = _page(query, pages)
    said = [_how_many(len(found))]
    if pages > 1:
        said.append(word("map.found.page", page=page, pages=pages))
    shown = found[(page - 1) * PAGE : page * PAGE]
    listed = tag("ul", *(_item(social_map, thing) for thing in shown), class_="things") if shown else ""
    return section("gevonden", word("map.found.title"), " ".join(said), listed, _pages(page, pages, asked))


def _page(query: Query, pages: int) -> int:
    text = query.get("pagina", "1")
    page = int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else 0
    if not 1 <= page <= pages:
        raise LookupError("pagina")
    return page


def _how_many(n: int) -> str:
    return word("map.found.none") if not n else word("map.found.one") if n == 1 else word("map.found.some", n=n)


def _item(social_map: SocialMap, thing: Thing) -> Html:
    service = thing.service
    status = tag("span", word(f"map.statuses.{thing.status}"), class_="mark") if thing.status else ""
    old = tag("span", word(f"map.ages_short.{thing.age}"), class_="mark") if thing.age in AGES[1:4] else ""
    wijken = wijk_names(social_map.directory, service.wijken) if service.wijken else word("map.city")
    topics = topic_names(service.topics) if service.topics else word("map.everything") if helps_with_all(thing) else ""
    about = " · ".join(text for text in (topics, wijken) if text)
    name = tag("h3", thing_link(service.id, service.name))
    return tag(
        "li",
        tag("div", name, tag("p", tag("span", kind_name(service.kind), class_="kind"), " ", status, " ", old)),
        tag("p", about),
        tag("p", checked(thing), class_="age"),
    )


def _pages(page: int, pages: int, asked: Mapping[str, str]) -> Html | str:
    """Links to the other pages of what was found."""
    if pages == 1:
        return ""
    kept = {name: value for name, value in asked.items() if value}
    links = (
        tag("a", n, href=f"{HOME}?{urlencode({**kept, 'pagina': n})}", aria_current="page" if n == page else None)
        for n in range(1, pages + 1)
    )
    label = word("map.found.pages")
    return tag("nav", tag("ul", *(tag("li", link) for link in links)), class_="choice", aria_label=label)


def _downloads() -> Html:
    links = (tag("li", tag("a", word(f"map.download.{kind}"), href=f"{FILE}/{kind}")) for kind in FORMATS)
    title = tag("h2", word("map.download.title"), id="ophalen")
    lead = tag("p", word("map.download.lead"), class_="intro")
    return tag("section", title, lead, tag("ul", *links, class_="files"), aria_labelledby="ophalen")
