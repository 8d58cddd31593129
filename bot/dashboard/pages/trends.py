"""The course of time: conversations by week and month, topics and drempels by month, crises by year."""

from __future__ import annotations

from collections.abc import Mapping

from bot.dashboard.charts import Bar, columns
from bot.dashboard.figures import Figures
from bot.dashboard.layout import grid, notes, number, scrolling
from bot.dashboard.markup import Html, tag, together
from bot.dashboard.words import id_name, period_short, word

WEEKS = 26
MONTHS = 13
LABELS = 6
"""Labels under a chart: on a phone they must not touch."""
SMALL_LABELS = 4


def verloop(figures: Figures, query: Mapping[str, str]) -> tuple[str, Html]:
    weeks = figures.periods("conversations", "week")[-WEEKS:]
    months = figures.periods("topics", "month")[-MONTHS:]
    years = figures.periods("crisis", "year")
    used = ("conversations", "topics", "drempels", "crisis")
    parts = [tag("p", word("verloop.lead" if weeks else "site.no_period"), class_="lead")]
    if weeks:
        parts.append(_city(figures, "weeks", weeks))
    if months:
        parts.append(_city(figures, "months", months))
        parts += [_many(figures, name, months) for name in ("topics", "drempels")]
    if years:
        parts.append(_crisis(figures, years))
    return word("pages.verloop.title"), together([*parts, notes(used)])


def _city(figures: Figures, name: str, periods: list[str]) -> Html:
    title = word(f"verloop.{name}")
    values = [(period_short(period), figures.city(period)) for period in periods]
    chart = tag("figure", columns(title, values, LABELS), aria_labelledby=name, class_="wide-chart")
    heads = [word("site.period"), *(label for label, _ in values)]
    table = grid(title, heads, [(word("site.number"), [tag("td", number(n)) for _, n in values])], "matrix")
    return tag("section", tag("h2", title, id=name), chart, scrolling(title, table), class_="figure")


def _many(figures: Figures, name: str, months: list[str]) -> Html:
    """A small chart for each id that was ever shown, and one table of them all."""
    by_month = {month: figures.cells(name, month) for month in months}
    ids = dict.fromkeys(id_ for cells in by_month.values() for id_, n in cells.items() if n is not None)
    values: dict[str, list[Bar]] = {id_: [(period_short(m), by_month[m].get(id_)) for m in months] for id_ in ids}
    title = word(f"verloop.{name}")
    heading = tag("h2", title, id=name)
    if not ids:
        return tag("section", heading, tag("p", word("site.all_hidden"), class_="empty"), class_="figure")
    charts = tag("div", *(_small(id_name(name, id_), values[id_]) for id_ in ids), class_="small-charts")
    heads = [word(f"tables.{name}.title"), *(period_short(month) for month in months)]
    rows = ((id_name(name, id_), [tag("td", number(n)) for _, n in values[id_]]) for id_ in ids)
    return tag("section", heading, charts, scrolling(title, grid(title, heads, rows, "matrix")), class_="figure")


def _small(title: str, values: list[Bar]) -> Html:
    return tag("figure", tag("figcaption", title), columns(title, values, SMALL_LABELS), class_="small-chart")


def _crisis(figures: Figures, years: list[str]) -> Html:
    title = word("verloop.crisis")
    ids = list(figures.cells("crisis", years[-1]))
    shown = {year: figures.cells("crisis", year) for year in years}
    rows = ((id_name("crisis", id_), [tag("td", number(shown[year].get(id_))) for year in years]) for id_ in ids)
    table = grid(title, [word("tables.crisis.title"), *years], rows)
    lead = tag("p", word("verloop.crisis_lead"), class_="intro")
    return tag("section", tag("h2", title, id="crisis"), lead, table, class_="figure")
