"""The server around the tests' own agent, in this process, so that a part of it can be broken and mended again."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import httpx
from rasa.core.channels.channel import register
from sanic import Sanic
from sanic.touchup.service import TouchUp

from bot.channels.web import WebInput
from tests.conftest import free_port

_numbers = itertools.count()


@asynccontextmanager
async def channel_of(agent: Any) -> AsyncIterator[httpx.AsyncClient]:
    """The web channel, asked over a socket. Sanic rewrites its own methods at a start, once in a process: they are put back."""
    methods = {(kind, name): getattr(kind, name) for kind, name in TouchUp._registry}
    app = Sanic(f"reliability-{next(_numbers)}", configure_logging=False)
    app.ctx.agent = agent
    register([WebInput()], app, "/webhooks/")
    port = free_port()
    server = await app.create_server("127.0.0.1", port, return_asyncio_server=True)
    assert server is not None
    with suppress(KeyError):  # another test's application was first, and its rewriting holds for ours
        await server.startup()
    app.state.is_started = True
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
            yield client
    finally:
        server.close()
        await server.wait_closed()
        for (kind, name), method in methods.items():
            setattr(kind, name, method)
