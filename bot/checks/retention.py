"""The life of each datum as a page: docs/privacy/retention.yml made into docs/privacy/bewaartermijnen.md."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.paths import ROOT

FOLDER = ROOT / "docs" / "privacy"
SOURCE, FRAME, PAGE = "retention.yml", "bewaartermijnen.frame.md", "bewaartermijnen.md"
HERE = "<!-- tabel -->"
"""Where the table stands in the frame."""


@dataclass(frozen=True)
class Datum:
    """One row. `term` in words, `kept` its number and unit where it has one, `by` where the program has that."""

    id: str
    datum: str
    personal: str
    where: str
    term: str
    ends: str
    kept: dict[str, Any] | None = None
    by: dict[str, str] | None = None

    @property
    def how_long(self) -> str:
        kept = f"{self.kept['number']} {self.kept['unit']}" if self.kept else ""
        return self.term.replace("%{kept}", kept)


def read(folder: Path = FOLDER) -> list[Datum]:
    rows = yaml.load((folder / SOURCE).read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return [Datum(**row) for row in rows]


def page(folder: Path = FOLDER) -> str:
    """The frame with the table in it."""
    heads = ("Gegeven", "Persoonsgegeven?", "Waar", "Hoe lang", "Wie maakt er een eind aan")
    rows = [(row.datum, row.personal, row.where, row.how_long, row.ends) for row in read(folder)]
    lines = [heads, ("---",) * len(heads), *rows]
    table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    return (folder / FRAME).read_text(encoding="utf-8").replace(HERE, table)


if __name__ == "__main__":
    (FOLDER / PAGE).write_text(page(), encoding="utf-8")
