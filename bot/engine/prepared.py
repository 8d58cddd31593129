"""Statements that are written once, as the driver takes them. SQLAlchemy writes and compares a statement anew at each use:
a turn's three statements took half a millisecond, most of it for that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.sql import ClauseElement


@dataclass(frozen=True)
class Prepared:
    """SQL of one dialect. `places`: the names of its values in order, where the driver takes them by place."""

    sql: str
    places: tuple[str, ...] | None

    @classmethod
    def of(cls, statement: ClauseElement, dialect: Dialect) -> Prepared:
        """`statement` has a `bindparam` for each value; an insert's values have the names of their columns."""
        compiled = statement.compile(dialect=dialect)
        return cls(str(compiled), tuple(compiled.positiontup) if compiled.positional else None)

    def given(self, values: Mapping[str, Any]) -> Any:
        """The values as the driver takes them."""
        return values if self.places is None else tuple(values[name] for name in self.places)


Step = tuple[Prepared, dict[str, Any]]
"""A statement and its values."""
