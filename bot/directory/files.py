"""Where each thing of the map stands: the file that an editor opens to change it."""

from __future__ import annotations

from pathlib import Path

from bot.directory.loader import KINDS


def files(folder: Path) -> dict[str, Path]:
    """Id -> file; a file is called as its id (`load` refuses any other name)."""
    return {path.stem: path for section in KINDS for path in sorted(folder.glob(f"{section}/*.yml"))}
