"""A connection that is kept alive: small enough that the client does not take the time that it measures."""

from __future__ import annotations

import asyncio
import json
from typing import Any


class Failed(Exception):
    """An answer that is no 200."""


class Connection:
    """HTTP/1.1 with JSON both ways, one request at a time."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def post(self, path: str, body: dict[str, Any]) -> Any:
        if self._writer is None or self._reader is None or self._reader.at_eof():
            self._reader, self._writer = await asyncio.open_connection(self._host, self._port)
        data = json.dumps(body).encode()
        head = f"POST {path} HTTP/1.1\r\nHost: {self._host}:{self._port}\r\nContent-Type: application/json\r\n"
        self._writer.write(f"{head}Content-Length: {len(data)}\r\n\r\n".encode() + data)
        return await self._answer(self._reader, path)

    @staticmethod
    async def _answer(reader: asyncio.StreamReader, path: str) -> Any:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        status, *headers = head.split("\r\n")
        length = next(int(h.split(":", 1)[1]) for h in headers if h.lower().startswith("content-length:"))
        content = await reader.readexactly(length)
        if " 200 " not in f"{status} ":
            raise Failed(f"{path}: {status} {content[:200]!r}")
        return json.loads(content)

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
