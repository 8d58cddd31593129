"""The published tables in their one public form, which the dashboard, API, CSV, ODS and command line all show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypedDict

from sqlalchemy import select

from bot.statistics.disclosure import total
from bot.statistics.known import Known
from bot.statistics.measures import MEASURES, Measure
from bot.statistics.periods import GRAINS, first_week, period_of, week_of
from bot.statistics.publication import edition_of, publish
from bot.statistics.schema import PUBLISHED
from bot.statistics.store import Store

Row = dict[str, Any]
"""`period`, `grain`, `wijk` or `language` and `id` where the table has them, and `cell` as `as_cell` writes it."""
Shown = dict[tuple[str, str], int | None]


class Table(TypedDict):
    """One published table. `total`: of each period the sum of the cells that are shown."""

    name: str
    definition: str
    """Key of the text in locales/nl/ that says what is counted."""
    grains: list[str]
    columns: list[str]
    rows: list[Row]
    total: list[Row]


def tables(store: Store, moment: datetime) -> dict[str, Table]:
    """Every published table, of all periods that are over at the moment; publishes first what was not published yet.

    What is published changes once a week: in between it is read once. Nobody may change what this returns.
    """
    publish(store, moment)
    current = week_of(moment)
    with store.engine.begin() as connection:
        edition = edition_of(connection)
    if edition is None or (edition, current) not in store.read:
        found = _read(store, current)
        store.read.clear()
        store.read[edition, current] = found
        return found
    kept: dict[str, Table] = store.read[edition, current]
    return kept


def _read(store: Store, current: str) -> dict[str, Table]:
    frozen: dict[str, dict[str, Shown]] = {measure.name: defaultdict(dict) for measure in MEASURES}
    with store.engine.begin() as connection:
        columns = PUBLISHED.c
        cells = select(columns.name, columns.period, columns.side, columns.id, columns.n)
        for name, period, side, id_, n in connection.execute(cells):
            frozen[name][period][side, id_] = n
    return {measure.name: _table(measure, frozen[measure.name], store.known, current) for measure in MEASURES}


def as_cell(n: int | None) -> dict[str, Any]:
    """A cell as the contract writes it."""
    return {"n": None, "hidden": True} if n is None else {"n": n}


def _table(measure: Measure, frozen: dict[str, Shown], known: Known, current: str) -> Table:
    grains = GRAINS[GRAINS.index(measure.grain) :]
    columns = [column for column, there in ((measure.by, measure.by), ("id", measure.name != "conversations")) if there]
    place = {key: number for number, key in enumerate(known.keys(measure))}
    rows: list[Row] = []
    totals: list[Row] = []
    for grain in grains:
        for period, cells in sorted(_summed(frozen, grain, current).items()):
            when = {"period": period, "grain": grain}
            for key in sorted(cells, key=lambda key: (place.get(key, len(place)), key)):
                ids = {column: part for column, part in zip((measure.by, "id"), key, strict=True) if column in columns}
                rows.append({**when, **ids, "cell": as_cell(cells[key])})
            totals.append({**when, "cell": as_cell(total(cells.values()))})
    definition = f"dashboard.tables.{measure.name}.definition"
    return Table(
        name=measure.name, definition=definition, grains=list(grains), columns=columns, rows=rows, total=totals
    )


def _summed(frozen: dict[str, Shown], grain: str, current: str) -> dict[str, Shown]:
    """The periods of one grain that are over, each cell the sum of what is shown of it in the finest periods below."""
    parts: dict[str, dict[tuple[str, str], list[int | None]]] = defaultdict(lambda: defaultdict(list))
    for period, cells in frozen.items():
        whole = period_of(first_week(period), grain)
        if whole < period_of(current, grain):
            for key, n in cells.items():
                parts[whole][key].append(n)
    return {period: {key: total(ns) for key, ns in cells.items()} for period, cells in parts.items()}


def cells_of(table: Table, period: str) -> Iterable[Row]:
    """The rows of one period."""
    return (row for row in table["rows"] if row["period"] == period)
