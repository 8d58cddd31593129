"""Words that few people meet, by how often they stand in books and on the web. A hint, never a mistake.

wordfreq is a tool of the workshop: it is loaded only here and only when somebody asks, never by the server.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator

from bot.checks.limits import Limits
from bot.checks.steps import PLACEHOLDER
from bot.folding import fold

WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
Frequency = Callable[[str], float]
"""Zipf frequency of a word: 7 for "de", 3 for once in a million words, 0 for never."""


def rare_words(text: str, limits: Limits, frequency: Frequency) -> Iterator[tuple[str, float]]:
    """The rare words of a text with their frequency; none where nobody has counted the language."""
    if limits.rare_below is None:
        return
    for word in WORD.findall(PLACEHOLDER.sub(" ", text)):
        if fold(word) in limits.allowed:
            continue
        found = max(map(frequency, _known_as(word, limits.stem)))
        if found < limits.rare_below:
            yield word.lower(), found


def _known_as(word: str, stem: int | None) -> list[str]:
    """The word; where endings are many, its beginnings too, for "konuşabilirsiniz" is no rarer than "konuş"."""
    if stem is None:
        return [word]
    return [word, *(word[:end] for end in range(stem, len(word)))]


def frequency_in(language: str) -> Frequency | None:
    """How often words of this language are met; None where wordfreq is not installed or does not know the language."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it greets with a warning about its own packaging
            import wordfreq
    except ImportError:
        return None
    if language not in wordfreq.available_languages("small"):
        return None
    return lambda word: float(wordfreq.zipf_frequency(word, language))
