"""How hostile requests are read from tests/hostile/, sent byte for byte, and what no answer to them may hold."""

from __future__ import annotations

import re
import socket
from contextlib import suppress
from typing import Any, Protocol

import yaml

from tests.conftest import ROOT

HOSTILE = ROOT / "tests" / "hostile"
LEAKS = re.compile(
    r"Traceback|File \"|site-packages|/work/|sqlite|sqlalchemy|psycopg|sanic|rasa|root:x:|\[fonts\]|secret\.key|requires-python",
    re.IGNORECASE,
)
"""What no answer may hold: the inside of the program, a file of the machine, the names of what it is built with."""
PATIENCE = 25
"""Seconds that a busy machine may take; a request that hangs takes longer than the server's own limit."""


class Served(Protocol):
    """Anything with an address."""

    @property
    def url(self) -> str: ...


def rows(name: str) -> list[Any]:
    return list(yaml.safe_load((HOSTILE / f"{name}.yml").read_text(encoding="utf-8"))["requests"])


def allowed(name: str) -> set[int]:
    return set(yaml.safe_load((HOSTILE / f"{name}.yml").read_text(encoding="utf-8"))["allow"])


def written(row: Any, session: str = "") -> str:
    """A row as text: a sentence, or what it is filled with so many times."""
    if isinstance(row, dict):
        row = row.get("before", "") + row["fill"] * row["times"] + row.get("after", "")
    return str(row).replace("$S", session)


def send(site: Served, data: bytes, patience: float = PATIENCE, half: bool = True) -> bytes:
    """Everything that comes back to these bytes until the server closes; `half` says at once that nothing more will come."""
    host, port = site.url.removeprefix("http://").split(":")
    said = b""
    with socket.create_connection((host, int(port)), timeout=patience) as line:
        try:
            line.sendall(data)
            if half:
                with suppress(OSError):  # the server has closed it already
                    line.shutdown(socket.SHUT_WR)
            while chunk := line.recv(65536):
                said += chunk
        except (ConnectionResetError, BrokenPipeError):
            pass
    return said


def heads(said: bytes) -> list[int]:
    """The status of each answer in what came back."""
    return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d{3})", said)]


def harmless(said: bytes) -> None:
    assert not [status for status in heads(said) if status >= 500], said[:400]
    text = said.decode(errors="replace")
    assert not LEAKS.search(text), LEAKS.search(text)
    assert not re.search(r"^(server|x-powered-by|x-injected|set-cookie):", text, re.IGNORECASE | re.MULTILINE)
