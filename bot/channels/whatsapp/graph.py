"""Meta's Graph API, as far as we need it: send a message, put up a recording of ours, fetch one of a resident's."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import aiohttp

from bot.channels.whatsapp.address import Address
from bot.channels.whatsapp.trouble import NO_SUCH_OBJECT, NotSent, Trouble, refused
from bot.settings import Settings, SettingsError

VERSION = "v23.0"
"""Used where the base address names none; what we send is tested against Meta's schemas of this version."""
NAMES_A_VERSION = re.compile(r"/v\d+\.\d+/?$")
MEDIA_ID = re.compile(r"[A-Za-z0-9_-]{1,128}")
SECONDS_TO_CONNECT, SECONDS = 5, 20
GONE = frozenset({NO_SUCH_OBJECT, 404})
"""Of a recording: Meta no longer has it. Of our number the same code means that the token does not reach it."""
NOT_GIVEN = frozenset({403, 404, 410})
"""HTTP statuses of the place where a recording lies: it is over, whatever our token is worth."""
MOST_AUDIO = 1_500_000
"""Bytes of a recording that is listened to: WhatsApp needs about a quarter of a megabyte for a minute."""


class TooLong(Exception):
    """A recording that is larger than anybody's minute."""


class Graph:
    """The Graph API for one telephone number."""

    def __init__(self, settings: Settings, read_again: Callable[[], Settings] = Settings) -> None:
        base = str(settings.whatsapp_api_url).rstrip("/")
        self._base = base if NAMES_A_VERSION.search(base) else f"{base}/{VERSION}"
        self._number = f"{self._base}/{settings.whatsapp_phone_number_id}"
        self._token = _token(settings)
        self._read_again = read_again
        self._session: aiohttp.ClientSession | None = None

    async def send(self, address: Address, payload: dict[str, Any]) -> None:
        """Sends, or raises NotSent."""
        body = {"messaging_product": "whatsapp", "recipient_type": "individual", **address.fields(), **payload}
        async with self._asked("POST", f"{self._number}/messages", json=body):
            pass

    async def put_up(self, audio: bytes, mime: str) -> str:
        """Meta's id of a recording of ours, to be sent with a message. Raises NotSent."""
        form = aiohttp.FormData({"messaging_product": "whatsapp", "type": mime})
        form.add_field("file", audio, filename="bericht.ogg", content_type=mime)
        async with self._asked("POST", f"{self._number}/media", data=form) as answer:
            found = await _json(answer)
        if not isinstance(found.get("id"), str):
            raise NotSent(Trouble.NEVER)
        return str(found["id"])

    async def recording(self, media: str) -> bytes:
        """A resident's recording, in memory. Raises NotSent, and TooLong."""
        if not MEDIA_ID.fullmatch(media):
            raise NotSent(Trouble.NEVER)
        try:
            async with self._asked("GET", f"{self._base}/{media}") as answer:
                url = (await _json(answer)).get("url")
        except NotSent as refusal:
            if refusal.code in GONE:
                raise NotSent(Trouble.NEVER, refusal.code) from refusal
            raise
        if not isinstance(url, str) or not url.startswith(("https://", f"{self._base.split('://')[0]}://")):
            raise NotSent(Trouble.NEVER)
        async with self._asked("GET", url, gone=NOT_GIVEN) as answer:
            audio = await answer.content.read(MOST_AUDIO + 1)
            while len(audio) <= MOST_AUDIO and (more := await answer.content.read(MOST_AUDIO)):
                audio += more
        if len(audio) > MOST_AUDIO:
            raise TooLong
        return audio

    async def there(self) -> bool:
        """Whether Meta answers at all, whatever it answers."""
        try:
            async with self._open().get(self._number, headers=self._headers()) as answer:
                return answer.status < 500
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError):
            return False

    def renew(self) -> None:
        """Reads the token again: who puts a new one into .env need not start anew."""
        with suppress(SettingsError, OSError):  # somebody is at work in the file
            self._token = _token(self._read_again()) or self._token

    async def close(self) -> None:
        if self._session:
            await self._session.close()

    @asynccontextmanager
    async def _asked(
        self, method: str, url: str, gone: frozenset[int] = frozenset(), **what: Any
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """One request. Raises NotSent: AWAY where nothing can have arrived, UNSURE where it may have.

        `gone`: statuses that mean never, whatever is said with them.
        """
        try:
            async with self._open().request(method, url, headers=self._headers(), **what) as answer:
                if answer.status in gone:
                    raise NotSent(Trouble.NEVER, answer.status)
                if not answer.ok:
                    raise refused(answer.status, await _said_with(answer))
                yield answer
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise NotSent(Trouble.AWAY) from error
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
            raise NotSent(Trouble.UNSURE) from error

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}"}

    def _open(self) -> aiohttp.ClientSession:
        """Each request has a connection of its own: a kept one that Meta closes meanwhile would leave us unsure."""
        if self._session is None:
            limits = aiohttp.ClientTimeout(total=SECONDS, connect=SECONDS_TO_CONNECT)
            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True), timeout=limits)
        return self._session


def _token(settings: Settings) -> str:
    """Out of a file it often has a line's end with it, which no header may have."""
    return str(settings.whatsapp_token or "").strip()


async def _json(answer: aiohttp.ClientResponse) -> dict[str, Any]:
    try:
        found = await answer.json(content_type=None)
    except ValueError:
        found = None
    return found if isinstance(found, dict) else {}


async def _said_with(answer: aiohttp.ClientResponse) -> dict[str, Any]:
    """The reason of a refusal; none where it breaks off: refused it is all the same."""
    try:
        return await _json(answer)
    except (aiohttp.ClientError, asyncio.TimeoutError):
        return {}
