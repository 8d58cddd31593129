"""A worker with its real inbox, a dialogue that breaks or waits as a test wants, and a Meta that refuses in turn."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.channels.whatsapp.address import Address, Addresses
from bot.channels.whatsapp.answering import Speaker
from bot.channels.whatsapp.courier import Courier
from bot.channels.whatsapp.inbound import SAID, Inbound
from bot.channels.whatsapp.listener import Fetch
from bot.channels.whatsapp.reply import Answer
from bot.channels.whatsapp.trouble import NotSent, Trouble
from bot.channels.whatsapp.waiting import Waiting
from bot.channels.whatsapp.worker import Worker
from bot.engine.inbox import DONE, INBOX, Inbox
from bot.engine.tables import open_engine

TO = Address(None, "316")
NOW = time.time()


@pytest.fixture
def inbox(tmp_path: Path) -> Inbox:
    return Inbox(open_engine(f"sqlite:///{tmp_path}/x.db"))


class Away(OSError):
    """A database that comes back."""


def row(message: str, sent: float = NOW) -> Waiting:
    return Waiting(message, sent, "{}", "sealed")


def states(inbox: Inbox) -> dict[str, str]:
    with inbox._engine.connect() as connection:
        return {found.message: found.state for found in connection.execute(INBOX.select())}


class Meta:
    """Answers in turn with these troubles; None takes the message."""

    def __init__(self, inbox: Inbox, *troubles: Trouble | None) -> None:
        self.inbox, self.troubles, self.tried = inbox, list(troubles), 0
        self.took: list[dict[str, Any]] = []
        self.state_while_sending: list[str] = []
        self.renewed = False

    async def send(self, address: Address, payload: dict[str, Any]) -> None:
        self.tried += 1
        self.state_while_sending += [states(self.inbox).get("a", "")]
        trouble = self.troubles.pop(0) if self.troubles else None
        if trouble:
            raise NotSent(trouble)
        self.took.append(payload)

    async def there(self) -> bool:
        return True

    async def recording(self, media: str) -> bytes:
        self.tried += 1
        trouble = self.troubles.pop(0) if self.troubles else None
        if trouble:
            raise NotSent(trouble)
        return b"sound"

    def renew(self) -> None:
        self.renewed = True


class Dialogue:
    """Breaks down with these, one a turn; then it answers. `fetch` is what it does with a recording."""

    def __init__(self, *breaks: Exception, fetch: Fetch | None = None) -> None:
        self.breaks = list(breaks)
        self.turns = 0
        self.fetched: list[bytes | None] = []
        self._fetch = fetch

    async def prepare(self, row: Waiting, address: Address) -> dict[str, Any]:
        media = json.loads(row.understanding)["media"]
        if self._fetch and media:
            self.fetched.append(await self._fetch(row, media))
        return {}

    async def answer(self, row: Waiting, address: Address, understanding: dict[str, Any]) -> Answer:
        self.turns += 1
        if self.breaks:
            raise self.breaks.pop(0)
        return Answer({"said": row.message}, {})

    def failed(self, address: Address) -> Answer:
        return Answer({"said": "failed"}, {})

    def forget(self) -> None:
        """Nothing is kept here."""


class Silence:
    async def say(self, address: Address, answer: Answer) -> None:
        """Nothing is spoken here."""


@dataclass(frozen=True)
class Said:
    """A row of one resident's. `heard`: whether it is text, and not a recording."""

    message: str
    what: dict[str, Any] = field(default_factory=dict)
    heard: bool = True


class Desk:
    """A worker at which residents write when a test says so."""

    def __init__(
        self, inbox: Inbox, meta: Meta, dialogue: Dialogue, courier: Courier | None = None,
        speaker: Speaker | None = None, pace: float = 0,
    ) -> None:  # fmt: skip
        self.inbox, self.meta, self.dialogue, self.addresses = inbox, meta, dialogue, Addresses("secret")
        meta.inbox, courier, speaker = inbox, courier or Courier(inbox, meta, pace=0), speaker or Silence()
        self.worker = Worker(inbox, self.addresses, dialogue, courier, speaker, (Away,), pace=pace)
        self._written = 0

    def write(self, *said: Said, who: str = "316", sent: float | None = None) -> None:
        """One request with these messages of one resident, a second after the last."""
        sealed = self.addresses.close(Inbound("x", None, who, NOW, SAID))
        self._written += 1
        moment = NOW + self._written if sent is None else sent
        kept = [json.dumps({**one.what, "media": None if one.heard else one.message}) for one in said]
        rows = [Waiting(one.message, moment, what, sealed) for one, what in zip(said, kept, strict=True)]
        self.worker.add(self.inbox.take(rows))

    @property
    def said(self) -> list[str]:
        """To which messages an answer arrived, in order."""
        return [str(payload["said"]) for payload in self.meta.took]

    async def until(self, so: Callable[[], bool], seconds: float = 5) -> None:
        until = time.monotonic() + seconds
        while not so():
            assert time.monotonic() < until, f"it never was; answered: {self.said}"
            await asyncio.sleep(0.001)

    async def close(self) -> None:
        """When all is answered."""
        await self.until(lambda: set(states(self.inbox).values()) == {DONE})
        await self.worker.stop()


async def answers(
    inbox: Inbox, meta: Meta, dialogue: Dialogue, *requests: list[Said], courier: Courier | None = None, pace: float = 0
) -> Worker:
    """One resident's messages, request after request, each as soon as Meta was tried since the last; all answered."""
    desk = Desk(inbox, meta, dialogue, courier, pace=pace)
    for said in requests:
        tried = meta.tried + dialogue.turns
        desk.write(*said)
        await desk.until(lambda tried=tried: meta.tried + dialogue.turns > tried)  # type: ignore[misc]
    await desk.close()
    return desk.worker


async def answered(inbox: Inbox, dialogue: Dialogue, *troubles: Trouble | None, sent: float = NOW) -> Meta:
    """What Meta got of one message of somebody, through all that breaks."""
    desk = Desk(inbox, Meta(inbox, *troubles), dialogue)
    desk.write(Said("a"), sent=sent)
    await desk.close()
    return desk.meta


class asyncio_timeout:
    """Ends a test that would wait for ever."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    async def __aenter__(self) -> None:
        task = asyncio.current_task()
        assert task
        self._handle = asyncio.get_running_loop().call_later(self._seconds, task.cancel)

    async def __aexit__(self, *_: object) -> None:
        self._handle.cancel()
