"""A mistake in a file of the map: where it stands, what is there, what was expected and how to mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path


@dataclass(frozen=True, order=True)
class Mistake:
    """One line for the person who wrote the file; `line` counts from 1, 0 where the whole file or folder is meant."""

    path: Path
    line: int
    what: str
    expected: str
    mend: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what}; expected {self.expected}; {self.mend}"


class DirectoryErrors(Exception):
    """Every mistake of a municipality's folder at once, in the order of path and line."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(sorted(set(mistakes)))
        super().__init__("\n".join(str(mistake) for mistake in self.mistakes))


def nearest(word: str, known: Iterable[str]) -> str:
    """A way to mend an unknown word: the known one that it resembles, or all of them where none does."""
    options = sorted(known)
    close = get_close_matches(word, options, n=1)
    return f"did you mean {close[0]!r}?" if close else f"choose from: {', '.join(options)}"


class NoFolder(FileNotFoundError):
    """There is no folder of that municipality: which one was looked for, and what was expected."""
