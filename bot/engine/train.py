"""Trains the assistant when something that it is made of has changed, and says where the model lies."""

from __future__ import annotations

import gc
import hashlib
import os
from pathlib import Path

from bot.engine.logs import withhold
from bot.nlu.material import fingerprint
from bot.nlu.store import FORMAT
from bot.paths import NLU, ROOT, RULES

DOMAIN, CONFIG = ROOT / "domain.yml", ROOT / "config.yml"


def model_path(var: Path) -> Path:
    """One model for each state of domain, rules, configuration and material."""
    digest = hashlib.blake2b(f"{FORMAT}{fingerprint(NLU)}".encode(), digest_size=8)
    for path in (DOMAIN, CONFIG, *sorted(RULES.glob("*.yml"))):
        digest.update(path.read_bytes())
    return var / "models" / f"drempelhulp-{digest.hexdigest()}.tar.gz"


def trained(var: Path) -> Path:
    """The model for what lies on disk now: found, or trained. Raises RuntimeError where training gives none."""
    path = model_path(var)
    if not path.exists():
        _train(path)
    return path


def set_aside(path: Path) -> None:
    """Takes away a model that cannot be loaded, so that the next `trained` makes it anew."""
    path.replace(path.with_name(f"{path.name}.broken"))


def _train(path: Path) -> None:
    withhold()  # before Rasa is loaded, which prints on its way
    gc.enable()  # a start that only loads goes without (bot/engine/garbage.py); learning makes garbage
    from rasa.model_training import train

    path.parent.mkdir(parents=True, exist_ok=True)
    os.chdir(ROOT)  # Rasa looks for its cache and for the modules of config.yml from here
    own = path.with_name(f"{os.getpid()}-{path.name}")  # whole or not there: another process may be looking for it
    result = train(
        domain=str(DOMAIN),
        config=str(CONFIG),
        training_files=[str(RULES)],
        output=str(path.parent),
        fixed_model_name=own.name.removesuffix(".tar.gz"),
    )
    if result.code or not own.exists():
        raise RuntimeError(f"training ended with code {result.code}: no model at {own}")
    own.replace(path)
