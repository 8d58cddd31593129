"""The understanding with the places of one municipality: where the model and the map come together."""

from __future__ import annotations

from bot.directory import load
from bot.nlu.model import Model
from bot.nlu.own_words import as_typed, words_to_choose_by
from bot.nlu.places import Places
from bot.nlu.understanding import Understanding
from bot.paths import gemeente_folder


def understanding_for(model: Model, gemeente: str) -> Understanding:
    """Understands messages for this municipality (DREMPELHULP_GEMEENTE)."""
    directory = load(gemeente_folder(gemeente))
    names = {wijk.id: (wijk.name, *wijk.spoken_names) for wijk in directory.wijken.values()}
    postcodes = {code: (known.wijken, known.ask) for code, known in directory.postcodes.items()}
    gebieden = {wijk.id: wijk.gebied for wijk in directory.wijken.values()}
    own = as_typed([*words_to_choose_by(), *(name for spoken in names.values() for name in spoken)])
    return Understanding(model, Places(names, postcodes, gebieden, directory.name), own)
