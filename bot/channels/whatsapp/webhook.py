"""The door at which Meta knocks: its handshake, its signature over the raw bytes, and a receipt once all is in the inbox."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
import time
from typing import Any

from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.whatsapp.address import Addresses
from bot.channels.whatsapp.hearing import BROKEN, TOO_MANY, Hearing, Understanding, is_danger
from bot.channels.whatsapp.inbound import TAKEN_BACK, Inbound, failures, split, strangers
from bot.channels.whatsapp.limit import Flood, Verdict
from bot.channels.whatsapp.waiting import DAY, Inbox, Waiting
from bot.channels.whatsapp.worker import Worker
from bot.settings import Settings

logger = logging.getLogger(__name__)
MOST_BYTES = 3_500_000
"""Meta sends three megabytes at most."""
SCHEME = b"sha256="
OURS = (ArithmeticError, AssertionError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)
"""Mistakes of ours at one message. What else may break, a database that is away, goes by itself, and Meta comes again."""


class Channel:
    """What takes messages in, once the server runs. `number`: the id of our telephone number; `flood`: who writes too much."""

    def __init__(
        self, number: str, inbox: Inbox, addresses: Addresses, hearing: Hearing, worker: Worker, flood: Flood
    ) -> None:
        self._number, self._inbox, self._addresses, self._hearing = number, inbox, addresses, hearing
        self.worker, self._flood = worker, flood

    async def take(self, payload: Any) -> None:
        """Understands what is new and puts it into the inbox. When this returns, nothing can be lost by a crash."""
        with self.worker.receipts.first():
            await self._take(payload)

    @property
    def trouble(self) -> str | None:
        """What keeps answers from leaving now: `away`, `token`, `unsure`; None where they leave."""
        found = self.worker.trouble
        return found.value if found else None

    async def _take(self, payload: Any) -> None:
        for code in failures(payload):
            logger.warning("Meta could not deliver an answer: code %d", code)
        if others := strangers(payload, self._number):
            # answered all the same: a mistyped setting must not leave everybody without an answer
            logger.warning("%d messages were written to a number with another id than WHATSAPP_PHONE_NUMBER_ID", others)
        now = time.time()
        messages = {self._mark(m, m.id): m for m in split(payload, now) if now - m.sent < DAY}
        new = self._inbox.new(set(messages)) if messages else set()
        rows = [row for mark, m in messages.items() if mark in new for row in await self._understood(mark, m)]
        self.worker.add(self._inbox.take(rows) if rows else [])

    async def _understood(self, mark: str, message: Inbound) -> list[Waiting]:
        if message.kind == TAKEN_BACK:
            self._withdraw(message)
            return []
        await asyncio.sleep(0)  # a batch may be large; others wait for their receipts meanwhile
        understanding = self._heard(message)
        if not is_danger(understanding):  # that is never too many
            verdict = self._flood.verdict(self._mark(message, ""), mark, message.sent)
            if verdict is Verdict.LEFT:
                return []
            if verdict is Verdict.TOLD:
                return [self._row(mark, message, TOO_MANY)]
        self._withdraw(message)  # only now: of a change that is one too many, what was said first is answered
        return [self._row(mark, message, understanding)]

    def _row(self, mark: str, message: Inbound, understanding: Understanding) -> Waiting:
        kept = json.dumps(understanding, separators=(",", ":"))
        return Waiting(mark, message.sent, kept, self._addresses.close(message))

    def _withdraw(self, message: Inbound) -> None:
        """Lets go what this message changes or takes back, where it still waits."""
        if message.about:
            self.worker.withdraw(message.who, self._mark(message, message.about))

    def _heard(self, message: Inbound) -> Understanding:
        """One message at which our understanding breaks down must not keep those beside it from being taken."""
        try:
            return self._hearing.understand(message)
        except OURS as error:
            logger.error("a message was not understood: %s", type(error).__name__)
            return BROKEN

    def _mark(self, message: Inbound, id_: str) -> str:
        return self._addresses.mark(message.who, id_)


def webhook(settings: Settings) -> Blueprint:
    """`/webhooks/whatsapp/webhook`, as the Cloud API calls it. `app.ctx.whatsapp` is the Channel."""
    door = Blueprint("whatsapp", "/webhooks/whatsapp")
    secret, word = settings.whatsapp_app_secret.strip().encode(), settings.whatsapp_verify_token.strip().encode()

    @door.get("/webhook")
    async def shake_hands(request: Request) -> HTTPResponse:
        given = request.args.get("hub.verify_token", "").encode()
        if request.args.get("hub.mode") != "subscribe" or not hmac.compare_digest(given, word):
            return response.text("", 403)
        return response.text(request.args.get("hub.challenge", ""))

    @door.post("/webhook")
    async def receive(request: Request) -> HTTPResponse:
        if len(request.body) > MOST_BYTES:
            return response.json({"error": "too_long"}, 413)
        if not signed(request.body, request.headers.get("x-hub-signature-256", ""), secret):
            return response.json({"error": "signature_wrong"}, 403)
        try:
            payload = json.loads(request.body)
        except (ValueError, RecursionError):
            return response.json({"error": "json_expected"}, 400)
        channel = getattr(request.app.ctx, "whatsapp", None)
        if channel is None:  # the assistant is not there yet: Meta comes again
            return response.json({"error": "not_ready"}, 503)
        await channel.take(payload)
        return response.text("")

    return door


def signed(body: bytes, header: str, secret: bytes) -> bool:
    """Whether Meta signed these bytes. Bytes are compared: a header may hold letters that a comparison of texts refuses."""
    wanted = SCHEME + hmac.new(secret, body, hashlib.sha256).hexdigest().encode()
    return hmac.compare_digest(header.encode(errors="replace"), wanted)
