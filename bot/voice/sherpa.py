"""sherpa-onnx with Meta's Omnilingual ASR (CTC): one model that knows all our languages, so that none need be guessed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bot.voice.decoding import RATE

THREADS = 2


class Sherpa:
    """A loaded model. It does not say how sure it is: what it heard is asked back in any case."""

    def __init__(self, recogniser: Any) -> None:
        self._recogniser = recogniser

    def transcribe(self, samples: Any, language: str) -> tuple[str, float | None]:
        stream = self._recogniser.create_stream()
        stream.accept_waveform(RATE, samples)
        self._recogniser.decode_stream(stream)
        return str(stream.result.text), None


def load(folder: Path) -> Sherpa:
    """From a folder with tokens.txt and model.onnx, or model.int8.onnx, which is a quarter of the size and is preferred."""
    import sherpa_onnx

    tokens = folder / "tokens.txt"
    model = next((path for path in (folder / "model.int8.onnx", folder / "model.onnx") if path.is_file()), None)
    if model is None or not tokens.is_file():
        raise FileNotFoundError(f"{folder}: expected tokens.txt and model.int8.onnx or model.onnx")
    make = sherpa_onnx.OfflineRecognizer.from_omnilingual_asr_ctc
    return Sherpa(make(model=str(model), tokens=str(tokens), num_threads=THREADS))
