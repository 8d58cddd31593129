"""The process in which espeak-ng lives: `python -m bot.voice.espeak_process`, frames in, frames out."""

from __future__ import annotations

import ctypes
from typing import Any

from bot.voice.frames import serve

RETRIEVAL = 1
"""AUDIO_OUTPUT_RETRIEVAL of speak_lib.h: sound comes back to us and is not played. (0 would play it.)"""
NO_EXIT = 0x8000
"""espeakINITIALIZE_DONT_EXIT: a missing voice is an error code, not the end of the process."""
CHARACTERS, UTF8, RATE, WORD_GAP = 1, 1, 1, 7
"""POS_CHARACTER, espeakCHARS_UTF8, espeakRATE, espeakWORDGAP of speak_lib.h."""
WORDS_A_MINUTE = 140
"""Slower than its 175: for who listens in a language that is not theirs, or on a street."""
ON_SOUND = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


class Voice:
    """The library, loaded once. It has one state for the whole process, and so one text at a time."""

    def __init__(self) -> None:
        import espeakng_loader

        self._library = ctypes.CDLL(espeakng_loader.get_library_path())
        self._samples = bytearray()
        self._hears = ON_SOUND(self._on_sound)  # kept: the library holds only its address
        data = str(espeakng_loader.get_data_path()).removesuffix("/espeak-ng-data").encode()
        self._rate = self._library.espeak_Initialize(RETRIEVAL, 0, data, NO_EXIT)
        if self._rate <= 0:
            raise OSError(f"espeak-ng does not start: {self._rate}")
        self._library.espeak_SetSynthCallback(self._hears)
        self._library.espeak_SetParameter(RATE, WORDS_A_MINUTE, 0)
        self._library.espeak_SetParameter(WORD_GAP, 1, 0)

    def _on_sound(self, samples: Any, count: int, _events: int | None) -> int:
        if samples and count > 0:
            self._samples += ctypes.string_at(samples, count * 2)
        return 0

    def say(self, text: str, language: str) -> tuple[dict[str, Any], bytes]:
        self._samples.clear()
        if self._library.espeak_SetVoiceByName(language.encode()):
            raise LookupError(language)
        raw = text.encode() + b"\0"
        flags = UTF8
        failed = self._library.espeak_Synth(raw, ctypes.c_size_t(len(raw)), 0, CHARACTERS, 0, flags, None, None)
        if failed or self._library.espeak_Synchronize():
            raise RuntimeError("espeak-ng gave no sound")
        return {"rate": self._rate}, bytes(self._samples)


def main() -> None:
    voice = Voice()
    serve(lambda head, _body: voice.say(head["text"], head["language"]))


if __name__ == "__main__":
    main()
