"""Two switches for bad days, each one setting: the chat says that it is closed, or says a notice first."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Any

import yaml
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.engine.failing import TALK
from bot.i18n.speech import spoken
from bot.languages import complete
from bot.settings import PREFIX, Settings, SettingsError

logger = logging.getLogger(__name__)
MOST_LETTERS = 600


class Notice:
    """A sentence per language from a file of the gemeente's own; a changed file counts at once."""

    def __init__(self, path: Path | None) -> None:
        """Raises SettingsError for a file that cannot be used: at the start somebody is there to read it."""
        self._path = path
        self._read: tuple[int, dict[str, str]] = (-1, {})
        if path is not None and path.exists():
            self._read = (path.stat().st_mtime_ns, sentences(path))

    def messages(self, language: str) -> list[dict[str, Any]]:
        """The notice as a message of the contract; none where there is none. A language without a sentence gets the first."""
        known = self._now()
        if not known:
            return []
        code = language if language in known else next(iter(known))
        return [{"text": known[code], "spoken": spoken(known[code]), "language": code}]

    def _now(self) -> dict[str, str]:
        if self._path is None or not self._path.exists():
            return {}
        changed = self._path.stat().st_mtime_ns
        if changed != self._read[0]:
            try:
                self._read = (changed, sentences(self._path))
            except SettingsError as error:  # a slip of the pen in a running chat: the notice that stood goes on
                logger.error("%s", error)
                self._read = (changed, self._read[1])
        return self._read[1]


def sentences(path: Path) -> dict[str, str]:
    """Language -> sentence. Raises SettingsError: which file, what was expected."""
    expected = f"expected one line per language ({', '.join(complete())}): a code, a colon and a sentence"
    try:
        rows = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader) or {}
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise SettingsError(f"{PREFIX}NOTICE: {path} cannot be read ({type(error).__name__}); {expected}") from error
    if not isinstance(rows, dict) or not all(isinstance(text, str) for text in rows.values()):
        raise SettingsError(f"{PREFIX}NOTICE: {path} is no list of sentences; {expected}")
    if unknown := [str(code) for code in rows if code not in complete()]:
        raise SettingsError(f"{PREFIX}NOTICE: {path} has {', '.join(unknown)}; {expected}")
    if long := [code for code, text in rows.items() if not 0 < len(text.strip()) <= MOST_LETTERS]:
        raise SettingsError(f"{PREFIX}NOTICE: {path}: {', '.join(long)} is empty or over {MOST_LETTERS} letters")
    return {code: text.strip() for code, text in rows.items()}


def is_closed(settings: Settings) -> bool:
    """By the setting, or at once by a file `closed` in the var folder."""
    return bool(settings.closed) or os.access(f"{settings.var}/closed", os.F_OK)


async def closed(request: Request) -> HTTPResponse | None:
    """Before a turn: the chat is closed, a number is said; a crisis still gets its own. Pages and cards go on."""
    speaks = request.path in TALK and request.method == "POST"
    if not speaks or not is_closed(request.app.ctx.settings):
        return None
    answer: HTTPResponse = await request.app.ctx.unserved.answer(request, "closed", 200)
    return answer
