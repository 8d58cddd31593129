"""A stand-in for Meta: the Graph API that counts what it is asked to send, and a telephone that writes to our webhook."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx

APP_SECRET, VERIFY_TOKEN, NUMBER_ID, TOKEN = "the app's secret", "the verify token", "106540352242922", "the token"
PATH = "/webhooks/whatsapp/webhook"
Refusal = tuple[int, int]
"""HTTP status, and Meta's code (0: none is told)."""
_ids = itertools.count(int(time.time() * 1000))


@dataclass
class FakeMeta:
    """Takes messages as the Graph API does, and refuses where `refuse` says so."""

    refuse: Callable[[dict[str, Any]], Refusal | None] = lambda payload: None
    sent: list[dict[str, Any]] = field(default_factory=list)
    tried: int = 0
    """How often a message was handed over, also those that were refused."""
    slow: float = 0.0
    """Seconds that it takes with each message, after it has it."""
    strange: list[str] = field(default_factory=list)
    """Requests that the Graph API does not know."""

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def settings(self) -> dict[str, str]:
        """For `start_site`."""
        return {
            "WHATSAPP_TOKEN": TOKEN, "WHATSAPP_APP_SECRET": APP_SECRET, "WHATSAPP_VERIFY_TOKEN": VERIFY_TOKEN,
            "WHATSAPP_PHONE_NUMBER_ID": NUMBER_ID, "WHATSAPP_API_URL": self.url,
        }  # fmt: skip

    def to(self, phone: str) -> list[dict[str, Any]]:
        """What this resident got, in order."""
        with self._lock:
            return [one for one in self.sent if phone in (one.get("to"), one.get("recipient"))]

    def wait_for(self, many: int, phone: str | None = None, seconds: float = 20) -> list[dict[str, Any]]:
        """What was sent, as soon as it is so many."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            found = self.to(phone) if phone else list(self.sent)
            if len(found) >= many:
                return found
            time.sleep(0.01)
        raise AssertionError(f"{len(found)} were sent, not {many}; {self.tried} were tried")

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def take(self, path: str, token: str | None, payload: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        with self._lock:
            if not path.endswith(f"/{NUMBER_ID}/messages") or token != f"Bearer {TOKEN}":
                self.strange.append(path)
                return 404, {}
            self.tried += 1
            refusal = self.refuse(payload)
            if refusal:
                status, code = refusal
                return status, {"error": {"code": code, "message": "refused"}} if code else {}
            self.sent.append(payload)
            return 200, {"messaging_product": "whatsapp", "messages": [{"id": f"wamid.out{len(self.sent)}"}]}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        meta = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                status, answer = meta.take(self.path, self.headers.get("authorization"), json.loads(body))
                time.sleep(meta.slow)
                self._say(status, answer)

            def do_GET(self) -> None:
                self._say(200, {})

            def _say(self, status: int, answer: dict[str, Any]) -> None:
                raw = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

            def log_message(self, *_: Any) -> None:
                """Silence."""

        return Handler


@dataclass
class Phone:
    """One resident's telephone, and Meta between it and our webhook."""

    site: str
    meta: FakeMeta
    number: str = field(default_factory=lambda: f"316{next(_ids) % 100_000_000:08d}")
    heard: int = 0

    def write(self, text: str, **more: Any) -> httpx.Response:
        return self.post([self.text(text, **more)])

    def text(self, body: str, **more: Any) -> dict[str, Any]:
        return self.message("text", {"body": body}, **more)

    def message(self, kind: str, part: Any, **more: Any) -> dict[str, Any]:
        return {"from": self.number, "id": f"wamid.{next(_ids)}", "timestamp": str(int(time.time())), "type": kind,
                kind: part, **more}  # fmt: skip

    def post(self, messages: list[dict[str, Any]]) -> httpx.Response:
        return post(self.site, envelope(messages))

    def say(self, text: str) -> dict[str, Any]:
        """Writes, and waits for the answer."""
        self.write(text)
        return self.answer()

    def press(self, number: int) -> dict[str, Any]:
        """Takes the choice with this number, from one, of the last answer."""
        last = self.meta.to(self.number)[-1]
        kind, row = choices_of(last)[number - 1]
        self.post([self.message("interactive", {"type": kind, kind: {"id": row["id"], "title": row["title"]}})])
        return self.answer()

    def answer(self) -> dict[str, Any]:
        self.heard += 1
        return self.meta.wait_for(self.heard, self.number)[self.heard - 1]


def envelope(messages: list[dict[str, Any]]) -> dict[str, Any]:
    value = {"messaging_product": "whatsapp", "metadata": {"phone_number_id": NUMBER_ID}, "messages": messages}
    return {
        "object": "whatsapp_business_account",
        "entry": [{"id": "1", "changes": [{"field": "messages", "value": value}]}],
    }


def post(site: str, payload: Any, **headers: str) -> httpx.Response:
    """As Meta does: signed over the bytes."""
    raw = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    signature = "sha256=" + hmac.new(APP_SECRET.encode(), raw, hashlib.sha256).hexdigest()
    return _client().post(site + PATH, content=raw, headers={"X-Hub-Signature-256": signature, **headers})


@lru_cache
def _client() -> httpx.Client:
    """One for all: making one takes longer than what it measures."""
    return httpx.Client(timeout=30, verify=False)


def text_of(payload: dict[str, Any]) -> str:
    return str(payload["text"]["body"] if payload["type"] == "text" else payload["interactive"]["body"]["text"])


def choices_of(payload: dict[str, Any]) -> list[tuple[str, dict[str, str]]]:
    """What can be pressed: the kind of the reply that it brings, and its id and title."""
    action = payload.get("interactive", {}).get("action", {})
    buttons = [("button_reply", button["reply"]) for button in action.get("buttons", ())]
    return buttons + [("list_reply", row) for part in action.get("sections", ()) for row in part["rows"]]
