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
