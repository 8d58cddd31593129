"""The guard: lets in who has the token, and whom the door for people knows; all others are asked to sign in."""

from __future__ import annotations

import time

from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, redirect

from bot.dashboard import access, api
from bot.dashboard.account_door import ByAccount
from bot.dashboard.attempts import BY_PROGRAM, Attempts
from bot.dashboard.door import SIGN_IN, Door, way_back
from bot.dashboard.layout import MENU
from bot.dashboard.oidc import CALLBACK
from bot.dashboard.proxy import ByProxy
from bot.dashboard.token_door import ByToken
from bot.settings import PREFIX, Settings, SettingsError

OPEN = ("/health", SIGN_IN, CALLBACK, "/stijl.css")
"""What anybody may see."""
OIDC = ("oidc_issuer", "oidc_client_id", "oidc_client_secret")


def add_door(app: Sanic, settings: Settings) -> None:
    """The guard, and the way in for people that the settings ask for. Raises SettingsError for half of one."""
    app.ctx.door = door_of(settings, app.ctx.token)
    app.ctx.by_program = Attempts(BY_PROGRAM)
    app.on_request(_guard)
    app.ctx.door.hang(app)
    app.add_route(_sign_out, "/afmelden", methods=("GET", "HEAD"), name="sign_out")


def door_of(settings: Settings, token: str) -> Door:
    """By a proxy's header, by the gemeente's accounts, or by the token where neither is set."""
    missing = [name for name in OIDC if not getattr(settings, name)]
    if settings.dashboard_proxy_header and len(missing) < len(OIDC):
        raise SettingsError(f"{PREFIX}DASHBOARD_PROXY_HEADER and {PREFIX}OIDC_… are both set; expected one of them")
    if settings.dashboard_proxy_header:
        return ByProxy(settings)
    if not missing:
        return ByAccount(settings)
    if len(missing) < len(OIDC):
        names = " and ".join(PREFIX + name.upper() for name in missing)
        raise SettingsError(f"{names} not set; expected all three of {', '.join(PREFIX + n.upper() for n in OIDC)}")
    return ByToken(token, settings.dashboard_url.startswith("https://"))


async def _guard(request: Request) -> HTTPResponse | None:
    """Lets through what is open, who is in, and a program with the token; all others get 401."""
    app = request.app
    if request.path in OPEN or app.ctx.door.knows(request):
        return None
    header = request.headers.get("authorization", "")
    if header:
        now = time.monotonic()
        if wait := app.ctx.by_program.wait(now):
            return _too_many_by_program(wait)
        if access.is_bearer(header, app.ctx.token):
            return None
        app.ctx.by_program.wrong(now)
    if request.path.startswith("/api/"):
        refused = api.refusal(401, "expected 'Authorization: Bearer <token>' with DREMPELHULP_DASHBOARD_TOKEN")
        refused.headers["WWW-Authenticate"] = "Bearer"
        return refused
    answer: HTTPResponse = await app.ctx.door.ask(request, way_back(request.path))
    return answer


async def _sign_out(request: Request) -> HTTPResponse:
    answer = redirect(MENU["overview"], status=303)
    request.app.ctx.door.leave(request, answer)
    return answer


def _too_many_by_program(wait: int) -> HTTPResponse:
    refused = api.refusal(429, f"too many wrong tokens; expected a pause of {wait} seconds")
    refused.headers["Retry-After"] = str(wait)
    return refused
