"""Puts the WhatsApp channel together when the server starts, and lets its last answer arrive when it stops."""

from __future__ import annotations

from typing import Any

from sanic import Sanic

from bot.channels.whatsapp.address import Addresses
from bot.channels.whatsapp.courier import Courier
from bot.channels.whatsapp.fetching import Fetching
from bot.channels.whatsapp.graph import Graph
from bot.channels.whatsapp.hearing import Hearing
from bot.channels.whatsapp.inbound import SAID, Inbound
from bot.channels.whatsapp.known import Known
from bot.channels.whatsapp.limit import Flood
from bot.channels.whatsapp.listener import Recordings
from bot.channels.whatsapp.reply import Message
from bot.channels.whatsapp.speaking import VoiceNotes
from bot.channels.whatsapp.talk import Talk
from bot.channels.whatsapp.webhook import Channel, webhook
from bot.channels.whatsapp.worker import Worker
from bot.engine.failing import MAY_COME_BACK, Unserved
from bot.engine.inbox import Inbox
from bot.engine.switch import Notice, is_closed
from bot.languages import complete
from bot.nlu.local import understanding_for
from bot.nlu.store import learned
from bot.paths import NLU
from bot.settings import Settings


class Switches:
    """What the gemeente has switched, for the next answer."""

    def __init__(self, settings: Settings, unserved: Unserved, notice: Notice) -> None:
        self._settings, self._unserved, self._notice = settings, unserved, notice

    def closed(self, language: str, crisis: str | None) -> Message | None:
        if not is_closed(self._settings):
            return None
        return self._unserved.words("closed", language, crisis, self._settings.moment())

    def notice(self, language: str) -> list[Message]:
        return list(self._notice.messages(language))


def add_whatsapp(app: Sanic, settings: Settings) -> None:
    """The webhook, where the channel is configured."""
    if settings.whatsapp:
        app.blueprint(webhook(settings))
        app.register_listener(_stop, "before_server_stop")


def begin(app: Sanic, agent: Any, settings: Settings) -> None:
    """Takes up what waits. To be called when the agent answers; until then Meta gets a 503, and comes again."""
    if not settings.whatsapp:
        return
    inbox, graph = Inbox(agent.tracker_store.conversations.engine), Graph(settings)
    addresses, courier = Addresses(settings.secret_key), Courier(inbox, graph)
    understanding = understanding_for(learned(NLU, settings.var / "models"), settings.gemeente)
    for language in complete():  # what is read on first use is read now, and not while Meta waits for a receipt
        understanding.of("…", language)
    known = Known(agent, settings)
    recordings = Recordings(app.ctx.sounds.listener, Fetching(graph).fetch)
    hearing = Hearing(known, understanding.of, recordings)
    hearing.understand(Inbound("", None, "", 0.0, SAID, "…"))
    switches = Switches(settings, app.ctx.unserved, app.ctx.notice)
    talk = Talk(agent, known, hearing, recordings, switches, settings.public_url)
    notes = VoiceNotes(app.ctx.sounds.voice, graph, app.ctx.sounds.aloud.text)
    worker = Worker(inbox, addresses, talk, courier, notes, MAY_COME_BACK)
    flood = Flood(settings.rate_per_session)
    app.ctx.whatsapp = Channel(settings.whatsapp_phone_number_id, inbox, addresses, hearing, worker, flood)
    app.ctx.graph = graph
    worker.begin()


async def _stop(app: Sanic, _loop: Any) -> None:
    if hasattr(app.ctx, "whatsapp"):
        await app.ctx.whatsapp.worker.stop()
        await app.ctx.graph.close()
