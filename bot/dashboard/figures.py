"""The published tables, looked up the way a page needs them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from bot.statistics.known import Known
from bot.statistics.tables import Row, Table


@dataclass(frozen=True)
class Figures:
    """All that a page may show; it has nothing else to read from."""

    tables: dict[str, Table]
    known: Known
    fictional: bool = False

    def periods(self, name: str, grain: str) -> list[str]:
        """The periods of a table, the newest last."""
        return [row["period"] for row in self.tables[name]["total"] if row["grain"] == grain]

    def cells(self, name: str, period: str) -> dict[str, int | None]:
        """A table of the whole city in one period: id -> number, None where it is hidden."""
        return {row.get("id", ""): row["cell"]["n"] for row in self._rows.get((name, period), [])}

    def sides(self, name: str, by: str, period: str) -> dict[str, dict[str, int | None]]:
        """A table by wijk or language in one period: wijk or language -> id -> number."""
        found: dict[str, dict[str, int | None]] = {}
        for row in self._rows.get((name, period), []):
            found.setdefault(row[by], {})[row["id"]] = row["cell"]["n"]
        return found

    def city(self, period: str) -> int | None:
        """Conversations of the whole city in one period."""
        return self.cells("conversations", period).get("")

    @cached_property
    def _rows(self) -> dict[tuple[str, str], list[Row]]:
        found: dict[tuple[str, str], list[Row]] = {}
        for name, table in self.tables.items():
            for row in table["rows"]:
                found.setdefault((name, row["period"]), []).append(row)
        return found
