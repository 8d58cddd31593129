"""Our own words, and what is understood of them: of what tests/conversations say, 44 in a hundred are one of them to the letter.

A yes, a no, the title of a button, the name of a wijk: such a message is understood once in each language of a conversation,
and then remembered. Nothing else is: not a letter that a resident thought of, nor who sent what.
"""

from __future__ import annotations

import marshal
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from bot.languages import languages
from bot.paths import LOCALES

FILES = ("answers", "topics", "drempels", "questions", "other")
CHOOSING = frozenset({"title", "answers", "choices", "yes", "no", "counting"})
"""What stands under these names in FILES is a button's title, or a word that somebody may choose by."""
MOST = 2000
"""Messages that are remembered, a word in one language each; 0.6 kB on average. The longest unheard goes first."""
Read = Callable[[str, str | None], dict[str, Any]]


class Memory:
    """Understands a message by `read`, but one of our `words` from memory.

    It cannot grow old: what `read` says depends on its model and its municipality alone, and it is theirs.
    """

    def __init__(self, words: Iterable[str], read: Read) -> None:
        self._words = frozenset(words)
        self._languages = frozenset({None, *languages()})
        self._read = read
        self._kept = lru_cache(MOST)(self._understood)

    def of(self, text: str, language: str | None) -> dict[str, Any]:
        """As `read` says it; each time a copy, which may be changed."""
        if text in self._words and language in self._languages:
            understood: dict[str, Any] = marshal.loads(self._kept(text, language))
            return understood
        return self._read(text, language)

    def _understood(self, text: str, language: str | None) -> bytes:
        """As bytes: reading them is the quickest way to a copy of plain dicts and lists."""
        return marshal.dumps(self._read(text, language))


def as_typed(words: Iterable[str]) -> frozenset[str]:
    """Words as they stand, in small letters, and as a telephone begins a sentence."""
    return frozenset(form for word in words for form in (word, word.lower(), word[:1].upper() + word[1:].lower()))


def words_to_choose_by(folder: Path = LOCALES) -> Iterator[str]:
    """The titles of all buttons and the words for yes, no, first …, in every language."""
    for language in languages(folder / "languages.yml"):
        for name in FILES:
            path = folder / language / f"{name}.yml"
            raw = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader) if path.is_file() else {}
            yield from _under(raw, False)


def _under(value: Any, chosen: bool) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _under(inner, chosen or name in CHOOSING)
    elif isinstance(value, list):
        for inner in value:
            yield from _under(inner, chosen)
    elif chosen:
        yield str(value)
