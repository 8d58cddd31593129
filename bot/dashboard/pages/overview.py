"""The last month that is over, in plain words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.dashboard.charts import bars
from bot.dashboard.figures import Figures
from bot.dashboard.layout import figure, list_table, notes
from bot.dashboard.markup import Html, tag, together
from bot.dashboard.words import id_name, period_name, word

TOLD = ("topics", "drempels", "routes", "outcome", "unmet", "not_understood")
"""Tables that have a sentence, in their order."""
MOST = 3
"""Ids named in one sentence."""
LEVEL = 2
"""How many more are named because they are level with the last one."""


def overview(figures: Figures, query: Mapping[str, str]) -> tuple[str, Html]:
    months = figures.periods("conversations", "month")
    used = ("conversations", *TOLD)
    if not months:
        empty = tag("p", word("site.no_period"), class_="lead")
        return word("pages.overview.empty"), together([empty, notes(used)])
    month = months[-1]
    topics = [(id_name("topics", id_), n) for id_, n in figures.cells("topics", month).items()]
    title = word("tables.topics.title")
    table = list_table(period_name(month), title, topics)
    chart = figure("onderwerpen", title, bars(title, topics), table)
    story = tag("ul", *(tag("li", sentence) for sentence in _story(figures, months)), class_="story")
    parts = [tag("p", word("overview.lead"), class_="lead"), _tiles(figures, month), story, chart, notes(used)]
    return word("pages.overview.title", period=period_name(month)), together(parts)


def _story(figures: Figures, months: list[str]) -> Iterator[str]:
    """The month as sentences. A table in which nothing is shown has none."""
    month = months[-1]
    now = figures.city(month)
    if now is None:
        yield word("overview.conversations_hidden", period=period_name(month))
    else:
        yield word("overview.conversations", period=period_name(month), n=now)
        yield from _compared(now, figures, months[:-1])
    for name in TOLD:
        largest = _largest(figures, name, month)
        if largest:
            items = [word("overview.item", label=id_name(name, id_), n=n) for id_, n in largest]
            yield word(f"overview.{name}", items=_listed(items))


def _compared(now: int, figures: Figures, earlier: list[str]) -> Iterator[str]:
    before = figures.city(earlier[-1]) if earlier else None
    if before is not None:
        kind = "more" if now > before else "fewer" if now < before else "same"
        yield word(f"overview.{kind}", n=abs(now - before), period=period_name(earlier[-1]))


def _largest(figures: Figures, name: str, month: str) -> list[tuple[str, int]]:
    """About three ids, the largest first. Those that are level with each other are named together or not at all."""
    shown = sorted(
        ((id_, n) for id_, n in figures.cells(name, month).items() if n is not None), key=lambda item: -item[1]
    )
    if len(shown) <= MOST:
        return shown
    least = shown[MOST - 1][1]
    level = [item for item in shown if item[1] >= least]
    above = [item for item in shown if item[1] > least]
    return level if len(level) <= MOST + LEVEL or not above else above


def _tiles(figures: Figures, month: str) -> Html:
    """At most four large numbers; what is hidden has no tile."""
    tiles = [(figures.city(month), word("overview.figure_conversations"))]
    tiles.append((figures.cells("outcome", month).get("ja"), word("overview.figure_helped")))
    for name, key in (("topics", "figure_topic"), ("drempels", "figure_drempel")):
        largest = _largest(figures, name, month)
        if largest and (len(largest) == 1 or largest[0][1] > largest[1][1]):
            tiles.append((largest[0][1], word(f"overview.{key}", label=id_name(name, largest[0][0]))))
    shown = (tag("div", tag("dt", text), tag("dd", n)) for n, text in tiles if n is not None)
    return tag("dl", *shown, class_="tiles", aria_label=word("overview.figures"))


def _listed(items: list[str]) -> str:
    """ "a, b en c" """
    first, last = items[:-1], items[-1]
    return word("overview.comma").join(first) + word("overview.and") + last if first else last
