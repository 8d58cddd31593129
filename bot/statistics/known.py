"""Which rows a published table has, whether anything was counted in them or not: a row tells nothing by being there."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import yaml

from bot.paths import DATA, gemeente_folder
from bot.statistics.measures import UNKNOWN_WIJK, Measure

IDS = Path(__file__).with_name("ids.yml")
TAXONOMY = DATA / "taxonomy.yml"


@dataclass(frozen=True)
class Known:
    """The ids of each table, the languages and the wijken with their names, in the order in which they are shown."""

    ids: dict[str, tuple[str, ...]]
    """By the name of the city's table: `topics`, `routes` … Tables of one row have none."""
    languages: tuple[str, ...]
    wijken: dict[str, str]
    gemeente: str = ""
    """The municipality's own name."""

    @classmethod
    def of(cls, gemeente: str) -> Known:
        """What is known in a municipality, from data/taxonomy.yml, ids.yml and its own folder."""
        taxonomy = _read(TAXONOMY)
        listed = {name: tuple(taxonomy[name]) for name in ("topics", "drempels", "routes", "crisis")}
        listed |= {name: tuple(ids) for name, ids in _read(IDS).items()}
        # A missing folder is for the directory to report; here it means that no wijk is known.
        folder = gemeente_folder(gemeente)
        name = _read(folder / "gemeente.yml")["name"] if (folder / "gemeente.yml").is_file() else folder.name.title()
        rows = _read(folder / "wijken.yml")["wijken"] if (folder / "wijken.yml").is_file() else []
        return cls(listed, tuple(taxonomy["languages"]), {row["id"]: row["name"] for row in rows}, name)

    def sides(self, by: str) -> tuple[str, ...]:
        """The ids of a table's second column."""
        return {"": ("",), "language": self.languages, "wijk": (*self.wijken, UNKNOWN_WIJK)}[by]

    def keys(self, measure: Measure) -> tuple[tuple[str, str], ...]:
        """All cells of one period of a table."""
        ids = self.ids.get(measure.name.removeprefix(f"{measure.by}_"), ("",))
        return tuple(product(self.sides(measure.by), ids))


def _read(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
