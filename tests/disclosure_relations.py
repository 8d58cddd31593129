"""What an attacker knows: all that is published of a quarter, and how the tables belong together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from bot.statistics.known import Known
from bot.statistics.periods import parts_of

Key = tuple[str, str, str, str]
"""(table, period, wijk or language or nothing, id)"""
Published = dict[Key, int | None]
Name = object
"""Of an unknown: the key of a cell, or what is in no table: the conversations of a wijk, those with a route."""
TABLES = ("topics", "drempels", "routes", "unmet")
"""Those that are published by wijk or by language too."""
ASKS = {"hour": "bereik", "language": "taal"}
"""What was missing is noted only where this drempel was heard, as whoever reads bot/conversation/unmet.py knows."""
ANYTHING = float("inf")


class Relations:
    """A hidden cell is 0 to 9, unless it may have been withheld: those in `open_cells` can be anything."""

    def __init__(self, published: Published, open_cells: set[Key], known: Known, quarter: str) -> None:
        months = parts_of(quarter)
        periods = {quarter, *months, *(week for month in months for week in parts_of(month))}
        self.published = {key: n for key, n in published.items() if key[1] in periods}
        self.hidden = [key for key, n in self.published.items() if n is None]
        self.place: dict[Name, int] = {key: number for number, key in enumerate(self.published)}
        self.rooms = [_room(n, key in open_cells) for key, n in self.published.items()]
        self.rows: list[dict[int, float]] = []
        self.equal: list[bool] = []
        self.months, self.quarter, self.known = months, quarter, known
        self._groups: dict[tuple[str, str, str], list[Key]] = defaultdict(list)
        for key in self.published:
            self._groups[key[0], key[1], key[3]].append(key)
        for month in months:
            self._learn_month(month)
        for name in TABLES:
            self._learn_ids(name)
        for by in ("wijk", "language"):
            self._learn_sides(by)

    def _unknown(self, name: Name) -> Name:
        self.place[name] = len(self.place)
        self.rooms.append((0, ANYTHING))
        return name

    def _cells(self, name: str, period: str, id_: str | None = None) -> list[Key]:
        if id_ is not None:
            return self._groups.get((name, period, id_), [])
        return [key for group, keys in self._groups.items() if group[:2] == (name, period) for key in keys]

    def _at_most(self, parts: Iterable[Name], wholes: Iterable[Name], equal: bool = False) -> None:
        row: dict[int, float] = defaultdict(float)
        for key in parts:
            row[self.place[key]] += 1
        for key in wholes:
            row[self.place[key]] -= 1
        self.rows.append(row)
        self.equal.append(equal)

    def _learn_month(self, month: str) -> None:
        city, routed = self._unknown(("all", month)), self._unknown(("routed", month))
        weeks = [key for week in parts_of(month) for key in self._cells("conversations", week)]
        self._at_most(weeks, [city], equal=True)
        self._at_most(self._cells("channels", month), [city], equal=True)
        self._at_most(self._cells("turns", month), [routed], equal=True)
        self._at_most([routed], [city])
        self._at_most([routed], self._cells("routes", month))
        self._at_most(self._cells("outcome", month), [routed])
        self._at_most(self._cells("not_understood", month), [city])
        for name, whole in (("topics", city), ("drempels", city), ("unmet", routed), ("routes", routed)):
            for cell in self._cells(name, month):
                self._at_most([cell], [whole])
        for missed, drempel in ASKS.items():
            if drempel in self.known.ids["drempels"]:
                self._at_most(self._cells("unmet", month, missed), self._cells("drempels", month, drempel))

    def _learn_ids(self, name: str) -> None:
        """The wijken of an id are its months, and so are its languages."""
        for id_ in self.known.ids[name]:
            months = [key for month in self.months for key in self._cells(name, month, id_)]
            for by in ("wijk", "language"):
                cells = self._cells(f"{by}_{name}", self.quarter, id_)
                if cells:
                    self._at_most(cells, months, equal=True)

    def _learn_sides(self, by: str) -> None:
        """Each conversation stands on one side with all its ids: a side has as many as its largest cell, or more."""
        talks: list[Name] = []
        routed: list[Name] = []
        for side in self.known.sides(by):
            own, with_route = self._unknown(("of", by, side)), self._unknown(("routed of", by, side))
            talks, routed = [*talks, own], [*routed, with_route]
            for name, whole in (("topics", own), ("drempels", own), ("routes", with_route), ("unmet", with_route)):
                for cell in self._side(by, name, side):
                    self._at_most([cell], [whole])
            self._at_most([with_route], [own])
            self._at_most([with_route], self._side(by, "routes", side))
            if by == "wijk":
                for missed, drempel in ASKS.items():
                    if drempel in self.known.ids["drempels"]:
                        whole_cells = [key for key in self._side(by, "drempels", side) if key[3] == drempel]
                        self._at_most([key for key in self._side(by, "unmet", side) if key[3] == missed], whole_cells)
        self._at_most(talks, [("all", month) for month in self.months], equal=True)
        self._at_most(routed, [("routed", month) for month in self.months], equal=True)

    def _side(self, by: str, name: str, side: str) -> list[Key]:
        return [key for key in self._cells(f"{by}_{name}", self.quarter) if key[2] == side]


def _room(n: int | None, is_open: bool) -> tuple[float, float]:
    if n is None:
        return (0, ANYTHING) if is_open else (0, 9)
    return (max(10, n - 2), n + 2)
