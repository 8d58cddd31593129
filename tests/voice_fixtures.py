"""A Sanic application with nothing but the sound routes, and a listener that the tests bring along."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
from sanic import Sanic
from sanic.request import Request
from sanic.touchup.service import TouchUp

from bot.channels.session import Sessions
from bot.channels.sound import LastTurn, Sounds, no_turn, sound
from bot.settings import AMSTERDAM, Settings
from bot.voice.listening import Heard
from tests.conftest import SECRET, free_port

OPUS, MP3 = b"OggS", (b"ID3", b"\xff\xfb", b"\xff\xf3")
ASKED: dict[str, Any] = {
    "text": "In welke wijk woon je?",
    "language": "nl",
    "buttons": [{"title": "Klarendal", "payload": "~1"}, {"title": "Presikhaaf", "payload": "~2"}],
}


class HearsItsOwnBytes:
    """A listener whose recordings are their own transcripts: `sure|words`, so that a test says what is heard."""

    def __init__(self, settings: Settings) -> None:
        self.model = settings.listener_model

    def hears(self, language: str) -> bool:
        return language == "nl"

    async def hear(self, audio: bytes, language: str) -> Heard | None:
        sure, _, words = audio.decode().partition("|")
        return Heard(words, float(sure) if sure else None)

    async def stop(self) -> None:
        """Nothing runs."""


async def the_asked(request: Request, token: str) -> tuple[str, list[dict[str, Any]]]:
    return "nl", [{"text": "Fijn dat je er bent.", "language": "nl"}, ASKED]


def settings_in(var: Path, **given: str) -> Settings:
    pairs = {"VAR": str(var), "SECRET_KEY": SECRET, **given}
    return Settings({f"DREMPELHULP_{name}": value for name, value in pairs.items()})


def session() -> str:
    return Sessions(SECRET, 24).begin(datetime.now(AMSTERDAM), "nl")[0]


@asynccontextmanager
async def _started(app: Sanic) -> AsyncIterator[str]:
    """The application on a port. Sanic rewrites its own methods at a start, once in a process: they are put back after."""
    methods = {(kind, name): getattr(kind, name) for kind, name in TouchUp._registry}
    port = free_port()
    server = await app.create_server("127.0.0.1", port, return_asyncio_server=True, access_log=False)
    assert server is not None
    with suppress(KeyError):  # another test's application was first, and its rewriting holds for ours
        await server.startup()
    app.state.is_started = True
    yield f"http://127.0.0.1:{port}"
    server.close()
    await server.wait_closed()
    for (kind, name), method in methods.items():
        setattr(kind, name, method)


@asynccontextmanager
async def sound_site(
    var: Path, choices: LastTurn = no_turn, **given: str
) -> AsyncIterator[tuple[httpx.AsyncClient, Sounds]]:
    """A client of the two routes, and what answers it."""
    sounds = Sounds(settings_in(var, **given), choices)
    app = Sanic(f"sound-{free_port()}", configure_logging=False)
    app.blueprint(sound(sounds))
    async with _started(app) as address, httpx.AsyncClient(base_url=address, timeout=30) as client:
        yield client, sounds
    await sounds.stop()
