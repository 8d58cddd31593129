"""The dashboard's own server: pages for people, an API for programs, both behind one token, and nothing that writes."""

from __future__ import annotations

import logging
from contextlib import suppress
from functools import partial
from itertools import count
from typing import Any

from sanic import Sanic
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse, empty, raw

from bot.dashboard import access, api
from bot.dashboard.layout import MENU, page
from bot.dashboard.map_app import add_map
from bot.dashboard.markup import TEMPLATES
from bot.dashboard.notice import notice
from bot.dashboard.pages import PAGES
from bot.dashboard.sign_in import add_door
from bot.dashboard.source import Source, aside
from bot.settings import Settings
from bot.statistics.counting import AWAY

logger = logging.getLogger(__name__)

READ = ("GET", "HEAD")
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
    "Cache-Control": "private, no-cache",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}

_numbers = count(1)  # Sanic wants a name of its own for every application in a process


def create_app(settings: Settings) -> Sanic:
    """The dashboard as a Sanic application. Its token is `access.dashboard_token(settings)`."""
    app = Sanic(f"drempelhulp-dashboard-{next(_numbers)}", configure_logging=False)
    app.config.MOTD = False
    app.config.REQUEST_MAX_SIZE = 10_000
    app.ctx.source = Source(settings)
    app.ctx.token = access.dashboard_token(settings)
    add_door(app, settings)
    app.register_listener(_look_once, "after_server_start")
    app.on_response(_secure)
    app.error_handler.add(Exception, _failed)
    for name in PAGES:
        app.add_route(_page, MENU[name], methods=READ, name=name)
    add_map(app, settings)
    app.add_route(_style, "/stijl.css", methods=READ, name="style")
    app.add_route(_health, "/health", methods=READ, name="health")
    app.add_route(_tables, "/api/v1/tables", methods=READ, name="tables")
    app.add_route(_table, "/api/v1/tables/<name:str>", methods=READ, name="table")
    app.add_route(_openapi, "/api/v1/openapi.json", methods=READ, name="openapi")
    return app


async def _look_once(app: Sanic, _loop: Any) -> None:
    """Reads all tables beside the first requests, so that the first page need not. Where there is no database, it will say so."""

    async def look() -> None:
        with suppress(*AWAY):
            await aside(app.ctx.source.begin)

    app.add_task(look())


async def _secure(request: Request, response: HTTPResponse) -> None:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)


async def _page(request: Request) -> HTTPResponse:
    name = next(name for name, path in MENU.items() if path == request.path)
    query = {key: values[0] for key, values in request.args.items()}
    figures = await aside(request.app.ctx.source.figures)
    try:
        heading, content = PAGES[name](figures, query)
    except LookupError:
        return notice(request, 404, "not_found")
    shown = page(heading, content, figures.known.gemeente, here=name, fictional=figures.fictional)
    return api.answer(request, shown.encode(), "text/html; charset=utf-8")


async def _tables(request: Request) -> HTTPResponse:
    return api.answer(request, api.as_json(await aside(request.app.ctx.source.tables)))


async def _table(request: Request, name: str) -> HTTPResponse:
    found = (await aside(request.app.ctx.source.tables)).get(name)
    if found is None:
        return api.refusal(404, f"no table {name[:40]!r}; /api/v1/tables has them all")
    try:
        return await aside(partial(api.one_table, request, found))
    except api.BadQuery as error:
        return api.refusal(400, str(error))


async def _openapi(request: Request) -> HTTPResponse:
    return api.answer(request, api.openapi())


async def _health(request: Request) -> HTTPResponse:
    try:
        await aside(request.app.ctx.source.check)
    except AWAY:
        return raw(api.as_json({"status": "away"}), status=503, content_type="application/json")
    return raw(api.as_json({"status": "ok"}), content_type="application/json")


async def _style(request: Request) -> HTTPResponse:
    return api.answer(request, (TEMPLATES / "stijl.css").read_bytes(), "text/css; charset=utf-8")


async def _failed(request: Request, error: Exception) -> HTTPResponse:
    """What went wrong, in the form that was asked for. A log line names the kind of error, and no content."""
    status = 503 if isinstance(error, AWAY) else error.status_code if isinstance(error, SanicException) else 500
    if status >= 500:
        logger.error("%s answered with %s: %s", request.path, status, type(error).__name__)
    headers = getattr(error, "headers", None) or {}  # which methods there are, with a 405
    if request.method == "HEAD":
        return empty(status, headers=headers)
    answer = _told(request, status, error)
    answer.headers.update(headers)
    return answer


def _told(request: Request, status: int, error: Exception) -> HTTPResponse:
    if request.path.startswith("/api/"):
        return api.refusal(status, "the database is away, try again later" if status == 503 else type(error).__name__)
    return notice(request, status, "away" if status >= 500 else "not_found")
