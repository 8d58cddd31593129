"""A recording of any browser or of WhatsApp as plain samples, in memory: nothing is written."""

from __future__ import annotations

import io
from typing import Any

RATE = 16_000
"""Samples a second; what every recogniser here was taught on."""
MOST_SECONDS = 60
SILENT = 0.003
"""Of full loudness; what stays below it all along is a microphone that hears nothing."""


def decoded(audio: bytes) -> Any:
    """One channel of float32 from -1 to 1, a minute at most. Raises av's own error for what is no sound."""
    import av
    import numpy

    parts, heard = [numpy.zeros(0, numpy.int16)], 0
    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
    with av.open(io.BytesIO(audio), metadata_errors="ignore") as container:
        for frame in [*container.decode(audio=0), None]:
            for even in resampler.resample(frame):
                parts.append(even.to_ndarray().reshape(-1))
                heard += parts[-1].size
            if heard >= MOST_SECONDS * RATE:
                break
    return numpy.concatenate(parts)[: MOST_SECONDS * RATE].astype(numpy.float32) / 32768
