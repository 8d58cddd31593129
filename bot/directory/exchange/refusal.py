"""A mistake in a sheet: where it stands, what is there, what was expected, how to mend it; and all of them at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.directory.mistakes import Mistake


@dataclass(frozen=True, order=True)
class SheetMistake:
    """One line for the person who filled in the sheet."""

    file: str
    row: int
    """As the spreadsheet counts: the names of the columns are row 1. 0: the whole file."""
    column: str
    """Name of the column; empty where the whole row is meant."""
    what: str
    expected: str
    mend: str
    thing: str = ""
    """Section and id, in a document that has no rows."""

    def __str__(self) -> str:
        place = [f"row {self.row}"] if self.row else [self.thing] if self.thing else []
        place += [f"column {self.column}"] if self.column else []
        where = f"{self.file}:{', '.join(place)}" if place else self.file
        return f"{where}: {self.what}; expected {self.expected}; {self.mend}"


class Refused(Exception):
    """The whole file is refused, with every mistake that was found in it; nothing on the map changed."""

    def __init__(self, mistakes: Iterable[SheetMistake | Mistake]) -> None:
        found = set(mistakes)
        in_sheet = sorted(mistake for mistake in found if isinstance(mistake, SheetMistake))
        on_map = sorted(mistake for mistake in found if isinstance(mistake, Mistake))
        self.mistakes: tuple[SheetMistake | Mistake, ...] = (*in_sheet, *on_map)
        super().__init__("\n".join(str(mistake) for mistake in self.mistakes))
