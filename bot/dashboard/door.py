"""What every way of signing in shares: what it must be able to do, the page before the door, and the way back."""

from __future__ import annotations

import re
from typing import Protocol

from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, html

from bot.dashboard.layout import MENU, page
from bot.dashboard.markup import Html
from bot.dashboard.words import word

SIGN_IN = "/aanmelden"
DEEPER = re.compile(rf"{MENU['kaart']}(/[a-z0-9-]{{1,80}}){{1,2}}")
"""Pages of ours that are not in the menu."""


class Door(Protocol):
    """One way in for people. A program has the token besides, whatever the way for people is."""

    def hang(self, app: Sanic) -> None:
        """Adds the routes that it needs."""

    def knows(self, request: Request) -> bool:
        """Whether this person is in."""

    async def ask(self, request: Request, to: str) -> HTTPResponse:
        """What somebody gets who is not in yet and wanted the page `to`."""

    def leave(self, request: Request, answer: HTTPResponse) -> None:
        """Ends the session of this request, in an answer that is under way."""


def way_back(path: str) -> str:
    """The page to go to after signing in: that path where it is a page of ours, else the first one."""
    return path if path in MENU.values() or DEEPER.fullmatch(path) else MENU["overview"]


def outside(request: Request, content: Html, status: int) -> HTTPResponse:
    """A page for somebody who is not in."""
    gemeente = request.app.ctx.source.known.gemeente
    return html(page(word("sign_in.title"), content, gemeente), status=status)
