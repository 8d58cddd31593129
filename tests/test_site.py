"""What the website sends besides the chat: packed where everybody gets the same, and never where a session is in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from bot.channels.files import without_comments
from bot.channels.site import FILES
from bot.languages import complete
from bot.paths import WIDGET
from tests.conftest import Site, start_site

FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def web(site: Site) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=site.url) as client:
        yield client


@pytest.mark.parametrize("name", [*FILES, "hulpkaart.css", "widget/tr.json"])
def test_a_file_comes_packed_to_who_can_unpack_it_and_whole_to_who_cannot(name: str, web: httpx.Client) -> None:
    packed, whole = [web.get(name, headers={"Accept-Encoding": how}) for how in ("gzip, br", "identity")]
    assert packed.headers["content-encoding"] == "gzip" and "content-encoding" not in whole.headers
    assert packed.text == whole.text and packed.headers["vary"] == whole.headers["vary"] == "Accept-Encoding"
    assert int(packed.headers["content-length"]) < len(whole.content) * 0.6
    if name in FILES:
        assert whole.text == without_comments((WIDGET / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize(("takes", "packed"), [
    ("gzip;q=1.0, identity;q=0.5", True), ("br, *", True), ("GZIP", True), ("gzip;q=0.01", True),
    ("gzip;q=0", False), ("gzip; q=0.000, br", False), ("x-gzippy", False), ("", False),
])  # fmt: skip
def test_who_says_that_they_take_nothing_packed_gets_it_whole(takes: str, packed: bool, web: httpx.Client) -> None:
    answer = web.get("tokens.css", headers={"Accept-Encoding": takes})
    assert ("content-encoding" in answer.headers) is packed


def test_who_asks_in_a_way_that_is_not_there_is_told_which_there_is(web: httpx.Client) -> None:
    """RFC 9110: a 405 names the methods."""
    for path, allowed in (("/", "GET"), ("/praat", "POST"), ("/webhooks/web/session", "GET, OPTIONS, POST")):
        answer = web.request("DELETE", path)
        assert answer.status_code == 405, path
        assert ", ".join(sorted(answer.headers["allow"].split(", "))) == allowed


# Who has no script sends a form


def begun(web: httpx.Client) -> str:
    return str(web.post("/webhooks/web/session", json={"language": "pl"}).json()["session"])


REFUSED: dict[str, tuple[int, dict[str, object]]] = {
    "from another site": (
        403,
        {"data": {"message": "hej", "language": "pl"}, "headers": {"Origin": "https://evil.example"}},
    ),
    "too long": (413, {"data": {"message": "x" * 70_000, "language": "pl"}}),
    "not readable": (400, {"content": b"message=\xff&language=pl", "headers": {"Content-Type": FORM}}),
    "no form": (400, {"content": b"{}", "headers": {"Content-Type": "application/json"}}),
    "a broken form": (400, {"content": b"--x\r\n", "headers": {"Content-Type": "multipart/form-data; boundary=y"}}),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_form_that_is_refused_gets_a_page_with_a_number(name: str, web: httpx.Client) -> None:
    status, sent = REFUSED[name]
    answer = web.post("/praat", **sent)  # type: ignore[arg-type]
    assert answer.status_code == status and answer.headers["content-type"].startswith("text/html")
    assert "0800-1809" in answer.text and "112" in answer.text
    assert "retry-after" not in answer.headers


def test_a_form_that_comes_too_often_gets_a_page_that_says_when_and_in_a_crisis_the_number(
    model: Path, tmp_path: Path
) -> None:
    site = start_site(tmp_path, RATE_PER_SESSION="2")
    try:
        with httpx.Client(base_url=site.url) as web:
            form = {"session": begun(web), "language": "pl"}
            pages = [web.post("/praat", data={**form, "message": words}) for words in ("tak", "nie", "tak")]
            assert [page.status_code for page in pages] == [200, 200, 429]
            assert 0 < int(pages[-1].headers["retry-after"]) <= 60
            assert "0800-1809" in pages[-1].text
            danger = web.post("/praat", data={**form, "message": "nie chcę już żyć"})
            assert danger.status_code == 429 and "113" in danger.text
    finally:
        site.stop()


def test_an_empty_form_opens_a_talk(web: httpx.Client) -> None:
    for sent in ({"content": b""}, {"data": {"message": "", "language": "tr"}}):
        answer = web.post("/praat", **sent)  # type: ignore[arg-type]
        assert answer.status_code == 200 and 'name="session"' in answer.text


def test_a_page_is_never_packed_for_it_may_hold_a_session(web: httpx.Client) -> None:
    page = web.get("/?lang=pl", headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in page.headers and page.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("path", "language"),
    [
        ("tr.json", "tr"),
        ("de.json?or=fr,pl,tr", "pl"),
        ("de.json?or=fr", "nl"),
        ("de.json?or=", "nl"),
        ("en.json?or=tr", "en"),
    ],
)
def test_words_come_in_the_first_wanted_language_that_there_is(path: str, language: str, web: httpx.Client) -> None:
    words = (web.get(f"/widget/{path}")).json()
    assert words["lang"] == language and words[f"language_{language}"]
    assert {code for code in complete() if f"language_{code}" in words} == set(complete())
