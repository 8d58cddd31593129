"""What a check tells of a municipality's folder: its mistakes, or else what its editors noted as still to do."""

from __future__ import annotations

from pathlib import Path

from bot.directory.loader import load
from bot.directory.mistakes import DirectoryErrors, Mistake
from bot.directory.yaml_lines import read_yaml


def unfinished(folder: Path) -> tuple[Mistake, ...]:
    """Every mistake in the folder; where there is none, the rows of `to_do`. A map with such rows can be tried out, and
    is not ready for residents. Raises FileNotFoundError where there is no such folder."""
    try:
        load(folder)
    except DirectoryErrors as errors:
        return errors.mistakes
    file = read_yaml(folder / "gemeente.yml")
    ready, mend = "a map that is ready for residents", "do it, and take out its row"
    rows = enumerate(file.value.get("to_do", ()))
    return tuple(file.mistake(("to_do", number), f"to do: {row}", ready, mend) for number, row in rows)
