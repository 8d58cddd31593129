"""Our own Sanic application around Rasa's agent: only our routes exist, actions run inside, nothing prints a message."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage, register
from rasa.utils.endpoints import EndpointConfig
from sanic import Sanic, response
from sanic.exceptions import NotFound, SanicException
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.site import site
from bot.channels.web import Collected, WebInput
from bot.engine.actions_inside import ActionsInside, check_once_compiled
from bot.engine.expiry import keep_expiring
from bot.engine.lock_store import TurnLockStore
from bot.engine.logs import where, withhold
from bot.engine.tracker_store import IdsOnlyTrackerStore, store_of
from bot.engine.train import trained
from bot.settings import Settings

logger = logging.getLogger(__name__)
REQUEST_BYTES = 4_000_000
"""The most that any way in takes: Meta sends up to 3 MB; the web channel has its own, smaller limit."""


async def load(settings: Settings) -> Agent:
    """Rasa's agent with our parts: model, stores, words, actions. Unlike Rasa's own loader, it fails when the model does."""
    check_once_compiled()
    agent = Agent(
        generator=EndpointConfig(type="bot.i18n.generator.Generator"),
        tracker_store=IdsOnlyTrackerStore(),
        lock_store=TurnLockStore(),
        action_endpoint=ActionsInside(),
    )
    agent.load_model(str(trained(settings.var)))
    # Rasa falls back to a store in memory when ours fails: it would keep words, and forget the conversation afterwards
    agent.tracker_store = agent.processor.tracker_store = store_of(agent)
    return agent


def create_app(settings: Settings) -> Sanic:
    """The application with its routes; the agent is loaded when it starts."""
    app = Sanic("drempelhulp", configure_logging=False)
    app.config.REQUEST_MAX_SIZE = REQUEST_BYTES
    app.config.FALLBACK_ERROR_FORMAT = "json"
    if settings.trusted_proxies:
        app.config.PROXIES_COUNT = settings.trusted_proxies
    app.ctx.settings = settings
    app.ctx.agent = None
    register([WebInput()], app, "/webhooks/")
    app.blueprint(site(settings))
    app.add_route(health, "/health")
    app.error_handler.add(Exception, failed)
    app.register_listener(start, "before_server_start")
    return app


async def start(app: Sanic, loop: asyncio.AbstractEventLoop) -> None:
    withhold()
    agent = await load(app.ctx.settings)
    await _warm(agent)
    app.ctx.agent = agent
    app.add_task(keep_expiring(agent.tracker_store.conversations, app.ctx.settings))
    withhold()


async def _warm(agent: Agent) -> None:
    """One turn that nobody sees: what is loaded on first use is loaded before a resident waits for it."""
    await agent.handle_message(UserMessage("…", Collected(), "warming", input_channel="web"))
    agent.tracker_store.conversations.end("warming", None)


async def health(request: Request) -> HTTPResponse:
    """200 when a message would be answered."""
    agent = request.app.ctx.agent
    ready = agent is not None and agent.is_ready()
    if ready:
        try:
            agent.tracker_store.conversations.length("health")
        except Exception as error:  # any failure of the store means: not ready
            logger.warning("the tracker store does not answer: %s", type(error).__name__)
            ready = False
    return response.json({"ready": ready}, 200 if ready else 503)


async def failed(request: Request, error: Exception) -> HTTPResponse:
    """A clear status for what the client did; for what we did, 500 without a word of it in the log."""
    if isinstance(error, NotFound):
        return response.json({"error": "not_found"}, 404)
    if isinstance(error, SanicException):
        return response.json({"error": "refused"}, error.status_code)
    logger.error("a request failed: %s", where(error))
    return response.json({"error": "failed"}, 500)


def serve(settings: Settings) -> None:
    """Serves the site and the chat until it is told to stop."""
    Path(settings.var).mkdir(parents=True, exist_ok=True)
    create_app(settings).run(settings.host, settings.port, access_log=False, motd=False)
