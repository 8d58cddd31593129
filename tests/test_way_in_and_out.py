"""What is done quickly before and after the dialogue is the same as what is done step by step."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from datetime import date, datetime, timedelta
from hashlib import blake2b
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sanic.compat import Header

from bot.channels.aloud import HEARD, OURS, Aloud, Marks
from bot.engine.manners import PATH, PLAIN, is_named
from bot.engine.metrics import BUCKETS, Metrics
from bot.engine.pseudonyms import Pseudonyms
from bot.engine.switch import is_closed
from bot.engine.tables import DAY_KEYS, METADATA, open_engine
from bot.i18n.catalogue import catalogue
from bot.i18n.speech import spoken
from bot.sealing import Seal, Sealed
from bot.settings import AMSTERDAM
from bot.voice.voice import voice_of
from tests.conftest import ROOT, free_port
from tests.hostile_fixtures import rows, written
from tests.voice_fixtures import settings_in

NOW = datetime(2026, 11, 24, 10, 30, tzinfo=AMSTERDAM)
LONG = timedelta(hours=24)


def step_by_step(head: bytes) -> bool:
    """What Sanic makes of the head, looked at one header after another."""
    method, url, _ = (lines := head.decode(errors="surrogateescape").split("\r\n"))[0].split(" ")
    headers = Header((name.lower(), value.lstrip()) for name, value in (line.split(":", 1) for line in lines[1:]))
    return bool(PATH.fullmatch(url.encode(errors="replace"))) and is_named(method, headers)


PLACES = [
    "%sGET / HTTP/1.1",
    "G%sT / HTTP/1.1",
    "GET /a%sb HTTP/1.1",
    "GET / HTTP/1.1\r\nA%s: b",
    "GET / HTTP/1.1\r\nA:b%sc",
]


@pytest.mark.parametrize("place", PLACES, ids=["before it all", "method", "path", "name", "value"])
def test_no_byte_anywhere_makes_a_head_plain_that_would_be_refused_line_by_line(place: str) -> None:
    before, after = place.encode().split(b"%s")
    heads = [before + bytes([byte]) * times + after for byte in range(256) for times in (1, 2)]
    plain = [head for head in heads if PLAIN.fullmatch(head)]
    assert plain and all(map(step_by_step, plain))


def test_no_hostile_head_is_plain_that_would_be_refused() -> None:
    heads = [written(row).encode("latin-1", errors="ignore").partition(b"\r\n\r\n")[0] for row in rows("raw")]
    assert all(step_by_step(head) for head in heads if PLAIN.fullmatch(head))
    usual = b"POST /praat?a=%20 HTTP/1.1\r\nHost: x:1\r\nAccept: */*\r\nUser-Agent: Mozilla/5.0 (X)\r\nEmpty:"
    assert PLAIN.fullmatch(usual) and step_by_step(usual)


# --- tokens


def as_base64_does(secret: str, content: dict[str, Any]) -> str:
    cipher = AESGCM(blake2b(secret.encode(), digest_size=32, person=b"session").digest())
    plain = json.dumps({**content, "until": int((NOW + LONG).timestamp())}).encode()
    return base64.urlsafe_b64encode(b"\0" * 12 + cipher.encrypt(b"\0" * 12, plain, None)).rstrip(b"=").decode()


@pytest.mark.parametrize("language", ["nl", "een taal: ë ÿ 😀", ""])
def test_a_token_that_was_given_out_before_opens_and_a_new_one_is_fit_for_an_address(language: str) -> None:
    seal, content = Seal("secret", "session"), {"id": "x" * 32, "language": language}
    until = {"until": int((NOW + LONG).timestamp())}
    assert seal.open(as_base64_does("secret", content), NOW) == content | until
    for length in range(40):
        token = seal.close({"id": "x" * length}, NOW, LONG)
        assert seal.open(token, NOW) == {"id": "x" * length} | until
        assert base64.urlsafe_b64encode(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))).decode() in (
            token, token + "=", token + "==",
        )  # fmt: skip


@pytest.mark.parametrize("token", ["", "=", "a", "+/", "-_", "😀", "\ud800", "a" * 399, "A" * 16, "\0"])
def test_what_is_no_token_is_sealed_for_ever(token: str) -> None:
    with pytest.raises(Sealed):
        Seal("secret", "session").open(token, NOW)


# --- what is read aloud


ROUTE: dict[str, Any] = {
    "name": "Inloop De Brug van het Plein",
    "spoken_name": "De Brug",
    "why_text": "Het is dichtbij",
    "phone": "026 123 4567",
}
MESSAGES: list[dict[str, Any]] = [
    {"text": "Waar gaat het om?", "spoken": "Waar gaat het om? een, Geld.", "language": "nl"},
    {"text": "Bel 0800-0113 (gratis).", "language": "nl"},
    {"text": "Borç mu?", "spoken": "Borç mu?", "language": "tr"},
    {"text": "Hier.", "spoken": "De Brug. Hier. een, Dit helpt.", "language": "nl", "routes": [ROUTE, {**ROUTE, "cost": "2 €"}]},
]  # fmt: skip


def aloud(var: Path) -> Aloud:
    return Aloud(Marks("secret"), voice_of(settings_in(var)), catalogue())


def test_a_message_that_is_remembered_is_read_as_one_that_is_new(tmp_path: Path) -> None:
    known = aloud(tmp_path)
    first = known.given(MESSAGES)
    assert known.given(MESSAGES) == first == aloud(tmp_path).given(MESSAGES[::-1])[::-1]
    for message, read in zip(MESSAGES, first, strict=True):
        said = known.text(message, spoken)
        mark = Marks("secret").mark(said, message["language"], OURS)
        assert read == {**message, "aloud": {"text": said, "language": message["language"], "mark": mark}}


def test_of_what_a_resident_said_nothing_is_remembered(tmp_path: Path) -> None:
    known = aloud(tmp_path)
    assert known.given(MESSAGES[:3], HEARD) != known.given(MESSAGES[:3])
    before = known._again.cache_info().currsize
    known.given([{"text": "Ik hoorde: ik heb schulden.", "language": "nl"}], HEARD)
    assert known._again.cache_info().currsize == before == 3, "ours are remembered, a resident's words are not"


# --- names, switches, numbers


def test_the_name_of_a_talk_is_the_hash_with_the_key_of_the_day(tmp_path: Path) -> None:
    engine, today = open_engine(f"sqlite:///{tmp_path}/conversations.db"), date(2026, 11, 24)
    METADATA.create_all(engine)
    days = {"2026-11-24": "ab" * 32, "2026-11-23": "cd" * 32}
    with engine.begin() as connection:
        connection.execute(DAY_KEYS.insert(), [{"day": day, "key": key} for day, key in days.items()])
    names = [blake2b(b"me", key=bytes.fromhex(key), digest_size=20).hexdigest() for key in days.values()]
    assert Pseudonyms(engine).of("me", today) == names


def test_the_file_closes_the_chat_at_once_and_opens_it_again(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    for closed in (False, True, False):
        if closed:
            (tmp_path / "closed").touch()
        else:
            (tmp_path / "closed").unlink(missing_ok=True)
        assert is_closed(settings) is closed
    assert is_closed(settings_in(tmp_path, CLOSED="yes"))


@pytest.mark.parametrize("seconds", [0.0, *BUCKETS, *(most * 1.01 for most in BUCKETS), 100.0])
def test_a_time_is_counted_in_the_first_bucket_that_holds_it(seconds: float) -> None:
    metrics = Metrics()
    metrics.took(seconds)
    assert [n for n, number in enumerate(metrics.within) if number] == [sum(seconds > most for most in BUCKETS)]


def test_a_count_is_shown_with_its_status_where_it_has_one() -> None:
    metrics = Metrics()
    for status in (200, 503, None, 200):
        metrics.count("requests_total" if status else "errors_total", status)
    shown = metrics.text().splitlines()
    assert {'drempelhulp_requests_total{status="200"} 2', 'drempelhulp_requests_total{status="503"} 1'} <= {*shown}
    assert "drempelhulp_errors_total 1" in shown


LEAVING = """
import asyncio, gc, os, socket, sys, threading, time, weakref
from sanic import Sanic, response
from bot.engine.manners import BoundedProtocol, CheckedRequest, mind_manners

class Seen(CheckedRequest):
    known = []
    def __init__(self, *given, **more):
        super().__init__(*given, **more)
        self.known.append(weakref.ref(self))

app = Sanic("leaving", configure_logging=False)
mind_manners(app)
app.request_class = Seen

@app.post("/slow")
async def slow(request):
    await asyncio.sleep(0.3)
    return response.json({})

def leave(missing):
    with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as line:
        line.sendall(b"POST /slow HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: %d\\r\\n\\r\\nik wil dood" % (11 + missing))
        time.sleep(0.1)

def residents():
    time.sleep(0.5)
    gc.collect()
    gc.disable()
    for missing in (0, 50):
        leave(missing)
    time.sleep(0.8)
    print(len(Seen.known), sum(request() is not None for request in Seen.known), flush=True)
    os._exit(0)

threading.Thread(target=residents).start()
app.run("127.0.0.1", int(sys.argv[1]), access_log=False, motd=False, protocol=BoundedProtocol)
"""


def test_what_somebody_said_who_left_at_once_does_not_wait_for_the_garbage_collector() -> None:
    """The line is cut while an answer is being made, and in the middle of a message."""
    told = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", LEAVING, str(free_port())],
        cwd=ROOT, capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert told.stdout.split() == ["2", "0"], told.stderr[-2000:]
