"""What residents missed: the published tables `unmet` and `wijk_unmet`, and nothing else, under disclosure control."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from bot.dashboard.charts import bars
from bot.dashboard.figures import Figures
from bot.dashboard.layout import MENU, figure, list_table, notes
from bot.dashboard.markup import Html, tag, together
from bot.dashboard.pages.periods import PARAMETER, chosen, period_choice
from bot.dashboard.pages.sides import by_side
from bot.dashboard.pages.social_map.parts import PARTS, part_choice, section
from bot.dashboard.words import id_name, period_name, word

TABLES = ("unmet", "wijk_unmet")


def missed(figures: Figures, query: Mapping[str, str]) -> tuple[str, Html]:
    quarters = figures.periods("wijk_unmet", "quarter")
    period = chosen(quarters, query)
    title = word("map.missed.title")
    if period is None:
        empty = tag("p", word("site.no_period"), class_="lead")
        return title, together([part_choice("gemist"), empty, notes(TABLES)])
    query_there = urlencode({"tabel": "unmet", PARAMETER: period})
    more = tag("p", tag("a", word("map.missed.link"), href=f"{MENU['wijken']}?{query_there}"))
    parts = [
        part_choice("gemist"),
        tag("p", word("map.missed.lead", period=period_name(period)), class_="lead"),
        period_choice(word("site.choose_period"), quarters, period, PARTS["gemist"], {}),
        _city(figures, period),
        section("per-wijk", word("map.missed.wijken"), "", by_side("wijk_unmet", period, figures), more),
        notes(TABLES),
    ]
    return title, together(parts)


def _city(figures: Figures, period: str) -> Html:
    values = [(id_name("unmet", id_), n) for id_, n in figures.cells("unmet", period).items()]
    title = word("tables.unmet.title")
    shown = any(n is not None for _, n in values)
    chart = bars(title, values) if shown else tag("p", word("site.all_hidden"), class_="empty")
    return figure("gemist", title, chart, list_table(period_name(period), title, values))
