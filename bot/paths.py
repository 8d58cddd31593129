"""Where things lie: every path of the project, from this file's own place, and nowhere else."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"
GEMEENTEN = DATA / "gemeenten"
NLU = DATA / "nlu"
RULES = DATA / "rules"
LOCALES = ROOT / "locales"
WIDGET = ROOT / "bot" / "channels" / "widget"
VAR = ROOT / "var"
"""All that the program writes. A test or a second installation moves it with DREMPELHULP_VAR."""


def gemeente_folder(name: str) -> Path:
    """The folder of a municipality: by its name in data/gemeenten, or by a path to where a fork keeps its own.

    What holds a slash, or begins with a point or `~`, is a path; a relative one starts at the project's own folder, as
    DREMPELHULP_VAR does. Whether the folder is there, `bot.directory.load` says.
    """
    path = Path(name).expanduser()
    return GEMEENTEN / path if len(path.parts) == 1 and not name.startswith((".", "~")) else ROOT / path
