"""The ids of data/taxonomy.yml, the public contract: topics, drempels, crisis, routes, intents."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from bot.paths import DATA


@dataclass(frozen=True)
class Taxonomy:
    """Every id, in the order of the file."""

    topics: tuple[str, ...]
    crisis: tuple[str, ...]
    coach: tuple[str, ...]
    talk: tuple[str, ...]
    drempels: tuple[str, ...]
    routes: tuple[str, ...]

    @property
    def intents(self) -> tuple[str, ...]:
        """All intents: `hulp_<topic>`, `crisis_<id>`, `coach_<id>`, and those of a conversation."""
        kinds = (("hulp", self.topics), ("crisis", self.crisis), ("coach", self.coach))
        return tuple(f"{kind}_{name}" for kind, names in kinds for name in names) + self.talk


@lru_cache
def taxonomy(path: Path = DATA / "taxonomy.yml") -> Taxonomy:
    raw = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return Taxonomy(**{name: tuple(raw[name]) for name in ("topics", "crisis", "coach", "talk", "drempels", "routes")})
