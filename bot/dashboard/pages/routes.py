"""What was asked, what held people back, and where they were sent: the tables of the whole city in one month."""

from __future__ import annotations

from collections.abc import Mapping

from bot.dashboard.charts import bars
from bot.dashboard.figures import Figures
from bot.dashboard.layout import MENU, figure, list_table, notes
from bot.dashboard.markup import Html, tag, together
from bot.dashboard.pages.periods import chosen, period_choice
from bot.dashboard.words import id_name, period_name, word

SHOWN = ("routes", "drempels", "topics", "unmet", "outcome", "turns", "not_understood", "channels")
ORDERED = ("outcome", "turns", "not_understood")
"""Tables whose ids have an order of their own."""


def routes(figures: Figures, query: Mapping[str, str]) -> tuple[str, Html]:
    periods = [period for grain in ("month", "quarter", "year") for period in figures.periods("routes", grain)]
    months = figures.periods("routes", "month")
    period = chosen(periods, query) if query.get("periode") else chosen(months, query)
    if period is None:
        return word("pages.routes.empty"), together([tag("p", word("site.no_period"), class_="lead"), notes(SHOWN)])
    parts = [period_choice(word("site.choose_period"), months, period, MENU["routes"], {})]
    parts += [_one(figures, name, period) for name in SHOWN]
    return word("pages.routes.title", period=period_name(period)), together([*parts, notes(SHOWN)])


def _one(figures: Figures, name: str, period: str) -> Html:
    values = [(id_name(name, id_), n) for id_, n in figures.cells(name, period).items()]
    title = word(f"tables.{name}.title")
    intro = tag("p", word(f"tables.{name}.definition"), class_="intro")
    shown = any(n is not None for _, n in values)
    chart = bars(title, values, name not in ORDERED) if shown else tag("p", word("site.all_hidden"), class_="empty")
    return figure(name, title, chart, list_table(period_name(period), title, values), intro)
