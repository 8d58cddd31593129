"""Meta's Graph API, as far as we need it: send one message, and what its refusals mean for us."""

from __future__ import annotations

import asyncio
import re
from enum import Enum
from typing import Any

import aiohttp

from bot.channels.whatsapp.address import Address
from bot.settings import Settings

VERSION = "v23.0"
"""Used where the base address names none; what we send is tested against Meta's schemas of this version."""
NAMES_A_VERSION = re.compile(r"/v\d+\.\d+/?$")
SECONDS_TO_CONNECT, SECONDS = 5, 20


class Trouble(Enum):
    """Why a message was not sent."""

    AWAY = "away"
    """Meta is down, or takes no more from us at the moment: all wait."""
    TOKEN = "token"
    """Our access has ended or does not reach so far: all wait, and somebody has to act."""
    TOO_FAST = "too_fast"
    """Too much to this one resident: this one waits."""
    NEVER = "never"
    """It cannot reach them, now or later."""
    MALFORMED = "malformed"
    """Our own mistake; the same as plain text may do."""
    UNSURE = "unsure"
    """It was handed over and no receipt came: it may have arrived."""


CODES = {
    **dict.fromkeys((1, 2, 4, 80007, 130429, 131000, 131016, 131057), Trouble.AWAY),
    **dict.fromkeys((0, 3, 10, 190, *range(200, 300)), Trouble.TOKEN),
    131056: Trouble.TOO_FAST,
    **dict.fromkeys((131026, 131030, 131047, 131051, 131052, 131053), Trouble.NEVER),
    **dict.fromkeys((100, 131008, 131009), Trouble.MALFORMED),
}
"""Meta's error codes; 131047: more than a day since they wrote, 131026: undeliverable, 131030: a test number's own list."""


class NotSent(Exception):
    """It was not sent: why, and Meta's code or the HTTP status. Never with the message in it."""

    def __init__(self, trouble: Trouble, code: int = 0) -> None:
        super().__init__(f"{trouble.value} ({code})")
        self.trouble, self.code = trouble, code


class Graph:
    """One connection to the Graph API for one telephone number."""

    def __init__(self, settings: Settings) -> None:
        base = str(settings.whatsapp_api_url).rstrip("/")
        versioned = base if NAMES_A_VERSION.search(base) else f"{base}/{VERSION}"
        self._number = f"{versioned}/{settings.whatsapp_phone_number_id}"
        self._headers = {"Authorization": f"Bearer {settings.whatsapp_token}"}
        self._session: aiohttp.ClientSession | None = None

    async def send(self, address: Address, payload: dict[str, Any]) -> None:
        """Sends, or raises NotSent."""
        body = {"messaging_product": "whatsapp", "recipient_type": "individual", **address.fields(), **payload}
        try:
            async with self._open().post(f"{self._number}/messages", json=body) as answer:
                status = answer.status
                found = None if answer.ok else await _json(answer)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise NotSent(Trouble.AWAY) from error
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
            raise NotSent(Trouble.UNSURE) from error
        if found is not None:
            raise _refused(status, found)

    async def there(self) -> bool:
        """Whether Meta answers at all, whatever it answers."""
        try:
            async with self._open().get(self._number) as answer:
                return answer.status < 500
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError):
            return False

    async def close(self) -> None:
        if self._session:
            await self._session.close()

    def _open(self) -> aiohttp.ClientSession:
        """Each request has a connection of its own: a kept one that Meta closes meanwhile would leave us unsure."""
        if self._session is None:
            limits = aiohttp.ClientTimeout(total=SECONDS, connect=SECONDS_TO_CONNECT)
            connector = aiohttp.TCPConnector(force_close=True)
            self._session = aiohttp.ClientSession(connector=connector, headers=self._headers, timeout=limits)
        return self._session


async def _json(answer: aiohttp.ClientResponse) -> dict[str, Any]:
    try:
        found = await answer.json(content_type=None)
    except ValueError:
        found = None
    return found if isinstance(found, dict) else {}


def _refused(status: int, answer: dict[str, Any]) -> NotSent:
    """What a refusal means: by Meta's code, and where there is none that we know by the HTTP status."""
    error = answer.get("error")
    code = error.get("code") if isinstance(error, dict) else None
    if isinstance(code, int) and code in CODES:
        return NotSent(CODES[code], code)
    if status == 429 or status >= 500:
        return NotSent(Trouble.AWAY, status)
    if status in (401, 403, 404):
        return NotSent(Trouble.TOKEN, status)
    return NotSent(Trouble.MALFORMED, code if isinstance(code, int) else status)
