"""Drempels, topics, routes and what was missing, by wijk or by language: all of a quarter at a glance, one row in bars."""

from __future__ import annotations

from collections.abc import Mapping

from bot.dashboard.charts import bars
from bot.dashboard.figures import Figures
from bot.dashboard.layout import MENU, choice, figure, grid, list_table, notes, number, scrolling
from bot.dashboard.markup import Html, tag, together
from bot.dashboard.pages.periods import chosen, period_choice
from bot.dashboard.words import id_name, period_name, side_name, word

SUBJECTS = {"wijken": ("drempels", "topics", "routes", "unmet"), "talen": ("drempels", "topics", "routes")}
BY = {"wijken": "wijk", "talen": "language"}
SHADES = 5

Matrix = dict[str, dict[str, int | None]]
"""Wijk or language -> id -> what is shown."""


def wijken(figures: Figures, query: Mapping[str, str]) -> tuple[str, Html]:
    return _by("wijken", figures, query)


def talen(figures: Figures, query: Mapping[str, str]) -> tuple[str, Html]:
    return _by("talen", figures, query)


def _by(page: str, figures: Figures, query: Mapping[str, str]) -> tuple[str, Html]:
    names = [f"{BY[page]}_{subject}" for subject in SUBJECTS[page]]
    subject = query.get("tabel", SUBJECTS[page][0])
    if subject not in SUBJECTS[page]:
        raise LookupError("tabel")
    name = f"{BY[page]}_{subject}"
    quarters = figures.periods(name, "quarter")
    period = chosen(quarters, query)
    if period is None:
        return word(f"pages.{page}.empty"), together([tag("p", word("site.no_period"), class_="lead"), notes(names)])
    path, title = MENU[page], word(f"tables.{subject}.title")
    options = [(other, word(f"tables.{other}.title")) for other in SUBJECTS[page]]
    cells = figures.sides(name, BY[page], period)
    choices = [
        choice(word("site.choose_subject"), options, subject, path, {"periode": period}, "tabel"),
        period_choice(word("site.choose_period"), quarters, period, path, {"tabel": subject}),
    ]
    content = _figures(page, name, cells, query, period, figures) if _largest(cells) else _none(period)
    heading = word(f"pages.{page}.title", subject=title, period=period_name(period))
    return heading, together([tag("div", *choices, class_="choices"), content, notes(names)])


def by_side(name: str, period: str, figures: Figures) -> Html:
    """A table by wijk or language as a page of another subject shows it: all of one period at a glance."""
    by = name.partition("_")[0]
    page = next(page for page, side in BY.items() if side == by)
    cells = figures.sides(name, by, period)
    if not _largest(cells):
        return _none(period)
    ids, shown = _shown(cells)
    parts = [_matrix(page, name, ids, shown, period, figures), *_missing(page, name, ids, cells, shown, figures)]
    return together(parts)


def _shown(cells: Matrix) -> tuple[list[str], Matrix]:
    """The ids and the sides of which anything is shown."""
    ids = [id_ for id_ in next(iter(cells.values())) if any(row.get(id_) is not None for row in cells.values())]
    return ids, {side: line for side, line in cells.items() if any(n is not None for n in line.values())}


def _none(period: str) -> Html:
    return tag("p", word("site.nothing", period=period_name(period)), class_="lead")


def _figures(page: str, name: str, cells: Matrix, query: Mapping[str, str], period: str, figures: Figures) -> Html:
    ids, shown = _shown(cells)
    row = query.get("id") or max(ids, key=lambda id_: sum(side.get(id_) or 0 for side in cells.values()))
    if row not in ids:
        raise LookupError("id")
    title = word(f"{page}.bars", label=id_name(name, row))
    values = [(side_name(BY[page], side, figures.known), line.get(row)) for side, line in shown.items()]
    table = list_table(period_name(period), word(f"columns.{BY[page]}"), values)
    subject = {"tabel": name.removeprefix(f"{BY[page]}_"), "periode": period}
    options = [(id_, id_name(name, id_)) for id_ in ids]
    rows = choice(word("site.choose_row"), options, row, MENU[page], subject, "id")
    matrix = _matrix(page, name, ids, shown, period, figures)
    missing = _missing(page, name, ids, cells, shown, figures)
    lead = tag("p", word(f"{page}.lead"), class_="lead")
    return together([lead, matrix, *missing, rows, figure("regel", title, bars(title, values), table)])


def _matrix(page: str, name: str, ids: list[str], shown: Matrix, period: str, figures: Figures) -> Html:
    """All of it as a table, shaded."""
    by, most = BY[page], _largest(shown)
    heads = [word(f"columns.{by}"), *(id_name(name, id_) for id_ in ids)]
    rows = [
        (side_name(by, side, figures.known), [_shaded(line.get(id_), most) for id_ in ids])
        for side, line in shown.items()
    ]
    caption = f"{word(f'tables.{name}.title')}, {period_name(period)}"
    return scrolling(caption, grid(caption, heads, rows, "matrix turned"))


def _missing(page: str, name: str, ids: list[str], cells: Matrix, shown: Matrix, figures: Figures) -> list[Html]:
    """What is hidden throughout is named in a sentence, instead of filling the table with dots."""
    rows = [side_name(BY[page], side, figures.known) for side in cells if side not in shown]
    columns = [id_name(name, id_) for id_ in next(iter(cells.values())) if id_ not in ids]
    named = (("site.hidden_rows", rows), ("site.hidden_columns", columns))
    return [tag("p", word(key, labels=", ".join(labels)), class_="intro") for key, labels in named if labels]


def _shaded(n: int | None, most: int) -> Html:
    return tag("td", number(n), class_=f"shade-{-(-n * SHADES // most)}" if n else None)


def _largest(cells: Matrix) -> int:
    return max((n for line in cells.values() for n in line.values() if n is not None), default=0)
