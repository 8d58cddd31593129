"""The servers that are measured, each a process of its own, started as a user would start it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.paths import ROOT
from tests.conftest import free_port, wait_for

STARTER_VENV = ROOT / "var" / "bench" / "rasa"
PACKAGES = ("rasa==3.6.21", "setuptools<81", "packaging<22")
"""The whole of Rasa with TensorFlow, 2.5 GB."""


@dataclass(frozen=True)
class Server:
    """One that answers. `ready`: seconds from its start to its first 200."""

    port: int
    process: subprocess.Popen[bytes]
    ready: float

    def megabytes(self) -> float:
        """Resident memory of the process and its children."""
        pids = [self.process.pid]
        for pid in pids:
            for task in Path(f"/proc/{pid}/task").iterdir():
                pids += [int(child) for child in (task / "children").read_text().split()]
        return sum(_resident_kilobytes(pid) for pid in pids) / 1024


PATIENCE = 400
"""Seconds: Rasa's starter was ready after 49 to more than 120."""


@contextmanager
def ours(
    var: Path, workload: tuple[str, ...] = ("-m", "bot", "serve"), root: Path = ROOT, **settings: str
) -> Iterator[Server]:
    """Our own server with its default stores in `var`, or those of the settings; `root`: a copy of the project."""
    var.mkdir(parents=True, exist_ok=True)
    if not (var / "models").exists():
        (var / "models").symlink_to(ROOT / "var" / "models")
    port = free_port()
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    chosen = {"VAR": str(var), "PORT": str(port), "HOST": "127.0.0.1", "SECRET_KEY": "for the measurement only"}
    environ.update({f"DREMPELHULP_{name}": value for name, value in {**chosen, **settings}.items()})
    with _running([sys.executable, *workload], root, environ, port, "/health", var) as server:
        yield server


@contextmanager
def starter() -> Iterator[Server]:
    """The bot of `rasa init` under `rasa run`; made on first use, which takes long."""
    rasa, folder = whole_rasa(), STARTER_VENV / "starter"
    if not list(folder.glob("models/*.tar.gz")):
        folder.mkdir(parents=True, exist_ok=True)
        made = [str(rasa), "init", "--no-prompt", "--init-dir", str(folder)]
        subprocess.run(made, env=_quiet(), check=True, cwd=folder, stdout=subprocess.DEVNULL)
    with running_rasa(folder) as server:
        yield server


def whole_rasa() -> Path:
    """The command of a Rasa with TensorFlow, in an environment of its own, which is made where it is not there."""
    rasa = STARTER_VENV / "venv" / "bin" / "rasa"
    if not rasa.exists():
        uv = str(Path(sys.executable).with_name("uv"))
        subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, str(rasa.parent.parent)], check=True)
        python = str(rasa.with_name("python"))
        subprocess.run([uv, "pip", "install", "--quiet", "--python", python, *PACKAGES], check=True)
    return rasa


@contextmanager
def running_rasa(folder: Path) -> Iterator[Server]:
    """`rasa run` as its documentation has it, with the newest model of `folder`."""
    port = free_port()
    command = [str(whole_rasa()), "run", "-i", "127.0.0.1", "--port", str(port)]
    with _running(command, folder, _quiet(), port, "/", STARTER_VENV) as server:
        yield server


def _quiet() -> dict[str, str]:
    return {**os.environ, "RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3"}


@contextmanager
def _running(
    command: list[str], folder: Path, environ: dict[str, str], port: int, path: str, logs: Path
) -> Iterator[Server]:
    log = logs / "server.log"
    begun = time.monotonic()
    with log.open("ab") as out:
        process = subprocess.Popen(command, cwd=folder, env=environ, stdout=out, stderr=out)
    try:
        wait_for(f"http://127.0.0.1:{port}{path}", process, log, PATIENCE)
        yield Server(port, process, time.monotonic() - begun)
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()


def _resident_kilobytes(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:")), 0)
