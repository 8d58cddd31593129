"""Whether a message would be answered now: asked of the parts that a turn needs, in the way in which a turn needs them."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from sanic import response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.engine.switch import is_closed

logger = logging.getLogger(__name__)
PATIENCE = 3
"""Seconds; a store that takes longer cannot be talked with."""


async def health(request: Request) -> HTTPResponse:
    """200 when a message would be answered; also where the chat is closed on purpose, for that is said by the chat itself.

    `whatsapp`: why answers do not leave there now, where they do not; the website is not unwell for it.
    """
    missing = await what_is_missing(request.app.ctx.agent)
    body: dict[str, Any] = {"ready": missing is None, "closed": is_closed(request.app.ctx.settings)}
    channel = getattr(request.app.ctx, "whatsapp", None)
    if channel and channel.trouble:
        body["whatsapp"] = channel.trouble
    if missing:
        logger.warning("no message would be answered: %s", missing)
        body["missing"] = missing
    return response.json(body, 503 if missing else 200, headers={"Cache-Control": "no-store"})


async def what_is_missing(agent: Any) -> str | None:
    """`model`, `store` or `locks`; None where all is there. The store is written to: one that is full can still be read."""
    if agent is None or not agent.is_ready():
        return "model"
    try:
        await asyncio.wait_for(asyncio.to_thread(agent.tracker_store.conversations.writable), PATIENCE)
        await asyncio.wait_for(agent.tracker_store.said_to("", ""), PATIENCE)  # on the line that turns are asked on
    except Exception as error:  # whatever keeps the store from being written to
        logger.warning("the tracker store does not take anything: %s", type(error).__name__)
        return "store"
    try:
        await asyncio.wait_for(_a_turn_of_nobody(agent.lock_store), PATIENCE)
    except Exception as error:
        logger.warning("the lock store does not answer: %s", type(error).__name__)
        return "locks"
    return None


async def _a_turn_of_nobody(locks: Any) -> None:
    async with locks.lock("health"):
        pass
