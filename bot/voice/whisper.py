"""faster-whisper with a CTranslate2 model folder: Dutch, Turkish, Polish and English; not Papiamentu."""

from __future__ import annotations

from math import exp
from pathlib import Path
from typing import Any

THREADS = 2
NO_SPEECH = 0.6
"""Above this chance that nobody spoke, what Whisper writes is made up."""


class Whisper:
    """A loaded model."""

    def __init__(self, model: Any) -> None:
        self._model = model

    def transcribe(self, samples: Any, language: str) -> tuple[str, float | None]:
        """How sure: the mean chance of its words. Nothing is carried from one recording to the next."""
        found, _ = self._model.transcribe(samples, language=language, condition_on_previous_text=False, beam_size=5)
        said = [part for part in found if part.no_speech_prob < NO_SPEECH]
        if not said:
            return "", None
        return " ".join(part.text.strip() for part in said), exp(sum(part.avg_logprob for part in said) / len(said))


def load(folder: Path) -> Whisper:
    """From a folder as faster-whisper has it: model.bin, config.json, tokenizer.json. Nothing is fetched."""
    from faster_whisper import WhisperModel

    missing = [name for name in ("model.bin", "config.json", "tokenizer.json") if not (folder / name).is_file()]
    if missing:
        raise FileNotFoundError(f"{folder}: {', '.join(missing)} is missing")
    return Whisper(
        WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=THREADS, local_files_only=True)
    )
