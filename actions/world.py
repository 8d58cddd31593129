"""What all actions share, read once when the first of them runs: the map, the script, the words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from bot.choices import Counting
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
        spoken = _spoken(self.catalogue, language)
        if not choices:
            return spoken
        codes = [*choices["codes"], *WHOLE.get(choices.get("group", ""), ())]
        titles = self.wording.titles({**choices, "codes": codes}, language)
        return Words(titles, spoken.yes, spoken.no, spoken.counting)


@lru_cache
def _spoken(catalogue: Catalogue, language: str) -> Words:
    """What is a yes, a no and a number in a language, whatever is offered: gathered once, not in each turn."""
    numbers = range(1, 8)
    counting = {word: n for n in numbers for word in catalogue.words(f"answers.counting.{n}", language)}
    yes, no = (frozenset(catalogue.words(f"answers.{name}", language)) for name in ("yes", "no"))
    return Words(yes=yes, no=no, counting=Counting(counting))


@lru_cache
def world() -> World:
    settings = Settings()
    directory = load(gemeente_folder(settings.gemeente))
    words = catalogue()
    wijken = {wijk.id: wijk.name for wijk in directory.wijken.values()}
    return World(settings, directory, read_script(), words, Wording(words, wijken))
