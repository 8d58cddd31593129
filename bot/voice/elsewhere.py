"""A listener in a process of its own: the model's memory, its threads and its crashes are not the chat's."""

from __future__ import annotations

import sys
from pathlib import Path

from bot.settings import PREFIX, Settings, SettingsError
from bot.voice.listening import Heard
from bot.voice.process import EngineProcess, python_command

SECONDS = 90
"""For a minute of speech on a slow machine; the first question also waits for the model."""
SHERPA = frozenset({"nl", "tr", "pl", "pap", "en"})
"""Omnilingual ASR lists all five; its paper gives figures for each."""
WHISPER = frozenset({"nl", "tr", "pl", "en"})
"""Whisper was never taught Papiamentu: it would write something like Spanish, and sure of it."""


class ListensElsewhere:
    """Asks `python -m bot.voice.recognising <engine> <folder>`; the process starts with the first recording."""

    def __init__(self, engine: str, folder: Path, python: str, languages: frozenset[str]) -> None:
        command = python_command("bot.voice.recognising", engine, folder, python=python)
        self._process = EngineProcess(command, SECONDS)
        self._languages = languages

    def hears(self, language: str) -> bool:
        return language in self._languages

    async def hear(self, audio: bytes, language: str) -> Heard | None:
        said, _ = await self._process.ask({"language": language}, audio)
        return Heard(said["text"], said.get("sure")) if said.get("text") else None

    async def stop(self) -> None:
        await self._process.stop()


def sherpa(settings: Settings) -> ListensElsewhere:
    return _of("sherpa", settings, SHERPA)


def whisper(settings: Settings) -> ListensElsewhere:
    return _of("whisper", settings, WHISPER)


def _of(engine: str, settings: Settings, languages: frozenset[str]) -> ListensElsewhere:
    """Raises SettingsError where there is no folder: that is said at the start, not to the first who speaks."""
    folder = settings.listener_model
    if folder is None or not folder.is_dir():
        given = f"is {str(folder)!r}, which is no folder" if folder else "is not set"
        raise SettingsError(f"{PREFIX}LISTENER_MODEL {given}; {PREFIX}LISTENER={engine} needs its model: docs/voice.md")
    return ListensElsewhere(engine, folder.resolve(), settings.listener_python or sys.executable, languages)
