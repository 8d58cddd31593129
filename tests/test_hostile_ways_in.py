"""Hostile requests to WhatsApp's webhook, to sound, to the cards, and to what streams: no 500, no leak, no hang."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.channels.session import Sessions
from bot.dashboard.visits import Visits
from bot.sealing import Seal
from tests import whatsapp_fixtures
from tests.conftest import NOW, SECRET, Site, start_site
from tests.hostile_fixtures import LEAKS, PATIENCE, allowed, harmless, heads, rows, send, written
from tests.whatsapp_fixtures import PATH, FakeMeta, envelope, post

AT = datetime.fromisoformat(f"{NOW}+01:00")
LONG = timedelta(days=3650)
STRANGE: tuple[Any, ...] = (
    None, True, 0, 1e308, "", "x", [], {}, [None], [[[]]], {"__proto__": {}}, {"object": None}, {"entry": None},
    {"entry": "x"}, {"entry": [None, 1, "x", []]}, {"entry": [{"changes": {}}]}, {"entry": [{"changes": [None]}]},
    {"entry": [{"changes": [{"field": "messages", "value": None}]}]},
    {"entry": [{"changes": [{"field": "messages", "value": {"messages": "x", "statuses": 7}}]}]},
    {"entry": [{"changes": [{"field": "messages", "value": {"messages": [None, 1, "x", {}]}}]}]},
    envelope([{"from": None, "id": None, "timestamp": None, "type": None}]),
    envelope([{"from": [], "id": {}, "timestamp": "-1", "type": "text", "text": "x"}]),
    envelope([{"from": "31612345678", "id": "a", "timestamp": "1e999", "type": "text", "text": {"body": "x"}}]),
    envelope([{"from": "31612345678", "id": "b" * 5000, "timestamp": "9" * 400, "type": "text", "text": {"body": None}}]),
    envelope([{"from": "../../etc", "id": "c", "timestamp": "0", "type": "__proto__", "__proto__": {"body": "x"}}]),
    envelope([{"from": "\ud800", "id": "\udfff", "timestamp": "0", "type": "text", "text": {"body": "\ud800"}}]),
    envelope([{"from": "1", "id": "d", "timestamp": "0", "type": "interactive", "interactive": {"type": "button_reply"}}]),
    envelope([{"from": "1", "id": "e", "timestamp": "0", "type": "interactive", "interactive": []}]),
    envelope([{"from": "1", "id": "f", "timestamp": "0", "type": "location", "location": {"address": 7, "latitude": "x"}}]),
    envelope([{"from": "1", "id": "g", "timestamp": "0", "type": "reaction", "reaction": {"emoji": None}}]),
)  # fmt: skip
"""What Meta never sends; signed all the same, for a key may leak."""


fake = whatsapp_fixtures.fake  # pytest finds a fixture by its name in the test's module


@pytest.fixture(scope="module")
def server(model: Path, fake: FakeMeta, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    started = start_site(tmp_path_factory.mktemp("ways-in"), RATE_PER_SESSION="100000", **fake.settings())
    yield started
    started.stop()


@pytest.fixture(autouse=True)
def still_there(server: Site) -> Iterator[None]:
    """Whatever was sent, the next resident is answered, and nothing of it is in the log."""
    yield
    assert httpx.get(f"{server.url}/health", timeout=PATIENCE).status_code == 200
    assert "Traceback" not in server.log.read_text(encoding="utf-8", errors="replace")


def begin(site: Site) -> str:
    answer = httpx.post(f"{site.url}/webhooks/web/session", json={"language": "nl"}, timeout=PATIENCE)
    return str(answer.json()["session"])


# --- WhatsApp


def test_what_meta_never_sends_is_answered_or_refused(server: Site) -> None:
    wrong = []
    for body in STRANGE:
        answer = post(server.url, json.dumps(body).encode())
        if answer.status_code not in (200, 400):
            wrong.append((answer.status_code, str(body)[:100]))
        assert not LEAKS.search(answer.text)
    assert not wrong


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"9" * 100_000,
        b"\xff\xfe",
        b'"\\ud800"',
        b"NaN",
        b"{" + b'"a":1,' * 100_000 + b'"b":1}',
    ],
)
def test_signed_bytes_that_are_no_json_for_us_do_no_harm(server: Site, body: bytes) -> None:
    assert post(server.url, body).status_code in (200, 400)


def test_without_the_signature_nothing_is_read_however_much_comes(server: Site) -> None:
    for body in (b"[" * 3_400_000, b"x" * 3_600_000):
        answer = httpx.post(f"{server.url}{PATH}", content=body, timeout=PATIENCE)
        assert answer.status_code in (403, 413)
    handshakes = (
        "",
        "?hub.mode=subscribe",
        "?hub.mode=subscribe&hub.verify_token=%ff%00",
        "?hub.verify_token[]=x&hub.mode[]=subscribe",
    )
    for asked in handshakes:
        assert httpx.get(f"{server.url}{PATH}{asked}", timeout=PATIENCE).status_code == 403


# --- sound


def test_nothing_is_read_aloud_but_our_own_words(server: Site) -> None:
    for row in rows("sound"):
        answer = httpx.post(f"{server.url}/stem", content=written(row).encode(), timeout=PATIENCE)
        assert answer.status_code in allowed("sound"), (str(row)[:80], answer.status_code)
        assert not LEAKS.search(answer.text)


@pytest.mark.parametrize(
    "kind", ["", "multipart/form-data; boundary=", "multipart/form-data; boundary=x", "application/json"]
)
def test_nobody_is_listened_to_without_a_conversation(server: Site, kind: str) -> None:
    bodies = (
        b"", b"--x--", b"--x\r\n\r\n--x--", b"\xff" * 1000, b"--x\r\n" * 2000,
        b'--x\r\nContent-Disposition: form-data; name="audio"; filename="../../x"\r\n\r\nRIFF\r\n--x--\r\n',
        b'--x\r\nContent-Disposition: form-data; name="session"\r\n\r\n\xff\xfe\r\n--x--\r\n',
    )  # fmt: skip
    for body in bodies:
        answer = httpx.post(f"{server.url}/luister", content=body, headers={"Content-Type": kind}, timeout=PATIENCE)
        assert answer.status_code in (400, 401, 413), (body[:40], answer.text[:200])
        assert not LEAKS.search(answer.text)


# --- tokens of another purpose, in other places


def test_a_token_opens_only_what_it_was_made_for(server: Site) -> None:
    foreign = {
        "card": Seal(SECRET, "card").close({"id": "x", "s": ["geldfit"], "l": "nl"}, AT, LONG),
        "visit": Visits(SECRET).begin(AT),
        "way": Seal(SECRET, "dashboard-way").close({"id": "x"}, AT, LONG),
        "reply address": Seal(SECRET, "whatsapp").close({"id": "x"}, AT, LONG),
    }
    for name, token in foreign.items():
        body = {"session": token, "message": "hallo"}
        answer = httpx.post(f"{server.url}/webhooks/web/message", json=body, timeout=PATIENCE)
        assert answer.status_code == 401, name
    session, _ = Sessions(SECRET, 24).begin(AT, "nl")
    assert httpx.get(f"{server.url}/hulpkaart/{session}", timeout=PATIENCE).status_code == 404


def test_a_session_in_the_address_or_a_cookie_is_none(server: Site) -> None:
    """Only the header or the body: an address ends up in logs and histories."""
    token = begin(server)
    asked = f"{server.url}/webhooks/web/session?session={token}&token={token}&access_token={token}"
    assert httpx.get(asked, headers={"Cookie": f"session={token}"}, timeout=PATIENCE).status_code == 401
    body = {"message": "hallo"}
    answer = httpx.post(f"{server.url}/webhooks/web/message?session={token}", json=body, timeout=PATIENCE)
    assert answer.status_code == 401


def test_a_token_of_a_megabyte_is_refused(server: Site) -> None:
    long = "A" * 1_000_000
    sent = json.dumps({"session": long, "message": "x"})
    assert httpx.post(f"{server.url}/webhooks/web/message", content=sent, timeout=PATIENCE).status_code == 413
    for line in (
        f"GET /hulpkaart/{long} HTTP/1.1\r\nHost: x",
        f"GET /webhooks/web/session HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {long}",
    ):
        said = send(server, f"{line}\r\n\r\n".encode())
        harmless(said)
        assert 200 not in heads(said)


def test_a_card_with_anything_in_it_is_a_card_or_not_found(server: Site) -> None:
    """Sealed by ourselves, as after a change of what a card holds."""
    contents: tuple[dict[str, Any], ...] = (
        {}, {"s": []}, {"s": ["../../etc/passwd"], "l": "../x"}, {"s": ["geldfit", "none", "geldfit"], "l": "nl"},
        {"s": ["__proto__"], "l": "xx"}, {"s": ["\ud800"], "l": "nl"},
    )  # fmt: skip
    for content in contents:
        token = Seal(SECRET, "card").close(content, AT, timedelta(days=1))
        for ending in ("", ".ics"):
            answer = httpx.get(f"{server.url}/hulpkaart/{token}{ending}", timeout=PATIENCE)
            assert answer.status_code in (200, 404), (content, answer.text[:200])
            assert not LEAKS.search(answer.text)


# --- who does not read what was asked


def test_who_asks_much_and_reads_nothing_holds_up_nobody(server: Site) -> None:
    """Answers as a stream of events, and many requests in one line, of which the answers are never taken."""
    with ExitStack() as lines:
        for number in range(40):
            body = json.dumps({"session": begin(server), "message": "ik heb schulden", "id": str(number)}).encode()
            head = f"POST /webhooks/web/message HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\nContent-Length: {len(body)}\r\n\r\n"
            _open(server, lines).sendall(head.encode() + body)
            _open(server, lines).sendall(b"GET /drempelhulp.js HTTP/1.1\r\nHost: x\r\n\r\n" * 50)
        mine = begin(server)
        said = httpx.post(
            f"{server.url}/webhooks/web/message", json={"session": mine, "message": "ik ben alleen"}, timeout=PATIENCE
        )
        assert said.status_code == 200 and said.json()["messages"]


def _open(site: Site, lines: ExitStack) -> socket.socket:
    host, port = site.url.removeprefix("http://").split(":")
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
    line.settimeout(PATIENCE)
    line.connect((host, int(port)))
    return lines.enter_context(line)
