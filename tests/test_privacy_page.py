"""The page that tells a resident what is kept: in every language, with the true numbers, readable by everybody."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from playwright.sync_api import Page
from sanic import Sanic

from bot.channels.privacy import SECTIONS, Kept, render_privacy
from bot.channels.site import site as blueprint
from bot.directory import load
from bot.i18n.catalogue import catalogue
from bot.languages import complete, languages
from bot.paths import WIDGET, gemeente_folder
from bot.settings import Settings
from tests import widget_fixtures
from tests.dashboard_fixtures import free_port
from tests.test_widget import assert_no_finding

# pytest finds a fixture by its name in the test's module.
chromium, shared_contexts, visit = widget_fixtures.chromium, widget_fixtures.shared_contexts, widget_fixtures.visit

DIRECTORY = load(gemeente_folder("arnhem"))


def rendered(language: str, **given: str) -> str:
    return render_privacy(
        language, DIRECTORY, Settings({f"DREMPELHULP_{key}": v for key, v in given.items()}), catalogue()
    )


def words_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_the_numbers_are_those_of_the_program() -> None:
    from bot.channels.whatsapp.address import LIFE
    from bot.engine.inbox import REPEATED_FOR
    from bot.i18n.generator import CARD_LIFE
    from bot.statistics.disclosure import LEAST
    from bot.statistics.store import KEPT_MONTHS

    kept = Kept()
    assert (kept.least, kept.months, kept.card, kept.reply) == (LEAST, KEPT_MONTHS, CARD_LIFE, LIFE)
    assert kept.inbox.total_seconds() == REPEATED_FOR


@pytest.mark.parametrize("language", complete())
def test_each_language_says_every_number_and_the_telephone(language: str) -> None:
    said = words_of(rendered(language, CONVERSATION_HOURS="7"))
    numbers = {int(number) for number in re.findall(r"(?<![\d-])\d+(?![\d-])", said)}
    assert {7, 10, 13, 40, 24, 8} <= numbers
    assert DIRECTORY.floor.phone and DIRECTORY.floor.phone in said and DIRECTORY.name in said
    assert "%{" not in said and "${" not in said


@pytest.mark.parametrize("language", complete())
def test_a_language_is_its_own_and_marked(language: str) -> None:
    html = rendered(language)
    assert (
        f'<html lang="{language}"' in html
        and "<script" not in html
        and " style=" not in html
        and " on" + "click" not in html
    )
    assert (
        f'class="press leave" href="https://www.google.nl/" rel="noreferrer">{catalogue().text("website.leave", language)}'
        in html
    )
    assert html.count("<h2>") == len(SECTIONS) and html.count('aria-current="true"') == 1
    for code in complete():
        assert f'href="/privacy?lang={code}" lang="{code}"' in html and languages()[code].name in html
    if language != "nl":
        texts = catalogue().texts
        same = [key for key in texts["nl"] if key.startswith("privacy.") and texts["nl"][key] == texts[language][key]]
        assert same == ["privacy.whatsapp.title"]


@pytest.mark.parametrize("language", complete())
def test_the_word_for_erasing_is_the_one_that_the_bot_gives(language: str) -> None:
    """Who reads `wissen` here must be understood when they say it."""
    told = catalogue().text("conversation.tell.privacy.1", language)
    [word] = re.findall(r"['„‘](.+?)['”’]", told)[:1]
    assert word.lower() in catalogue().text("privacy.talk.text", language, hours="24").lower()


async def test_the_site_serves_it_and_the_chat_leads_to_it(tmp_path: Path) -> None:
    app = Sanic("privacy-page", configure_logging=False)
    app.blueprint(blueprint(Settings({"DREMPELHULP_VAR": str(tmp_path)})))
    port = free_port()
    server = await app.create_server("127.0.0.1", port, return_asyncio_server=True, access_log=False)
    assert server is not None
    await server.startup()
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        answer = await client.get("/privacy?lang=tr")
        assert answer.status_code == 200 and answer.headers["content-language"] == "tr"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert catalogue().text("privacy.title", "tr") in answer.text
        chat = await client.get("/?lang=tr")
        assert 'href="/privacy?lang=tr"' in chat.text and catalogue().text("website.privacy", "tr") in chat.text
    server.close()
    await server.wait_closed()


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The page and its styles on a port, without the rest of the program."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            style = parts.path in ("/tokens.css", "/drempelhulp.css")
            language = parse_qs(parts.query).get("lang", ["nl"])[0]
            body = (WIDGET / parts.path[1:]).read_text("utf-8") if style else rendered(language)
            self.send_response(200)
            self.send_header("Content-Type", f"text/{'css' if style else 'html'}; charset=utf-8")
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/privacy"
    server.shutdown()


@pytest.mark.parametrize("language", complete())
def test_everybody_can_read_it(address: str, visit: Callable[..., Page], language: str) -> None:
    assert_no_finding(visit(f"{address}?lang={language}"))


def test_it_can_be_read_without_script_and_in_another_language(address: str, visit: Callable[..., Page]) -> None:
    page = visit(address, script=False)
    page.get_by_role("link", name="Türkçe").click()
    assert page.get_by_role("heading", level=1).inner_text() == catalogue().text("privacy.title", "tr")
