"""What a request of the website says, read with care: body, token, address, id; and how one that is refused is answered."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

from sanic import response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.settings import Settings

MOST_BYTES = 64 * 1024
URLENCODED = "application/x-www-form-urlencoded"
NOTHING = "…"
"""What an empty message is heard as: Rasa cannot take an empty one."""


class Refused(Exception):
    """A request that is answered with a clear error: the status, and a code for the widget."""

    def __init__(self, status: int, code: str, wait: int = 0) -> None:
        super().__init__(code)
        self.status, self.code, self.wait = status, code, wait

    def answer(self, messages: list[dict[str, Any]]) -> HTTPResponse:
        said = {"messages": messages} if messages else {}
        return response.json({"error": self.code, **said}, self.status, headers=self.headers)

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": str(self.wait)} if self.wait else {}


def body_of(request: Request, optional: bool = False) -> dict[str, Any]:
    """The JSON object that was sent; raises Refused for anything else."""
    if len(request.body) > MOST_BYTES:
        raise Refused(413, "too_long")
    try:
        body = json.loads(request.body or b"{}") if optional or request.body else None
    except (ValueError, RecursionError):
        raise Refused(400, "json_expected") from None
    if not isinstance(body, dict):
        raise Refused(400, "json_object_expected")
    return body


def form_of(request: Request) -> Mapping[str, Any]:
    """The fields of the form that was sent, none where nothing was; raises Refused for what is too long, or no form."""
    if len(request.body) > MOST_BYTES:
        raise Refused(413, "too_long")
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if request.body and kind == URLENCODED:
        try:
            request.body.decode()
        except UnicodeDecodeError:
            raise Refused(400, "form_expected") from None
    form: Mapping[str, Any] = request.form or {}
    if request.body and not form and kind != URLENCODED:
        raise Refused(400, "form_expected")
    return form


def bearer(request: Request) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def is_welcome(request: Request, settings: Settings) -> bool:
    """Whether the page that speaks is ours, or one that the gemeente has named; other programs send no origin."""
    origin = request.headers.get("origin")
    if not origin or origin == settings.public_url.rstrip("/") or origin in settings.allowed_origins:
        return True
    return bool(origin == f"{request.scheme}://{request.host}")


def address_of(request: Request) -> str:
    return str(request.remote_addr or request.ip)


def mark_of(session: str, given: Any) -> str | None:
    """A message's own id, with its session's, as a short hash: whatever a client puts into it is not kept. None without one."""
    if given is None:
        return None
    return blake2b(f"{session}:{given}".encode(errors="surrogatepass"), digest_size=12).hexdigest()


def harmless(text: str) -> str:
    """Rasa takes a leading slash for a command; nobody but us may give one."""
    return text.strip().lstrip("/").strip() or NOTHING


def as_events(messages: list[dict[str, Any]], end: dict[str, Any]) -> HTTPResponse:
    """Server-sent events: each message, and what stands beside them in the last one."""
    frames = "".join(f"event: message\ndata: {json.dumps(message, ensure_ascii=False)}\n\n" for message in messages)
    content = f"{frames}event: end\ndata: {json.dumps(end)}\n\n"
    return response.text(content, content_type="text/event-stream; charset=utf-8")
