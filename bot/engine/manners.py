"""How the server behaves towards the network: headers on every answer, a time for every request, no word about what it is."""

from __future__ import annotations

import asyncio
import re
from typing import Any

from sanic import Sanic
from sanic.compat import Header
from sanic.exceptions import InvalidUsage
from sanic.http import Stage
from sanic.request import Request
from sanic.response import BaseHTTPResponse
from sanic.server import HttpProtocol

REQUEST_BYTES = 4_000_000
"""The most that any way in takes: Meta sends up to 3 MB; the web channel has its own, smaller limit."""
REQUEST_SECONDS = 10
"""In which a request must have come in whole: who sends a letter a minute does not hold a place."""
ANSWER_SECONDS = 20
QUIET_SECONDS = 75
"""A quiet connection lives longer here than in the proxy (deploy/nginx.conf), so that none is closed under a request."""
LAST_LOOK = 0.5
"""Seconds in which a server that is asked to end still reads what has come."""
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(self)",
}
"""Where an answer has none of its own."""
TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
CONTROLS = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
PATH = re.compile(rb"/[\x21-\x7e]*")
PLAIN = re.compile(
    rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+ /[\x21-\x7e]* HTTP/1\.[01](?:\r\n[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t\x20-\x7e\x80-\xff]*)*"
)
"""A whole head of which each part is as TOKEN, PATH and CONTROLS have it, seen in one look; nearly every head is."""
LENGTH = re.compile(r"[0-9]{1,12}")
TELLING = ("server", "x-powered-by", "via")


class CheckedRequest(Request):
    """A request whose head says one thing only. Sanic 21.12 takes what it is told: a length of -1 keeps its whole loop busy
    for ever, one that is missing or double is a 500 or two requests, and an address that it cannot read costs the answer."""

    def __init__(self, url_bytes: bytes, headers: Header, head: bytes = b"", **more: Any) -> None:
        sent = bool(head)  # without one it is Sanic's own stand-in, for the answer to a request that was refused here
        plain = bool(PLAIN.fullmatch(head))
        readable = plain or bool(PATH.fullmatch(url_bytes))
        super().__init__(url_bytes if sent and readable else b"*", headers, head=head, **more)
        if sent and not (readable and (plain or is_named(self.method, headers)) and is_clear(headers)):
            raise InvalidUsage("Bad Request")


class BoundedProtocol(HttpProtocol):
    """A line on which a request has its time from its first byte. In Sanic each further byte gives it all of its time again,
    so that whoever sends a letter a second holds a place for ever."""

    def data_received(self, data: bytes) -> None:
        request = getattr(self, "_http", None)  # not there before the first byte
        begun = self._time if request is not None and request.stage is not Stage.IDLE else None
        super().data_received(data)
        if begun is not None:
            self._time = begun

    def connection_lost(self, error: Exception | None) -> None:
        """Sanic parts a request from its line only where it ended well; else the two hold each other, and what was said."""
        http, task = getattr(self, "_http", None), self._task
        if task is not None:
            task.add_done_callback(lambda _: _part(http))
        super().connection_lost(error)


def _part(http: Any) -> None:
    if http is not None and http.request is not None:
        http.request.stream = None
        http.request = http.response = None


def is_named(method: str, headers: Header) -> bool:
    """Whether the method and each header have a name, and no value has what another server takes for its end."""
    named = all(TOKEN.fullmatch(name) and not CONTROLS.search(value) for name, value in headers.items())
    return named and bool(TOKEN.fullmatch(method))


def is_clear(headers: Header) -> bool:
    """Whether the head has one length or none, one way of sending, and one host."""
    lengths, ways = headers.getall("content-length", []), headers.getall("transfer-encoding", [])
    if len(lengths) + len(ways) > 1 or len(headers.getall("host", [])) > 1:
        return False
    return all(map(LENGTH.fullmatch, lengths)) and all(way == "chunked" for way in ways)


def keep_to_one_meaning(app: Sanic) -> None:
    """Requests that say one thing, in their time; to be served with BoundedProtocol. For every server of ours."""
    app.request_class = CheckedRequest
    app.config.REQUEST_TIMEOUT = REQUEST_SECONDS
    app.config.RESPONSE_TIMEOUT = ANSWER_SECONDS
    app.config.KEEP_ALIVE_TIMEOUT = QUIET_SECONDS


def mind_manners(app: Sanic) -> None:
    """What the chat's server does beyond that: every answer protects its reader."""
    keep_to_one_meaning(app)
    app.config.REQUEST_MAX_SIZE = REQUEST_BYTES
    app.config.FALLBACK_ERROR_FORMAT = "json"
    app.register_middleware(protect, "response")
    app.register_listener(hear_out, "before_server_stop")


async def hear_out(_app: Sanic, _loop: object) -> None:
    """Sanic closes a line on which nothing has begun, also one whose request lies unread before it: its sender would learn
    nothing. What has come is begun first; what has begun is answered."""
    await asyncio.sleep(LAST_LOOK)


async def protect(request: Request, answer: BaseHTTPResponse) -> None:
    for name, value in HEADERS.items():
        answer.headers.setdefault(name, value)
    for name in TELLING:
        answer.headers.pop(name, None)
