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
from bot.channels.sound import Sounds, sound
from bot.channels.web import Collected, WebInput
from bot.engine.actions_inside import ActionsInside, act_inside, check_once_compiled
from bot.engine.core_dumps import no_core_dump
from bot.engine.expiry import keep_expiring
from bot.engine.failing import MAY_COME_BACK, TALK, Unserved
from bot.engine.garbage import keep_collecting, set_aside_what_is_loaded
from bot.engine.graph import run_in_order
from bot.engine.health import health
from bot.engine.lock_store import TurnLockStore
from bot.engine.log_copies import copy_nothing_for_the_log
from bot.engine.logs import where, withhold
from bot.engine.manners import BoundedProtocol, CheckedRequest, mind_manners
from bot.engine.metrics import Metrics, begun, done, shown, watch
from bot.engine.processor import load_model
from bot.engine.switch import Notice, closed
from bot.engine.tracker_store import IdsOnlyTrackerStore, store_of
from bot.engine.train import set_aside, trained
from bot.engine.whatsapp import add_whatsapp, begin
from bot.languages import complete
from bot.nlu.hints import hints
from bot.settings import Settings

logger = logging.getLogger(__name__)
AGAIN = 5
"""Seconds after which a start that found a database or a disk away is tried again."""


async def load(settings: Settings) -> Agent:
    """Rasa's agent with our parts: model, stores, words, actions. Unlike Rasa's own loader, it fails when the model does."""
    check_once_compiled()
    if "graph" not in settings.stock_rasa:
        run_in_order()
    if "actions" not in settings.stock_rasa:
        act_inside()
    if "logs" not in settings.stock_rasa:
        copy_nothing_for_the_log()
    agent = Agent(
        generator=EndpointConfig(type="bot.i18n.generator.Generator"),
        tracker_store=IdsOnlyTrackerStore(),
        lock_store=TurnLockStore(),
        action_endpoint=ActionsInside(),
    )
    _load_model(agent, settings)
    # Rasa falls back to a store in memory when ours fails: it would keep words, and forget the conversation afterwards
    agent.tracker_store = agent.processor.tracker_store = store_of(agent)
    return agent


def _load_model(agent: Agent, settings: Settings) -> None:
    """A model that is broken on disk is set aside and learned anew, once."""
    path = trained(settings.var)
    load_into = Agent.load_model if "processor" in settings.stock_rasa else load_model
    try:
        load_into(agent, path)
    except Exception as error:  # a cut-off archive breaks in as many ways as it has bytes
        logger.error("the model cannot be loaded and is learned anew: %s", where(error))
        set_aside(path)
        load_into(agent, trained(settings.var))


def create_app(settings: Settings) -> Sanic:
    """The application with its routes; the agent is loaded when it starts."""
    settings.require_secret()
    app = Sanic("drempelhulp", configure_logging=False, request_class=CheckedRequest)
    mind_manners(app)
    if settings.trusted_proxies:
        app.config.PROXIES_COUNT = settings.trusted_proxies
    app.ctx.settings = settings
    app.ctx.agent = None
    app.ctx.unserved = Unserved(settings)
    app.ctx.notice = Notice(settings.notice)
    app.ctx.metrics = Metrics()
    app.register_middleware(begun, "request")
    app.register_middleware(closed, "request")
    app.register_middleware(done, "response")
    web = WebInput()
    register([web], app, "/webhooks/")
    app.ctx.sounds = Sounds(settings, web.last_turn)
    app.blueprint(sound(app.ctx.sounds))
    app.blueprint(site(settings))
    add_whatsapp(app, settings)
    app.add_route(health, "/health")
    app.add_route(shown, "/metrics", name="metrics")
    app.error_handler.add(Exception, failed)
    app.register_listener(start, "before_server_start")
    return app


async def start(app: Sanic, loop: asyncio.AbstractEventLoop) -> None:
    """What is away now may come back: then the server starts without an assistant, says a number, and tries again."""
    no_core_dump()
    withhold()
    try:
        await _ready(app)
    except MAY_COME_BACK as error:
        logger.error("the assistant cannot start yet, and is tried again: %s", where(error))
        app.add_task(_keep_starting(app))
    finally:
        app.add_task(keep_collecting())


async def _ready(app: Sanic) -> None:
    settings: Settings = app.ctx.settings
    agent = await load(settings)
    await _warm(agent)
    watch(agent, app.ctx.metrics)
    begin(app, agent, settings)
    app.add_task(keep_expiring(agent.tracker_store.conversations, settings, agent.tracker_store))
    withhold()
    set_aside_what_is_loaded()
    app.ctx.agent = agent  # last: nobody is served, and no start is taken for done, by half of this


async def _keep_starting(app: Sanic) -> None:
    while app.ctx.agent is None:
        await asyncio.sleep(AGAIN)
        try:
            await _ready(app)
        except MAY_COME_BACK as error:
            logger.error("the assistant cannot start yet, and is tried again: %s", where(error))
        except Exception as error:  # in a task of its own it would end unheard
            logger.error("the assistant cannot start: %s", where(error))
            app.stop()


async def _warm(agent: Agent) -> None:
    """One turn that nobody sees: what is loaded on first use is loaded before a resident waits for it, in each language."""
    for language in complete():
        hints(language)
    await agent.handle_message(UserMessage("…", Collected(), "warming", input_channel="web"))
    agent.tracker_store.conversations.end("warming", None)


async def failed(request: Request, error: Exception) -> HTTPResponse:
    """A clear status for what the client did; for what we did a number to call, and no word of it in the log."""
    if isinstance(error, NotFound):
        return response.json({"error": "not_found"}, 404)
    if isinstance(error, SanicException) and error.status_code < 500:
        return response.json({"error": "refused"}, error.status_code, headers=getattr(error, "headers", None))
    logger.error("a request failed: %s", where(error))
    if request.path in TALK:
        answer: HTTPResponse = await request.app.ctx.unserved.answer(request, "failed", 503)
        return answer
    return response.json({"error": "failed"}, 500)


def serve(settings: Settings) -> None:
    """Serves the site and the chat until it is told to stop."""
    Path(settings.var).mkdir(parents=True, exist_ok=True)
    create_app(settings).run(settings.host, settings.port, access_log=False, motd=False, protocol=BoundedProtocol)
