"""A stand-in for Meta: the Graph API that counts what it is asked to send, and a telephone that writes to our webhook."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import io
import itertools
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import HTTP
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest

from bot.settings import Settings
from bot.voice.listening import Heard
from tests.voice_fixtures import HearsItsOwnBytes

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
    recordings: dict[str, bytes] = field(default_factory=dict)
    """What residents said, by Meta's id of it."""
    withheld: dict[str, int] = field(default_factory=dict)
    """Recordings of which only the address is given: the HTTP status of the place where they lie, without a word."""
    fetched: list[str] = field(default_factory=list)
    uploads: dict[str, bytes] = field(default_factory=dict)
    """What we put up, by the id that was given to it."""
    token: str = TOKEN
    refuse_media: bool = False
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

    def to(self, phone: str, sound: bool = False) -> list[dict[str, Any]]:
        """What this resident got, in order; what can be read, or what can be heard."""
        with self._lock:
            theirs = [one for one in self.sent if phone in (one.get("to"), one.get("recipient"))]
        return [one for one in theirs if (one["type"] == "audio") is sound]

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
            if not path.endswith(f"/{NUMBER_ID}/messages"):
                self.strange.append(path)
                return 404, {}
            if token != f"Bearer {self.token}":
                return 401, {"error": {"code": 190, "message": "Session has expired"}}
            self.tried += 1
            refusal = self.refuse(payload)
            if refusal:
                status, code = refusal
                return status, {"error": {"code": code, "message": "refused"}} if code else {}
            self.sent.append(payload)
            return 200, {"messaging_product": "whatsapp", "messages": [{"id": f"wamid.out{len(self.sent)}"}]}

    def give(self, path: str, token: str | None) -> tuple[int, dict[str, Any] | bytes]:
        """A recording's address, and behind that the recording: both for who has the token."""
        name = path.rpartition("/")[2]
        if token != f"Bearer {self.token}":
            return 401, {"error": {"code": 190}}
        if path.startswith("/cdn/"):
            self.fetched.append(name)
            if name in self.withheld:
                return self.withheld[name], {}
            return 200, self.recordings[name]
        if name in self.recordings:
            return 200, {"messaging_product": "whatsapp", "id": name, "url": f"{self.url}/cdn/{name}"}
        return (200, {}) if name == NUMBER_ID else (400, {"error": {"code": 100, "error_subcode": 33}})

    def keep(self, content: str, body: bytes) -> tuple[int, dict[str, Any]]:
        """A recording that was put up, as a form."""
        if self.refuse_media:
            return 500, {"error": {"code": 131053}}
        raw = b"Content-Type: " + content.encode() + b"\r\n\r\n" + body
        parts = message_from_bytes(raw, policy=HTTP).iter_parts()
        found = {part.get_param("name", header="content-disposition"): part for part in parts}
        if (
            str(found["messaging_product"].get_content()).strip() != "whatsapp"
            or found["file"].get_content_type() != "audio/ogg"
        ):
            self.strange.append("media")
        name = str(900_000 + len(self.uploads))
        self.uploads[name] = found["file"].get_content()
        return 200, {"id": name}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        meta = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self._body()
                if self.path.endswith(f"/{NUMBER_ID}/media"):
                    return self._say(*meta.keep(self.headers["content-type"], body))
                status, answer = meta.take(self.path, self.headers.get("authorization"), json.loads(body))
                time.sleep(meta.slow)
                self._say(status, answer)

            def do_GET(self) -> None:
                self._say(*meta.give(self.path, self.headers.get("authorization")))

            def _body(self) -> bytes:
                """Whole, or in the pieces in which a form of unknown length comes."""
                if self.headers.get("transfer-encoding") != "chunked":
                    return self.rfile.read(int(self.headers.get("content-length", 0)))
                pieces = []
                while size := int(self.rfile.readline(), 16):
                    pieces.append(self.rfile.read(size))
                    self.rfile.readline()
                self.rfile.readline()
                return b"".join(pieces)

            def _say(self, status: int, answer: dict[str, Any] | bytes) -> None:
                raw = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

            def log_message(self, *_: Any) -> None:
                """Silence."""

        return Handler


MONEY = "ik kan mijn rekeningen niet betalen"
"""A first message that nobody takes for another language."""


@dataclass
class Phone:
    """One resident's telephone, and Meta between it and our webhook."""

    site: str
    meta: FakeMeta
    number: str = field(default_factory=lambda: f"316{next(_ids) % 100_000_000:08d}")
    heard: int = 0

    @classmethod
    def known(cls, site: str, meta: FakeMeta) -> Phone:
        """Somebody whose language is known."""
        found = cls(site, meta)
        found.say(MONEY)
        return found

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

    def speak(self, recording: bytes | None = b"0.9|ja") -> dict[str, Any]:
        """Sends a voice message, and waits for the text."""
        self.post([self.recorded(recording)])
        return self.answer()

    def recorded(self, recording: bytes | None, **more: Any) -> dict[str, Any]:
        """A voice message with this recording; None: one that Meta does not have."""
        media = str(7_000_000_000 + next(_ids) % 1_000_000_000)
        if recording is not None:
            self.meta.recordings[media] = recording
        return self.message("audio", {"id": media, "mime_type": "audio/ogg; codecs=opus", "voice": True}, **more)

    def answer(self) -> dict[str, Any]:
        self.heard += 1
        return self.meta.wait_for(self.heard, self.number)[self.heard - 1]


@pytest.fixture(scope="module")
def fake() -> Iterator[FakeMeta]:
    """One Meta for all tests of a module."""
    started = FakeMeta()
    yield started
    started.stop()


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


class HearsWhenTold(HearsItsOwnBytes):
    """As slow a recogniser as a test wants: with a file `held` in its folder it waits. It writes down how often it was asked."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._folder = settings.var

    async def hear(self, audio: bytes, language: str) -> Heard | None:
        with (self._folder / "asked").open("a") as asked:
            asked.write("x")
        while (self._folder / "held").exists():
            await asyncio.sleep(0.01)
        return await super().hear(audio, language)


@lru_cache
def _client() -> httpx.Client:
    """One for all: making one takes longer than what it measures."""
    return httpx.Client(timeout=30, verify=False)


def seconds_of_sound(phone: Phone, number: int = 1) -> float:
    """How long the voice message with this number lasts that the resident got."""
    import soundfile

    until = time.monotonic() + 20
    while len(found := phone.meta.to(phone.number, sound=True)) < number:
        assert time.monotonic() < until, "no voice message came"
        time.sleep(0.02)
    sent = found[number - 1]["audio"]
    file = soundfile.SoundFile(io.BytesIO(phone.meta.uploads[sent["id"]]))
    assert (sent["voice"], file.format, file.subtype, file.channels) == (True, "OGG", "OPUS", 1), "as WhatsApp plays it"
    return float(file.frames / file.samplerate)


def text_of(payload: dict[str, Any]) -> str:
    return str(payload["text"]["body"] if payload["type"] == "text" else payload["interactive"]["body"]["text"])


def choices_of(payload: dict[str, Any]) -> list[tuple[str, dict[str, str]]]:
    """What can be pressed: the kind of the reply that it brings, and its id and title."""
    action = payload.get("interactive", {}).get("action", {})
    buttons = [("button_reply", button["reply"]) for button in action.get("buttons", ())]
    return buttons + [("list_reply", row) for part in action.get("sections", ()) for row in part["rows"]]
