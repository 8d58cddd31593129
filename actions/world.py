"""What all actions share, read once when the first of them runs: the map, the script, the words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from bot.conversation.answering import Words
from bot.conversation.script import Script, read_script
from bot.directory import Directory, load
from bot.i18n.catalogue import Catalogue, catalogue
from bot.i18n.wording import Wording
from bot.paths import gemeente_folder
from bot.settings import Settings
from bot.taxonomy import taxonomy

WHOLE = {"topics": taxonomy().topics, "drempels": taxonomy().drempels}
"""Choices that come in pages: each may be named, also one that is on a next page."""


@dataclass(frozen=True)
class World:
    """One municipality with its words, as it stands while this process runs."""

    settings: Settings
    directory: Directory
    script: Script
    catalogue: Catalogue
    wording: Wording

    def words(self, language: str, choices: dict) -> Words:
        """How somebody may answer in this language: the offered titles, yes and no, one two three."""
        counting = {
            word: number
            for number in range(1, 8)
            for word in self.catalogue.words(f"answers.counting.{number}", language)
        }
        known = WHOLE.get(choices.get("group", ""), ())
        return Words(
            titles=self.wording.titles({**choices, "codes": [*choices["codes"], *known]}, language) if choices else {},
            yes=frozenset(self.catalogue.words("answers.yes", language)),
            no=frozenset(self.catalogue.words("answers.no", language)),
            counting=counting,
        )


@lru_cache
def world() -> World:
    settings = Settings()
    directory = load(gemeente_folder(settings.gemeente))
    words = catalogue()
    wijken = {wijk.id: wijk.name for wijk in directory.wijken.values()}
    return World(settings, directory, read_script(), words, Wording(words, wijken))
