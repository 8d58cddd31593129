"""One file of the map that keeps to its schema, before it is compared with the others."""

from __future__ import annotations

from dataclasses import dataclass

from bot.directory.mistakes import Mistake
from bot.directory.yaml_lines import YamlFile
from bot.model import Service


@dataclass(frozen=True)
class Entry:
    """A thing with the file in which it stands."""

    file: YamlFile
    folder_kind: str
    """The kind that its folder says; `service.kind` is `crisis` where the file says so."""
    service: Service
    status: str | None = None
    why: str | None = None

    def mistake(self, field: str, what: str, expected: str, mend: str) -> Mistake:
        return self.file.mistake((field,), what, expected, mend)
