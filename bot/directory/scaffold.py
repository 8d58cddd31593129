"""Makes the folder of a new municipality from data/new_municipality: readable at once, with a list of what is to do."""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.directory.loader import KINDS, load
from bot.directory.mistakes import DirectoryErrors, Mistake
from bot.paths import DATA

TEMPLATE = DATA / "new_municipality"
SCHEMAS = DATA / "schema"
ID_IN_NAME = "ID"
"""Stands in the name of a template where the municipality's id comes."""
WORD = re.compile(r"%\{(\w+)\}")


@dataclass(frozen=True)
class Beginning:
    """What somebody must know to begin: nothing else is filled in, for nothing is invented."""

    id: str
    name: str
    phone: str
    """The number of the gemeente, at which every route can end."""
    source: str
    """Where that number was read."""
    today: date
    url: str | None = None
    """Address of that source."""
    cbs_code: str | None = None
    fictional: bool = False


def make(beginning: Beginning, parent: Path) -> Path:
    """The new folder in `parent`. Raises FileExistsError; DirectoryErrors where the map could not be read: then nothing
    was made."""
    folder = parent.resolve() / beginning.id
    if folder.exists():
        raise FileExistsError(f"{folder} is there already; choose another id, or edit that one")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".new-", dir=folder.parent) as staging:
        draft = Path(staging) / beginning.id
        for section in KINDS:
            (draft / section).mkdir(parents=True)
        for template in sorted(TEMPLATE.rglob("*.yml")):
            _write(template, draft, folder, beginning)
        try:
            load(draft)
        except DirectoryErrors as errors:
            raise DirectoryErrors(_as_of(mistake, draft, folder) for mistake in errors.mistakes) from errors
        shutil.move(draft, folder)
    return folder


def _write(template: Path, draft: Path, folder: Path, beginning: Beginning) -> None:
    inside = template.relative_to(TEMPLATE)
    path = draft / inside.with_name(inside.name.replace(ID_IN_NAME, beginning.id))
    schemas = os.path.relpath(SCHEMAS, (folder / inside).parent)
    path.write_text(_filled(template.read_text(encoding="utf-8"), beginning, schemas), encoding="utf-8")


def _filled(text: str, beginning: Beginning, schemas: str) -> str:
    """The text with its `%{words}` filled in; a line that has a word of which nothing is known is left out."""
    words = {
        "id": beginning.id,
        "name": beginning.name,
        "phone": beginning.phone,
        "source": beginning.source,
        "url": beginning.url,
        "cbs_code": beginning.cbs_code,
        "fictional": "" if beginning.fictional else None,
        "today": beginning.today.isoformat(),
        "schema": schemas,
    }
    return "".join(
        WORD.sub(lambda word: _inside_quotes(words[word[1]] or ""), line)
        for line in text.splitlines(keepends=True)
        if all(words[word] is not None for word in WORD.findall(line))
    )


def _inside_quotes(text: str) -> str:
    """As it stands between the double quotes of YAML, which has those of JSON."""
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _as_of(mistake: Mistake, draft: Path, folder: Path) -> Mistake:
    """The same mistake by the path where the file would have come."""
    path = folder / mistake.path.relative_to(draft)
    return Mistake(path, mistake.line, mistake.what, mistake.expected, mistake.mend)
