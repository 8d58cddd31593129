"""What may be shown of a quarter's tables by wijk and by language, after its months."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.engine import Connection

from bot.statistics.disclosure import WITHHELD, Cell, Line, Sum, crowded, of_quarter
from bot.statistics.measures import ASKED_BY
from bot.statistics.periods import parts_of
from bot.statistics.released import shown, weeks
from bot.statistics.sides import with_room

if TYPE_CHECKING:
    from bot.statistics.store import Store

CITY = ""
BASES = ("topics", "drempels", "routes", "unmet")
Known = dict[tuple[str, str], Sum]
"""(table, id) -> what its months say that the line must add up to."""


def of_sides(store: Store, connection: Connection, period: str, lines: dict[str, Line]) -> dict[str, Line]:
    """The tables of a quarter as they may be shown. `lines`: every cell gated by itself."""
    lines = dict(lines)
    known = _beside_months(store, connection, period, lines)
    _beside_drempels(lines, known)
    for by in ("wijk", "language"):
        for bases in (("routes", "unmet"), BASES):
            names = [name for base in bases if (name := f"{by}_{base}") in lines]
            own = {key: _row(lines[key[0]], key[1]) for key in known if key[0] in names}
            most = sum(_ceiling(store, connection, bases[0], month) for month in parts_of(period))
            for (name, _), row in with_room(own, {key: known[key].low for key in own}, most).items():
                lines[name] |= row
    return lines


def _beside_months(store: Store, connection: Connection, period: str, lines: dict[str, Line]) -> Known:
    months, known = parts_of(period), Known()
    for base in BASES:
        names = [name for name in lines if name.endswith(f"_{base}")]
        before = [shown(store, connection, base, month) for month in months]
        ceilings = [_ceiling(store, connection, base, month) for month in months]
        for id_ in dict.fromkeys(id_ for name in names for _, id_ in lines[name]):
            cells = [month.get((CITY, id_), Cell.gated(0)) for month in before]
            rows = [_row(lines[name], id_) for name in names]
            for name, row in zip(names, of_quarter(cells, ceilings, rows), strict=True):
                lines[name] |= row
                known[name, id_] = Sum.of(cells)
    return known


def _beside_drempels(lines: dict[str, Line], known: Known) -> None:
    for missed, drempel in ASKED_BY.items():
        part, whole = _row(lines["wijk_unmet"], missed), _row(lines["wijk_drempels"], drempel)
        if not part or not whole:
            continue
        between = known["wijk_drempels", drempel].high - known["wijk_unmet", missed].low
        if crowded(part, whole, between):
            lines["wijk_unmet"] |= dict.fromkeys(part, WITHHELD)
            for name in ("wijk_drempels", "language_drempels"):
                lines[name] |= dict.fromkeys(_row(lines[name], drempel), WITHHELD)


def _row(line: Line, id_: str) -> Line:
    """One id's cells of a table."""
    return {key: cell for key, cell in line.items() if key[1] == id_}


def _ceiling(store: Store, connection: Connection, base: str, month: str) -> float:
    """The most that a cell of a month's table can be, by the tables that are at least as much."""
    lines = [shown(store, connection, name, month) for name in ("channels", "turns")[: 2 if base == "routes" else 1]]
    # A line that is hidden throughout may have been withheld, and bounds nothing.
    bounds = [line.values() for line in lines if any(cell.shown is not None for cell in line.values())]
    return min(Sum.of(cells).high for cells in (weeks(store, connection, month), *bounds))
