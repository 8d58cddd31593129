"""What the tests share: a trained model, an assistant in the process, and the real server in a process of its own."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from hypothesis import settings as hypothesis_settings

ROOT = Path(__file__).resolve().parent.parent
NOW = "2026-11-24T10:30"
"""A Tuesday morning in Amsterdam on which nothing special is the matter."""
SECRET = "for the tests only"

hypothesis_settings.register_profile("calm", deadline=None)  # a busy machine is no fault of what is tested
hypothesis_settings.load_profile("calm")


def pytest_configure(config: pytest.Config) -> None:
    """Everything that the tests write goes into a folder of their own; only the trained model is shared."""
    var = Path(tempfile.mkdtemp(prefix="drempelhulp-tests-"))
    config.stash[VAR] = var
    models = ROOT / "var" / "models"
    models.mkdir(parents=True, exist_ok=True)
    (var / "models").symlink_to(models)
    for name in list(os.environ):
        if name.startswith("DREMPELHULP_") and name != "DREMPELHULP_CHROMIUM":
            del os.environ[name]
    os.environ.update(DREMPELHULP_VAR=str(var), DREMPELHULP_NOW=NOW, DREMPELHULP_SECRET_KEY=SECRET)


VAR = pytest.StashKey[Path]()


def pytest_unconfigure(config: pytest.Config) -> None:
    shutil.rmtree(config.stash[VAR], ignore_errors=True)


@pytest.fixture(scope="session")
def model() -> Path:
    """The trained assistant; training happens once for each state of the data."""
    from bot.engine.train import trained
    from bot.settings import Settings

    return trained(Settings().var)


@pytest_asyncio.fixture(scope="session")
async def agent(model: Path) -> AsyncIterator[object]:
    """Rasa's agent with all our parts, in this process."""
    from bot.engine.server import load
    from bot.settings import Settings

    yield await load(Settings())


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    """The address of a real PostgreSQL with one empty database, for SQLAlchemy."""
    from tests.postgres import real_postgres

    with real_postgres() as url:
        yield url


@dataclass
class Site:
    """The real server, started as a user would start it."""

    url: str
    var: Path
    process: subprocess.Popen[bytes]
    log: Path

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(20)


def start_site(var: Path, **settings: str) -> Site:
    """Starts `python -m bot serve` with `var` as its folder and waits until it is ready."""
    port = free_port()
    var.mkdir(parents=True, exist_ok=True)
    if not (var / "models").exists():
        (var / "models").symlink_to(ROOT / "var" / "models")
    environ = {
        **os.environ,
        "DREMPELHULP_VAR": str(var),
        "DREMPELHULP_PORT": str(port),
        "DREMPELHULP_HOST": "127.0.0.1",
    }
    environ.update({f"DREMPELHULP_{name}": value for name, value in settings.items()})
    environ["DREMPELHULP_PUBLIC_URL"] = f"http://127.0.0.1:{port}"
    log = var / "server.log"
    with log.open("ab") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "serve"], cwd=ROOT, env=environ, stdout=out, stderr=out
        )
    site = Site(f"http://127.0.0.1:{port}", var, process, log)
    wait_for(f"{site.url}/health", process, log)
    return site


def wait_for(url: str, process: subprocess.Popen[bytes], log: Path, seconds: int = 120) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        assert process.poll() is None, f"the server ended by itself:\n{log.read_text()[-3000:]}"
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"{url} did not answer:\n{log.read_text()[-3000:]}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def site(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    started = start_site(tmp_path_factory.mktemp("site"))
    yield started
    started.stop()
