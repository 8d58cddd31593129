"""What the website sends besides the chat: packed where everybody gets the same, and never where a session is in it."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from bot.channels.files import without_comments
from bot.channels.site import FILES
from bot.languages import complete
from bot.paths import WIDGET
from tests.conftest import Site


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
