"""Hostile requests to the gemeente's dashboard: no 500, no leak, no hang, and nobody comes in without the token."""

from __future__ import annotations

import csv
import io
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.dashboard.access import COOKIE, is_bearer, is_session
from bot.dashboard.exports import FORMULA
from bot.directory.exchange.outgoing import outgoing
from bot.directory.folder import records
from bot.paths import gemeente_folder
from tests.dashboard_fixtures import TOKEN, serve, stopped
from tests.hostile_fixtures import LEAKS, PATIENCE, allowed, harmless, heads, rows, send, written

DOOR = "/aanmelden"
FUZZ = settings(
    max_examples=int(os.environ.get("FUZZ_EXAMPLES", "40")), deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip


@dataclass(frozen=True)
class Desk:
    """The dashboard as it is served, with an empty store; what it says on its own log is kept."""

    url: str
    log: Path

    def ask(self, method: str, path: str, *headers: str, body: bytes = b"") -> bytes:
        """Asks with these headers as they stand, and reads until the dashboard closes the line."""
        lines = (
            f"{method} {path} HTTP/1.1",
            "Host: localhost",
            *headers,
            f"Content-Length: {len(body)}",
            "Connection: close",
        )
        return send(self, "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body, half=False)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Its errors go to a file, to be read afterwards."""
    var = tmp_path_factory.mktemp("desk")
    with tempfile.TemporaryFile() as keep, (var / "dashboard.log").open("wb") as log:
        os.dup2(2, keep.fileno())
        os.dup2(log.fileno(), 2)
        try:
            process, url = serve(var, DREMPELHULP_DASHBOARD_TOKEN=TOKEN)
        finally:
            os.dup2(keep.fileno(), 2)
    yield Desk(url, var / "dashboard.log")
    stopped(process)


@pytest.fixture(autouse=True)
def still_there(desk: Desk) -> Iterator[None]:
    yield
    assert httpx.get(f"{desk.url}/health", timeout=PATIENCE).status_code == 200


def test_addresses_that_nobody_needs(desk: Desk) -> None:
    wrong = []
    for row in rows("dashboard") + rows("paths") + rows("methods"):
        method, _, path = row.partition(" ")
        target = path.encode().decode("latin-1")
        inside = desk.ask(method.encode().decode("latin-1"), target, f"Authorization: Bearer {TOKEN}")
        outside = desk.ask(method.encode().decode("latin-1"), target)
        for said, fine in ((inside, allowed("dashboard") | {401, 501}), (outside, {400, 401, 404, 405, 414, 501})):
            harmless(said)
            if not set(heads(said)) <= fine:
                wrong.append((row, heads(said)))
    assert not wrong


def test_no_header_opens_the_door_but_the_token(desk: Desk) -> None:
    wrong = []
    for row in rows("keys"):
        for path in ("/kaart", "/api/v1/tables"):
            said = desk.ask("GET", path, written(row))
            harmless(said)
            if not set(heads(said)) <= allowed("keys"):
                wrong.append((str(row)[:60], path, heads(said)))
    assert not wrong


@pytest.mark.parametrize(
    "kind",
    [
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=",
        "application/json",
        "text/plain; charset=none-such",
    ],
)
def test_no_form_opens_the_door_but_the_token(desk: Desk, kind: str) -> None:
    """Anew for each form: after too many wrong ones the right one would not be looked at either."""
    for row in rows("forms"):
        said = desk.ask("POST", DOOR, f"Content-Type: {kind}", body=written(row).encode())
        assert not [status for status in heads(said) if status >= 500], (str(row)[:60], said[:200])
        assert set(heads(said)) <= allowed("forms"), (str(row)[:60], said[:200])
        assert b"evil.example" not in said and b"javascript:" not in said
        assert COOKIE.encode() not in said


@FUZZ
@given(header=st.text(max_size=60), token=st.text(min_size=1, max_size=30))
def test_any_text_as_a_key_is_no_key(header: str, token: str) -> None:
    """Also letters that no UTF-8 has: Sanic hands over a byte that it cannot read as half of a pair."""
    for given_key in (header, header + "\udcff", f"9999999999.{header}\udcff"):
        assert not is_session(given_key, token, 0.0)
        assert is_bearer(f"Bearer {given_key}", token) is (given_key.strip() == token)


@pytest.mark.parametrize("begins", FORMULA)
def test_what_a_spreadsheet_would_run_is_harmless_in_the_file_of_the_map(begins: str) -> None:
    """The map is written by people of the gemeente, and opened by others of them."""
    record = records(gemeente_folder("arnhem"))[0]
    evil = {
        name: f"{begins}cmd|' /C calc'!A0" if isinstance(value, str) else value for name, value in record.values.items()
    }
    raw = outgoing([replace(record, values=evil)], ".csv", "arnhem")
    cells = [
        cell for row in csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""), delimiter=";") for cell in row
    ]
    assert [cell for cell in cells if "calc" in cell] and not [cell for cell in cells if cell.startswith(FORMULA)]


def test_every_answer_protects_its_reader(desk: Desk) -> None:
    for path in ("/", "/kaart", "/none", "/api/v1/tables", "/api/v1/none", "/stijl.css", "/health", DOOR):
        answer = httpx.get(desk.url + path, timeout=PATIENCE)
        assert answer.headers["x-content-type-options"] == "nosniff", path
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"], path
        assert "server" not in answer.headers, path
        assert not LEAKS.search(answer.text)


@FUZZ
@given(question=st.text(max_size=200), page=st.text(max_size=20))
def test_any_question_to_the_map_is_answered(desk: Desk, question: str, page: str) -> None:
    asked = {"q": question.encode(errors="replace"), "pagina": page.encode(errors="replace")}
    answer = httpx.get(
        f"{desk.url}/kaart", params=asked, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=PATIENCE
    )
    assert answer.status_code in (200, 400, 404), (question, page)
    assert not LEAKS.search(answer.text)


def test_requests_inside_requests_and_heads_that_say_two_things(desk: Desk) -> None:
    """The same bytes that are sent to the chat; a length of -1 kept Sanic's loop busy for ever."""
    for row in rows("raw"):
        said = send(desk, written(row).encode("latin-1", errors="ignore"))
        harmless(said)
        assert b"/smuggled" not in said
        assert httpx.get(f"{desk.url}/health", timeout=PATIENCE).status_code == 200, row
