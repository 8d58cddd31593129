"""The published tables as plain text: of each table its newest period of each grain."""

from __future__ import annotations

from collections.abc import Iterator

from bot.dashboard.words import id_name, period_name, side_name, word
from bot.statistics.known import Known
from bot.statistics.measures import MEASURE
from bot.statistics.tables import Row, Table


def report(published: dict[str, Table], known: Known) -> str:
    """All tables, to be read in a terminal."""
    parts = [part for table in published.values() for part in _newest(table, known)]
    return "\n\n".join(parts) or word("cli.empty")


def _newest(table: Table, known: Known) -> Iterator[str]:
    for grain in table["grains"]:
        periods = [row["period"] for row in table["total"] if row["grain"] == grain]
        if not periods:
            continue
        rows = [row for row in table["rows"] if row["period"] == periods[-1]]
        shown = [f"  {row['cell']['n']:>7}  {_label(table['name'], row, known)}" for row in rows if row["cell"]["n"]]
        title = word("cli.latest", title=word(f"tables.{table['name']}.title"), period=period_name(periods[-1]))
        hidden = len(rows) - len(shown)
        yield "\n".join([title, *shown, *([f"        .  {word('cli.hidden', n=hidden)}"] if hidden else [])])


def _label(name: str, row: Row, known: Known) -> str:
    by = MEASURE[name].by
    own = id_name(name, row.get("id", ""))
    return f"{side_name(by, row[by], known)}: {own}" if by else own
