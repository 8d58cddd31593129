"""Puts the WhatsApp channel together when the server starts, and lets its last answer arrive when it stops."""

from __future__ import annotations

from typing import Any

from sanic import Sanic

from bot.channels.whatsapp.address import Addresses
from bot.channels.whatsapp.courier import Courier
from bot.channels.whatsapp.graph import Graph
from bot.channels.whatsapp.listener import NobodyListens
from bot.channels.whatsapp.talk import Talk
from bot.channels.whatsapp.webhook import Channel, webhook
from bot.channels.whatsapp.worker import Worker
from bot.engine.inbox import Inbox
from bot.nlu.local import understanding_for
from bot.nlu.store import learned
from bot.paths import NLU
from bot.settings import Settings


def add_whatsapp(app: Sanic, settings: Settings) -> None:
    """The webhook, where the channel is configured."""
    if settings.whatsapp:
        app.blueprint(webhook(settings))
        app.register_listener(_stop, "before_server_stop")


def begin(app: Sanic, agent: Any, settings: Settings) -> None:
    """Takes up what waits. To be called when the agent answers, before the first request."""
    if not settings.whatsapp:
        return
    inbox = Inbox(agent.tracker_store.conversations.engine)
    addresses = Addresses(settings.secret_key)
    understanding = understanding_for(learned(NLU, settings.var / "models"), settings.gemeente)
    talk = Talk(agent, understanding.of, settings, NobodyListens())
    graph = Graph(settings)
    worker = Worker(inbox, addresses, talk.answer, Courier(inbox, graph))
    app.ctx.whatsapp, app.ctx.graph = Channel(inbox, addresses, talk, worker), graph
    worker.begin()


async def _stop(app: Sanic, _loop: Any) -> None:
    if hasattr(app.ctx, "whatsapp"):
        await app.ctx.whatsapp.worker.stop()
        await app.ctx.graph.close()
