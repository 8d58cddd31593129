"""Sign-in by the token, typed once into a form, with a pause after too many wrong ones."""

from __future__ import annotations

import time

from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, redirect

from bot.dashboard import access
from bot.dashboard.attempts import BY_FORM, Attempts
from bot.dashboard.door import SIGN_IN, outside, way_back
from bot.dashboard.markup import Html, fill, tag
from bot.dashboard.words import word


class ByToken:
    """The door that opens for who has the token."""

    def __init__(self, token: str, secure: bool) -> None:
        self._token = token
        self._secure = secure
        self._attempts = Attempts(BY_FORM)

    def hang(self, app: Sanic) -> None:
        app.add_route(self._sign_in, SIGN_IN, methods=("POST",), name="sign_in")

    def knows(self, request: Request) -> bool:
        return access.is_session(request.cookies.get(access.COOKIE, ""), self._token, time.time())

    async def ask(self, request: Request, to: str) -> HTTPResponse:
        return _form(request, to)

    def leave(self, request: Request, answer: HTTPResponse) -> None:
        answer.cookies[access.COOKIE] = ""
        answer.cookies[access.COOKIE].update({"max-age": 0, "path": "/"})

    async def _sign_in(self, request: Request) -> HTTPResponse:
        """The only thing that can be posted. The way back is one of our own pages, never an address that was sent."""
        form = request.form or {}
        to, now = way_back(form.get("to", "")), time.monotonic()
        if wait := self._attempts.wait(now):
            return _locked(request, to, wait)
        if not access.is_token(form.get("token", ""), self._token):
            self._attempts.wrong(now)
            return _form(request, to, word("sign_in.wrong"))
        answer = redirect(to, status=303)
        answer.cookies[access.COOKIE] = access.session(self._token, time.time())
        cookie = answer.cookies[access.COOKIE]
        cookie.update({"httponly": True, "samesite": "Strict", "path": "/", "max-age": access.HOURS * 3600})
        if self._secure or request.scheme == "https":
            cookie["secure"] = True
        return answer


def _locked(request: Request, to: str, wait: int) -> HTTPResponse:
    answer = _form(request, to, word("sign_in.locked", seconds=wait), status=429)
    answer.headers["Retry-After"] = str(wait)
    return answer


def _form(request: Request, to: str, problem: str = "", status: int = 401) -> HTTPResponse:
    said = tag("p", problem, class_="problem", id="problem", role="alert") if problem else ""
    content = fill(
        "sign_in.html",
        problem=said,
        to=to,
        described="problem hint" if problem else "hint",
        invalid=Html(' aria-invalid="true"') if problem else "",
        **{name: word(f"sign_in.{name}") for name in ("lead", "label", "hint", "button")},
    )
    return outside(request, content, status)
