"""The course of time: conversations by week and month, topics and drempels by month, crises by year."""

from __future__ import annotations

from collections.abc import Mapping

from bot.dashboard.charts import Bar, columns
from bot.dashboard.figures import Figures
from bot.dashboard.layout import figure, list_table, notes, number
from bot.dashboard.markup import Html, tag, together
from bot.dashboard.words import id_name, period_name, period_short, word

WEEKS = 26
MONTHS = 13


def verloop(figures: Figures, query: Mapping[str, str]) -> tuple[str, Html]:
    weeks = figures.periods("conversations", "week")[-WEEKS:]
    months = figures.periods("topics", "month")[-MONTHS:]
    years = figures.periods("crisis", "year")
    used = ("conversations", "topics", "drempels", "crisis")
    parts = [tag("p", word("verloop.lead" if weeks else "site.no_period"), class_="lead")]
    if weeks:
        parts.append(_city(figures, "weeks", weeks))
    if months:
        parts += [_city(figures, "months", months), _many(figures, "topics", months), _many(figures, "drempels", months)]
    if years:
        parts.append(_crisis(figures, years))
    return word("pages.verloop.title"), together([*parts, notes(used)])


def _city(figures: Figures, name: str, periods: list[str]) -> Html:
    title = word(f"verloop.{name}")
    chart = columns(title, [(period_short(period), figures.city(period)) for period in periods])
    values = [(period_name(period), figures.city(period)) for period in periods]
    return figure(name, title, chart, list_table(title, word("site.period"), values))


def _many(figures: Figures, name: str, months: list[str]) -> Html:
    """A small chart for each id that was ever shown, and one table of them all."""
    by_month = {month: figures.cells(name, month) for month in months}
    ids = dict.fromkeys(id_ for cells in by_month.values() for id_, n in cells.items() if n is not None)
    values: dict[str, list[Bar]] = {id_: [(period_short(m), by_month[m].get(id_)) for m in months] for id_ in ids}
    charts = [
        tag("figure", tag("figcaption", id_name(name, id_)), columns(id_name(name, id_), values[id_]), class_="small-chart")
        for id_ in ids
    ]
    title = word(f"verloop.{name}")
    heads = tag("tr", tag("th", word(f"tables.{name}.title"), scope="col"), *(tag("th", period_short(m), scope="col") for m in months))
    rows = [
        tag("tr", tag("th", id_name(name, id_), scope="row"), *(tag("td", number(n)) for _, n in values[id_])) for id_ in ids
    ]
    table = tag("table", tag("caption", title), tag("thead", heads), tag("tbody", *rows), class_="matrix")
    region = tag("div", table, class_="scroll", tabindex="0", role="region", aria_label=title)
    content = [tag("div", *charts, class_="small-charts"), region] if ids else [tag("p", word("site.all_hidden"), class_="empty")]
    return tag("section", tag("h2", title, id=name), *content, class_="figure")


def _crisis(figures: Figures, years: list[str]) -> Html:
    title = word("verloop.crisis")
    ids = list(figures.cells("crisis", years[-1]))
    heads = tag("tr", tag("th", word("tables.crisis.title"), scope="col"), *(tag("th", year, scope="col") for year in years))
    rows = [
        tag("tr", tag("th", id_name("crisis", id_), scope="row"), *(tag("td", number(figures.cells("crisis", y).get(id_))) for y in years))
        for id_ in ids
    ]
    table = tag("table", tag("caption", title), tag("thead", heads), tag("tbody", *rows), class_="figures")
    return tag("section", tag("h2", title, id="crisis"), tag("p", word("verloop.crisis_lead"), class_="intro"), table, class_="figure")
