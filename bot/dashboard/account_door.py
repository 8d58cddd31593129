"""Sign-in with the gemeente's own accounts, over HTTP: to the OpenID provider and back, and the cookies of both."""

from __future__ import annotations

import logging
import secrets
from dataclasses import asdict
from datetime import datetime, timedelta, timezone
from urllib.parse import urlencode

from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, redirect

from bot.dashboard.door import SIGN_IN, outside, way_back
from bot.dashboard.markup import fill, tag
from bot.dashboard.oidc import CALLBACK, NotLetIn, Provider, Way, may
from bot.dashboard.once import Once
from bot.dashboard.visits import LIFE, Visits
from bot.dashboard.words import word
from bot.sealing import Seal, Sealed
from bot.settings import Settings

logger = logging.getLogger(__name__)
COOKIE = "drempelhulp_dashboard_visit"
WAY = "drempelhulp_dashboard_way"
WAY_LIFE = timedelta(minutes=10)
"""How long somebody may take at the provider."""
READ = ("GET", "HEAD")


class ByAccount:
    """The door that opens for whom the provider names and the settings allow."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._provider = Provider(settings)
        self._visits = Visits(settings.oidc_client_secret)
        self._ways = Seal(settings.oidc_client_secret, "dashboard-way")
        self._taken = Once()
        self._secure = settings.dashboard_url.startswith("https://")

    def hang(self, app: Sanic) -> None:
        app.add_route(self._to_provider, SIGN_IN, methods=("GET",), name="sign_in")
        app.add_route(self._from_provider, CALLBACK, methods=("GET",), name="signed_in")
        app.on_response(self._slide)

    def knows(self, request: Request) -> bool:
        request.ctx.visit = self._visits.read(request.cookies.get(COOKIE, ""), _now())
        return request.ctx.visit is not None

    async def ask(self, request: Request, to: str) -> HTTPResponse:
        return _page(request, to, 401)

    def leave(self, request: Request, answer: HTTPResponse) -> None:
        """Ends the session here; that with the provider, which other programs share, goes on."""
        if visit := getattr(request.ctx, "visit", None):
            self._visits.end(visit, _now())
            request.ctx.visit = None
        _drop(answer, COOKIE, "/")

    async def _to_provider(self, request: Request) -> HTTPResponse:
        to = way_back(request.args.get("to", ""))
        way = Way(secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48), to)
        try:
            answer = redirect(await self._provider.address(way), status=303)
        except NotLetIn as error:
            return _refused(request, to, error)
        self._put(answer, WAY, self._ways.close(asdict(way), _now(), WAY_LIFE), SIGN_IN, WAY_LIFE)
        return answer

    async def _from_provider(self, request: Request) -> HTTPResponse:
        """Back with a code. Whatever comes of it, this way was taken, and its cookie is dropped."""
        to, now = "/", _now()
        try:
            way = self._way(request, now)
            to = way_back(way.to)
            await self._check_person(request, way, now)
            answer = redirect(to, status=303)
            self._put(answer, COOKIE, self._visits.begin(now), "/", LIFE)
        except NotLetIn as error:
            answer = _refused(request, to, error)
        _drop(answer, WAY, SIGN_IN)
        return answer

    def _way(self, request: Request, now: datetime) -> Way:
        """The way that this browser set out on, once. Raises NotLetIn for another's, an old one, and a second time."""
        try:
            content = self._ways.open(request.cookies.get(WAY, ""), now)
        except Sealed:
            raise NotLetIn("again", 400) from None
        until = content.pop("until")
        way = Way(**content)
        given = request.args.get("state", "")
        if not secrets.compare_digest(given.encode(), way.state.encode()):
            raise NotLetIn("again", 400)
        if not self._taken.use(way.state, until, now.timestamp()):
            raise NotLetIn("again", 400)
        return way

    async def _check_person(self, request: Request, way: Way, now: datetime) -> None:
        if request.args.get("iss", self._provider.issuer) != self._provider.issuer:
            raise NotLetIn("again", 400)
        code = request.args.get("code", "")
        if not code:  # the provider says itself that it was not given
            raise NotLetIn("refused", 403)
        claims = await self._provider.claims(way, code, now.timestamp())
        if not may(claims, self._settings.oidc_claim, self._settings.oidc_allowed):
            raise NotLetIn("not_allowed", 403)

    async def _slide(self, request: Request, answer: HTTPResponse) -> None:
        """Each page that is looked at makes the session last longer."""
        visit = getattr(request.ctx, "visit", None)
        if visit and (longer := self._visits.renewed(visit, _now())):
            self._put(answer, COOKIE, longer, "/", LIFE)

    def _put(self, answer: HTTPResponse, name: str, value: str, path: str, life: timedelta) -> None:
        answer.cookies[name] = value
        # Lax: somebody who comes back from the provider, which is another site, must be known
        attributes = {"httponly": True, "samesite": "Lax", "path": path, "max-age": int(life.total_seconds())}
        answer.cookies[name].update({**attributes, "secure": True} if self._secure else attributes)


def _drop(answer: HTTPResponse, name: str, path: str) -> None:
    answer.cookies[name] = ""
    answer.cookies[name].update({"max-age": 0, "path": path})


def _refused(request: Request, to: str, error: NotLetIn) -> HTTPResponse:
    """Says why, in a sentence; the log has the reason's name, and nothing of the person."""
    logger.warning("a sign-in failed: %s", error.why)
    return _page(request, to, error.status, word(f"sign_in.failed.{error.why}"))


def _page(request: Request, to: str, status: int, problem: str = "") -> HTTPResponse:
    content = fill(
        "account.html",
        lead=word("sign_in.lead"),
        problem=tag("p", problem, class_="problem", role="alert") if problem else "",
        link=tag("a", word("sign_in.account"), href=f"{SIGN_IN}?{urlencode({'to': to})}", class_="button"),
        hint=word("sign_in.account_hint"),
    )
    return outside(request, content, status)


def _now() -> datetime:
    """A session's life is elapsed time: the real clock, also under DREMPELHULP_NOW."""
    return datetime.now(timezone.utc)
