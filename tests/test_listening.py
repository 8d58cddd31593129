"""The adapters of recognisers: from a recording to words, through the process and the library, on a model of 5 KB."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import warnings
from pathlib import Path

import numpy
import pytest

from bot.settings import SettingsError
from bot.voice.audio import encoded
from bot.voice.elsewhere import ListensElsewhere
from bot.voice.listening import Heard, Listener, listener_of
from bot.voice.process import EngineFailed
from bot.voice.speaking import Sound
from tests.voice_fixtures import settings_in

MODEL = Path(__file__).parent / "listening"
RATE = 16_000


def python_with(*packages: str) -> str:
    """A Python that has these: ours, or the one named in LISTENER_TEST_PYTHON; else the test is left out, and says so."""
    given = os.environ.get("LISTENER_TEST_PYTHON", sys.executable)
    found = f"import importlib.util as u, sys; sys.exit(not all(map(u.find_spec, {packages!r})))"
    if subprocess.run([given, "-c", found]).returncode:
        why = f"{given} has no {' and '.join(packages)}: install them, or set LISTENER_TEST_PYTHON to a Python that has"
        warnings.warn(f"LISTENING IS NOT TESTED: {why}", stacklevel=1)
        pytest.skip(why)
    return given


def recording(*seconds: float, form: str = "ogg") -> bytes:
    """A file of sound: silent and loud in turn, for so many seconds each."""
    loud = [
        numpy.sin(numpy.arange(int(length * RATE)) / 5) * (9000 if n % 2 else 0) for n, length in enumerate(seconds)
    ]
    return encoded(Sound(numpy.concatenate(loud).astype("<i2").tobytes(), RATE), form)


def listener(tmp_path: Path, engine: str, model: Path, python: str = sys.executable) -> Listener:
    return listener_of(settings_in(tmp_path, LISTENER=engine, LISTENER_MODEL=str(model), LISTENER_PYTHON=python))


@pytest.mark.parametrize("form", ["ogg", "mp3"])
async def test_sherpa_hears_what_is_said_in_a_recording(form: str, tmp_path: Path) -> None:
    sherpa = listener(tmp_path, "sherpa", MODEL, python_with("sherpa_onnx", "av"))
    assert await sherpa.hear(recording(0.5, 0.5, form=form), "nl") == Heard("ja")
    assert await sherpa.hear(recording(0.5, 0.5, 0.5, 0.5, form=form), "pap") == Heard("jaja")
    assert await sherpa.hear(recording(1, form=form), "nl") is None, "silence is not made into words"
    await sherpa.stop()


async def test_a_recording_that_is_none_is_told_and_the_next_one_is_heard(tmp_path: Path) -> None:
    sherpa = listener(tmp_path, "sherpa", MODEL, python_with("sherpa_onnx", "av"))
    with pytest.raises(EngineFailed, match="InvalidDataError"):
        await sherpa.hear(b"no sound at all", "nl")
    assert await sherpa.hear(recording(0.5, 0.5), "nl") == Heard("ja")
    await sherpa.stop()


@pytest.mark.parametrize("engine", ["sherpa", "whisper"])
async def test_a_folder_without_a_model_is_told_and_nothing_is_fetched(engine: str, tmp_path: Path) -> None:
    package = {"sherpa": "sherpa_onnx", "whisper": "faster_whisper"}[engine]
    empty = listener(tmp_path, engine, tmp_path, python_with(package, "av"))
    with pytest.raises(EngineFailed, match="FileNotFoundError"):
        await empty.hear(recording(0.5, 0.5), "nl")
    await empty.stop()


@pytest.mark.parametrize("engine", ["sherpa", "whisper"])
def test_a_listener_without_its_folder_is_refused_at_the_start(engine: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"LISTENER_MODEL is not set.*docs/voice\.md"):
        listener_of(settings_in(tmp_path, LISTENER=engine))
    with pytest.raises(SettingsError, match=r"nowhere'?, which is no folder"):
        listener(tmp_path, engine, tmp_path / "nowhere")


def test_papiamentu_is_not_given_to_a_model_that_was_never_taught_it(tmp_path: Path) -> None:
    assert not listener(tmp_path, "whisper", MODEL).hears("pap")
    assert listener(tmp_path, "whisper", MODEL).hears("tr")
    assert all(listener(tmp_path, "sherpa", MODEL).hears(code) for code in ("nl", "tr", "pl", "pap", "en"))


async def test_a_python_without_the_recogniser_is_an_engine_that_failed(tmp_path: Path) -> None:
    if importlib.util.find_spec("av") and importlib.util.find_spec("sherpa_onnx"):
        bare = ListensElsewhere("sherpa", MODEL, "/no/python", frozenset({"nl"}))
    else:
        bare = ListensElsewhere("sherpa", MODEL, sys.executable, frozenset({"nl"}))
    with pytest.raises(EngineFailed, match=r"ModuleNotFoundError|FileNotFoundError"):
        await bare.hear(recording(0.5, 0.5), "nl")
    await bare.stop()
