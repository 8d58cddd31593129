"""Sound that was made before, kept by what is said: ours only, never a word of a resident's, and no more than so much."""

from __future__ import annotations

import contextlib
import os
import tempfile
from datetime import datetime
from hashlib import blake2b
from pathlib import Path

SUFFIX = ".sound"


class SoundCache:
    """Files in `folder`, at most `most_bytes` of them together; what nobody asked for longest goes first.

    A file bears the hash of what it says, and the day on which it was last asked for: no hour, so that it cannot be told
    when somebody was here.
    """

    def __init__(self, folder: Path, most_bytes: int) -> None:
        self._folder = folder
        self._most = most_bytes

    def get(self, key: str, now: datetime) -> bytes | None:
        """The sound, None where there is none; `now` says which day it was asked for."""
        path = self._folder / (key + SUFFIX)
        try:
            sound = path.read_bytes()
            _date(path, now)
        except OSError:
            return None
        return sound

    def put(self, key: str, sound: bytes, now: datetime) -> None:
        """Keeps it, whole or not at all: a reader never meets half a file. A full disk is no reason to be silent."""
        with contextlib.suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self._folder)
            with os.fdopen(handle, "wb") as file:
                file.write(sound)
            _date(Path(name), now)
            os.replace(name, self._folder / (key + SUFFIX))
            self._bound()

    def _bound(self) -> None:
        states = [(path, path.stat()) for path in self._folder.glob("*" + SUFFIX)]
        excess = sum(state.st_size for _, state in states) - self._most
        for path, state in sorted(states, key=lambda pair: (pair[1].st_mtime, pair[0].name)):
            if excess <= 0:
                return
            path.unlink(missing_ok=True)
            excess -= state.st_size


def key_of(*parts: str) -> str:
    """What is said, by whom, in which language and format, as a name for a file."""
    return blake2b("\0".join(parts).encode(), digest_size=20).hexdigest()


def _date(path: Path, now: datetime) -> None:
    day = now.replace(hour=0, minute=0, second=0, microsecond=0).timestamp()
    os.utime(path, (day, day))
