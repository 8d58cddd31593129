"""The process in which a recogniser lives: `python -m bot.voice.recognising sherpa|whisper <folder>`, frames in, frames out.

It may run in an environment of its own, which needs `av` and the recogniser, and nothing of ours but these modules.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any, Protocol

from bot.voice.decoding import SILENT, decoded
from bot.voice.frames import Head, serve

ENGINES = {"sherpa": "bot.voice.sherpa", "whisper": "bot.voice.whisper"}


class Recogniser(Protocol):
    """A loaded model."""

    def transcribe(self, samples: Any, language: str) -> tuple[str, float | None]:
        """The words in 16,000 samples a second (numpy, float32, one channel), and how sure it is, 0 to 1."""


def load(engine: str, folder: Path) -> Recogniser:
    """The model in this folder; raises FileNotFoundError that names what is missing."""
    recogniser: Recogniser = importlib.import_module(ENGINES[engine]).load(folder)
    return recogniser


def main(engine: str, folder: Path) -> None:
    loaded: list[Recogniser] = []

    def answer(head: Head, body: bytes) -> tuple[Head, bytes]:
        if not loaded:  # inside the first question, so that a folder that cannot be read is told as an answer
            loaded.append(load(engine, folder))
        samples = decoded(body)
        if abs(samples).max(initial=0) < SILENT:
            return {"text": ""}, b""
        text, sure = loaded[0].transcribe(samples, head["language"])
        return {"text": text.strip(), "sure": sure}, b""

    serve(answer)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
