"""Where the learned model lies: var/models/understanding-<fingerprint of the material>; learned once for each."""

from __future__ import annotations

import shutil
from pathlib import Path

from bot.nlu.material import fingerprint, read_material
from bot.nlu.model import NAMES, Model
from bot.nlu.training import train

FORMAT = 9
"""Goes up when the code that learns changes what it makes."""


def model_folder(material: Path, models: Path) -> Path:
    return models / f"understanding-{FORMAT}-{fingerprint(material)}"


def learned(material: Path, models: Path) -> Model:
    """The model for this material: loaded where it was learned before, else learned now and kept."""
    folder = model_folder(material, models)
    if not (folder / NAMES).exists():
        fresh = folder.with_suffix(".new")
        shutil.rmtree(fresh, ignore_errors=True)
        train(read_material(material)).save(fresh)
        shutil.rmtree(folder, ignore_errors=True)
        fresh.rename(folder)
    return Model.load(folder)
