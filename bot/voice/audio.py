"""Sound as files: ogg/opus for most browsers and WhatsApp, mp3 for those without it (Safari before 18)."""

from __future__ import annotations

import importlib.util
import io
from dataclasses import dataclass
from functools import lru_cache
from math import gcd

from bot.voice.speaking import Sound

PACKAGE = "soundfile"
"""From PyPI: libsndfile with opus and lame in one wheel."""
RATE = 24_000
"""Samples a second; one of the few that opus takes, and enough for all that a voice has."""

SMALL = 0.92
"""From 0 to 1, as libsndfile has it: 25 to 35 kbit a second; a voice stays clear, and a slow phone waits less."""


@dataclass(frozen=True)
class Format:
    """How libsndfile calls it, and how the web does."""

    container: str
    codec: str
    mime: str


FORMATS = {
    "ogg": Format("OGG", "OPUS", "audio/ogg; codecs=opus"),
    "mp3": Format("MP3", "MPEG_LAYER_III", "audio/mpeg"),
}


@lru_cache
def can_encode() -> bool:
    """Whether what makes files of sound is installed; looked for once, for it is asked at every turn."""
    return importlib.util.find_spec(PACKAGE) is not None


def encoded(sound: Sound, name: str) -> bytes:
    """The sound as a file of this format (a key of FORMATS). Takes a hundredth to a twentieth of the time it plays."""
    import numpy
    import soundfile
    from scipy.signal import resample_poly

    given = numpy.frombuffer(sound.samples, dtype="<i2").astype(numpy.float32) / 32768
    common = gcd(RATE, sound.rate)
    samples = resample_poly(given, RATE // common, sound.rate // common) if sound.rate != RATE else given
    file, how = io.BytesIO(), FORMATS[name]
    soundfile.write(
        file, numpy.clip(samples, -1, 1), RATE, format=how.container, subtype=how.codec, compression_level=SMALL
    )
    return file.getvalue()
