"""Hostile requests: no 500, no leak, no hang, on the real server. What is sent stands as data in tests/hostile/."""

from __future__ import annotations

import json
import os
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.channels.session import RateLimit, Sealed, Sessions
from bot.engine.manners import HEADERS, REQUEST_SECONDS
from bot.sealing import Seal
from tests.conftest import NOW, SECRET, Site, start_site
from tests.hostile_fixtures import HOSTILE, LEAKS, PATIENCE, allowed, harmless, heads, rows, send, written


@pytest.fixture(scope="module")
def session(site: Site) -> str:
    return begin(site)


def begin(site: Site, **headers: str) -> str:
    answer = httpx.post(f"{site.url}/webhooks/web/session", json={"language": "nl"}, headers=headers, timeout=PATIENCE)
    return str(answer.json()["session"])


@pytest.fixture(autouse=True)
def still_there(site: Site) -> Iterator[None]:
    """Whatever was sent, the next resident is answered."""
    yield
    assert httpx.get(f"{site.url}/health", timeout=PATIENCE).status_code == 200
    assert "Traceback" not in site.log.read_text(encoding="utf-8", errors="replace")


def test_there_are_enough_of_them() -> None:
    assert sum(len(rows(path.stem)) for path in HOSTILE.glob("*.yml")) >= 120


@pytest.mark.parametrize("name", ["paths", "methods"])
def test_addresses_and_methods_that_nobody_needs(site: Site, name: str) -> None:
    wrong = []
    for row in rows(name):
        method, _, path = row.partition(" ")
        request = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        said = send(site, request.encode())
        harmless(said)
        if said and not set(heads(said)) <= allowed(name):
            wrong.append((row, heads(said)))
    assert not wrong


@pytest.mark.parametrize("path", ["/webhooks/web/message", "/webhooks/web/session", "/praat"])
def test_bodies_that_are_none(site: Site, session: str, path: str) -> None:
    wrong = []
    for row in rows("bodies"):
        body = written(row, session).encode()
        kind = "application/x-www-form-urlencoded" if path == "/praat" else "application/json"
        answer = httpx.post(f"{site.url}{path}", content=body, headers={"Content-Type": kind}, timeout=PATIENCE)
        if answer.status_code not in allowed("bodies") | {429}:
            wrong.append((str(row)[:80], answer.status_code))
        assert not LEAKS.search(answer.text), (str(row)[:80], answer.text[:300])
    assert not wrong


def test_messages_that_mean_harm_get_a_kind_sentence_and_never_come_back(site: Site) -> None:
    for row in rows("messages"):
        text = written(row)
        token = begin(site)
        body = {"session": token, "message": text}
        answer = httpx.post(f"{site.url}/webhooks/web/message", json=body, timeout=PATIENCE)
        assert answer.status_code == 200, (text[:60], answer.text[:200])
        messages = answer.json()["messages"]
        assert messages and all(message["text"] for message in messages)
        said = json.dumps(messages, ensure_ascii=False)
        assert len(text.strip()) < 6 or text.strip()[:40] not in said
        assert not LEAKS.search(said)


def test_headers_that_lie(site: Site, session: str) -> None:
    wrong = []
    for row in rows("headers"):
        start = b"POST /webhooks/web/session HTTP/1.1\r\nHost: localhost\r\n"
        line = written(row).encode("latin-1")
        said = send(site, start + line + b"\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")
        harmless(said)
        if not set(heads(said)) <= allowed("headers") | {429}:
            wrong.append((str(row)[:60], heads(said)))
    assert not wrong


def test_one_request_cannot_be_smuggled_inside_another(site: Site) -> None:
    for row in rows("raw"):
        said = send(site, written(row).encode("latin-1", errors="ignore"), patience=PATIENCE)
        harmless(said)
        assert b"/smuggled" not in said


def test_every_answer_protects_its_reader(site: Site, session: str) -> None:
    asked = [
        ("GET", "/"), ("GET", "/?lang=tr"), ("GET", "/privacy"), ("GET", "/health"), ("GET", "/none"), ("GET", "/drempelhulp.js"),
        ("GET", "/hulpkaart/AAAA"), ("GET", "/widget/nl.json"), ("POST", "/praat"), ("POST", "/webhooks/web/session"),
        ("POST", "/webhooks/web/message"), ("DELETE", "/"), ("GET", "/hulpkaart.css"),
    ]  # fmt: skip
    for method, path in asked:
        answer = httpx.request(method, f"{site.url}{path}", timeout=PATIENCE)
        for name in HEADERS:
            assert answer.headers.get(name), (path, name)
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert "server" not in answer.headers


# --- sessions: none can be made, changed, prolonged or used for something else


def test_a_session_cannot_be_forged_changed_or_taken_from_another_purpose(site: Site, session: str) -> None:
    from datetime import datetime, timedelta

    now = datetime.fromisoformat(f"{NOW}+01:00")
    long = timedelta(days=3650)
    made = [
        Seal("another secret", "session").close({"id": "x"}, now, long),
        Seal(SECRET, "card").close({"id": "x"}, now, long),
        Seal(SECRET, "session").close({"id": "x"}, now - timedelta(days=400), timedelta(days=1)),
        session[:-1], session + "A", session[1:], session.swapcase(), session[::-1], session[: len(session) // 2],
        *(session[:at] + ("A" if session[at] != "A" else "B") + session[at + 1 :] for at in range(0, len(session) - 1, 9)),
    ]  # fmt: skip
    for token in made:
        answer = httpx.post(
            f"{site.url}/webhooks/web/message", json={"session": token, "message": "hallo"}, timeout=PATIENCE
        )
        assert answer.status_code == 401, token
        again = httpx.get(
            f"{site.url}/webhooks/web/session", headers={"Authorization": f"Bearer {token}"}, timeout=PATIENCE
        )
        assert again.status_code == 401
        assert httpx.get(f"{site.url}/hulpkaart/{token}", timeout=PATIENCE).status_code == 404


def test_what_is_replayed_is_answered_the_same_and_another_session_sees_nothing_of_it(site: Site) -> None:
    mine, other = begin(site), begin(site)

    def say(session: str, text: str) -> list[str]:
        body = {"session": session, "message": text, "id": "the same id"}
        answer = httpx.post(f"{site.url}/webhooks/web/message", json=body, timeout=PATIENCE)
        return [message["text"] for message in answer.json()["messages"]]

    first = say(mine, "ik heb schulden")
    assert say(mine, "something else under the same id") == first
    assert say(other, "ik ben zo alleen") != first
    last = httpx.get(f"{site.url}/webhooks/web/session", headers={"Authorization": f"Bearer {other}"}, timeout=PATIENCE)
    assert [message["text"] for message in last.json()["messages"]] != first


def test_the_limits_hold_a_bounded_number_of_keys() -> None:
    limit = RateLimit(60, keys=100)
    for number in range(10_000):
        limit.wait(str(number), 1.0)
    assert len(limit._times) == 100
    assert max(len(times) for times in limit._times.values()) <= 60


# --- whose address it is


@pytest.mark.parametrize(("proxies", "last"), [(None, 429), ("1", 200)], ids=["no proxy", "one trusted proxy"])
def test_a_forwarded_address_is_believed_only_of_a_trusted_proxy(
    model: Path, tmp_path: Path, proxies: str | None, last: int
) -> None:
    given_settings = {"RATE_PER_ADDRESS": "2", **({"TRUSTED_PROXIES": proxies} if proxies else {})}
    limited = start_site(tmp_path / "var", **given_settings)
    try:
        answers = [
            httpx.post(
                f"{limited.url}/webhooks/web/session",
                json={},
                headers={"X-Forwarded-For": f"10.0.0.{n}"},
                timeout=PATIENCE,
            ).status_code
            for n in range(4)
        ]
        assert answers == [200, 200, last, last]
        if proxies:  # what the client wrote in front of the proxy's own word counts for nothing
            claims = [
                httpx.post(
                    f"{limited.url}/webhooks/web/session", json={}, timeout=PATIENCE,
                    headers={"X-Forwarded-For": f"1.2.3.{n}, 10.9.9.9"},
                ).status_code
                for n in range(3)
            ]  # fmt: skip
            assert claims == [200, 200, 429]
    finally:
        limited.stop()


# --- who takes their time


def test_slow_requests_are_ended_and_keep_nobody_waiting(site: Site) -> None:
    """Headers that never end, a body that never comes, a letter at a time: each line is closed in bounded time."""
    host, port = site.url.removeprefix("http://").split(":")
    starts = {
        "headers": b"GET / HTTP/1.1\r\nHost: x\r\nX-A: ",
        "body": b"POST /webhooks/web/message HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{",
        "chunks": b"POST /webhooks/web/message HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n",
        "form": b"POST /praat HTTP/1.1\r\nHost: x\r\nContent-Length: 9999\r\n\r\nmessage=",
    }
    ended: dict[str, float] = {}

    def drip(name: str, start: bytes) -> None:
        begun = time.monotonic()
        with socket.create_connection((host, int(port)), timeout=1) as line:
            line.sendall(start)
            while time.monotonic() - begun < 4 * REQUEST_SECONDS:
                try:
                    line.sendall(b"1\r\na\r\n" if name == "chunks" else b"a")
                    said = line.recv(4096)
                    assert not [status for status in heads(said) if status == 500]
                    if not said or b"HTTP/1.1" in said:
                        ended[name] = time.monotonic() - begun
                        return
                except TimeoutError:
                    continue
                except (ConnectionResetError, BrokenPipeError):
                    ended[name] = time.monotonic() - begun
                    return

    threads = [threading.Thread(target=drip, args=item) for item in starts.items() for _ in range(5)]
    for thread in threads:
        thread.start()
    assert httpx.get(f"{site.url}/", timeout=PATIENCE).status_code == 200, "others are served meanwhile"
    for thread in threads:
        thread.join(5 * REQUEST_SECONDS)
    assert set(ended) == set(starts)


# --- chance as an attacker

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=80),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
KEYS = st.sampled_from(["session", "message", "id", "language", "sender", "metadata", "__proto__", "text"])
MANY = int(os.environ.get("FUZZ_EXAMPLES", "40"))
FUZZ = settings(
    max_examples=MANY, deadline=None, derandomize=MANY == 40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
"""Short here, and always the same; `make fuzz` takes many more, and others each time."""


@FUZZ
@given(
    body=st.dictionaries(KEYS, ANYTHING, max_size=6), real=st.booleans(), path=st.sampled_from(["message", "session"])
)
def test_any_json_is_answered_or_refused(site: Site, session: str, body: dict[str, Any], real: bool, path: str) -> None:
    given_body = {**body, "session": session} if real else body
    content = json.dumps(given_body).encode(errors="surrogatepass")
    answer = httpx.post(f"{site.url}/webhooks/web/{path}", content=content, timeout=PATIENCE)
    assert answer.status_code in (200, 400, 401, 413, 429)
    assert not LEAKS.search(answer.text)


@FUZZ
@given(data=st.binary(max_size=400))
def test_any_bytes_on_the_line_do_no_harm(site: Site, data: bytes) -> None:
    harmless(send(site, data + b"\r\n\r\n"))


@FUZZ
@given(token=st.text(max_size=300))
def test_any_text_as_a_session_is_no_session(token: str) -> None:
    from datetime import datetime, timezone

    with pytest.raises(Sealed):
        Sessions(SECRET, 24).read(token, datetime.now(timezone.utc))
