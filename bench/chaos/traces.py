"""Whether anything that residents said of themselves stands in any file, in any of the ways in which it can be written."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tests.privacy_fixtures import Search, written_since


def words_left(folder: Path, begun: float, secrets: Iterable[str]) -> list[str]:
    """A fault for each file with a secret in it; the secret itself is not repeated."""
    search = Search(secrets)
    files = written_since(begun - 1, folder)
    found = {path: search.in_bytes(raw) for path, raw in files.items()}
    print(
        f"{len(search.needles)} secrets were looked for in {len(files)} files, {sum(map(len, files.values())) / 1e6:.0f} MB"
    )
    return [f"{len(secrets)} secrets stand in {path.name}" for path, secrets in found.items() if secrets]
