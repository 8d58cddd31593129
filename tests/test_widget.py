"""The website's component and page in a real browser, against a scripted server that speaks the agreement."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route, expect

from bot.channels.page import date_in_words, render_page
from bot.paths import WIDGET
from tests import widget_fixtures
from tests.widget_fixtures import CANNED, LANGUAGES, STRICT, Fault, Site, served, texts

# pytest finds a fixture by its name in the test's module.
chromium, shared_contexts, visit = (
    widget_fixtures.chromium,
    widget_fixtures.shared_contexts,
    widget_fixtures.visit,
)
running_site, script, site, elsewhere = (
    widget_fixtures.running_site,
    widget_fixtures.script,
    widget_fixtures.site,
    widget_fixtures.elsewhere,
)

Visit = Callable[..., Page]
SESSION, MESSAGE = "/webhooks/web/session", "/webhooks/web/message"
RULES = {
    "resultTypes": ["violations"],
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"],
    },
}
HOST = """<!doctype html><html lang="nl"><head><title>Een gemeente</title>{head}</head><body>
<main><h1>Een gemeente</h1><p><a href="#elders">Elders</a></p>{main}</main>{end}
<script type="module" src="{chat}/drempelhulp.js"></script></body></html>"""
HOSTILE = """<style>html { font-size: 62.5% }
* { margin: 30px; color: #ddd !important; background: #eee; font: italic 40px fantasy !important;
    text-transform: uppercase; letter-spacing: 9px; }
button, textarea, ul, .log, .panel, .message { display: none !important; border: 9px solid lime }</style>"""


def axe_findings(page: Page) -> list[str]:
    """What axe finds against WCAG 2.2 AA and its best practices, one line each."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(Axe().axe_script)
    findings: list[str] = page.evaluate(
        """rules => axe.run(rules).then(({ violations }) => violations.flatMap(
        rule => rule.nodes.map(node => `${rule.id}: ${node.html.slice(0, 120)}`)))""",
        RULES,
    )
    return findings


def assert_no_finding(page: Page) -> None:
    """Wide and at 320 px: nothing for axe, nothing to scroll sideways for, nothing too small to press."""
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert axe_findings(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"scrolls sideways at {width} px"
        assert too_small(page) == []


def too_small(page: Page) -> list[str]:
    """Buttons and links-as-buttons in sight that are less than 44 by 44."""
    found: list[str] = page.locator("button, .press").evaluate_all(
        "all => all.map(e => [e.textContent, e.getBoundingClientRect()])"
        ".filter(([, box]) => box.width && (box.width < 44 || box.height < 44)).map(([text]) => text)"
    )
    return found


def opened(page: Page, language: str = "nl") -> Page:
    """Waits until the bot has opened the conversation."""
    page.get_by_role("button", name=CANNED[language]["opening"]["buttons"][0]["title"]).wait_for()
    return page


def say(page: Page, text: str) -> None:
    page.get_by_role("textbox").fill(text)
    page.keyboard.press("Enter")


def bodies(script: Site, path: str, method: str = "POST") -> list[dict[str, Any]]:
    return [body for verb, asked, body in script.asked if (verb, asked) == (method, path)]


def in_sight(page: Page, text: str) -> None:
    expect(page.get_by_text(text)).to_be_visible()


# ---- what a resident meets, without finding, wide and narrow ----


def with_choices(page: Page, script: Site) -> None:
    page.get_by_role("button", name="Geld of schulden").click()
    page.get_by_role("button", name="Zeg ik liever niet").wait_for()


def with_routes(page: Page, script: Site) -> None:
    say(page, "routes")
    page.get_by_role("heading", name="Voedselbank").wait_for()


def with_crisis(page: Page, script: Site) -> None:
    say(page, "crisis")
    expect(page.get_by_role("link", name="Bel 0800-0113")).to_be_in_viewport()


def with_error(page: Page, script: Site) -> None:
    script.faults = [Fault(MESSAGE, 503)]
    say(page, "Ik heb schulden")
    page.get_by_role("button", name=texts("nl")["retry"]).wait_for()


def offline(page: Page, script: Site) -> None:
    page.context.set_offline(True)
    say(page, "Ik heb schulden")
    expect(page.get_by_role("status")).to_have_text(texts("nl")["offline"])


def with_session_gone(page: Page, script: Site) -> None:
    script.sessions.clear()
    say(page, "Ik heb schulden")
    in_sight(page, texts("nl")["session_gone"])


def slow(page: Page, script: Site) -> None:
    script.gate.clear()
    say(page, "Ik heb schulden")
    expect(page.get_by_role("status")).to_have_text(texts("nl")["wait"])


def just_opened(page: Page, script: Site) -> None:
    """Nothing more."""


STATES = [just_opened, with_choices, with_routes, with_crisis, with_error, offline, with_session_gone, slow]


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_no_accessibility_finding(state: Callable[[Page, Site], None], visit: Visit, site: str, script: Site) -> None:
    page = opened(visit(site, fresh=state is offline))
    state(page, script)
    assert_no_finding(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_opens_in_itself_without_finding(language: str, visit: Visit, site: str) -> None:
    page = opened(visit(f"{site}/?lang={language}"), language)
    assert_no_finding(page)
    assert page.evaluate("document.documentElement.lang") == language
    in_sight(page, texts(language)["headline"])
    in_sight(page, texts(language)["label"])


def test_the_page_without_script_holds_a_whole_conversation(visit: Visit, site: str) -> None:
    page = visit(site, width=320, script=False)
    page.get_by_role("textbox").fill("Ik heb schulden")
    page.get_by_role("button", name="Verstuur").click()
    in_sight(page, "In welke wijk woon je?")
    page.get_by_role("button", name="Türkçe").click()
    page.get_by_role("button", name="Ev", exact=True).click()
    in_sight(page, "Hangi mahallede oturuyorsunuz?")
    page.get_by_role("textbox").fill("routes")
    page.get_by_role("button", name="Gönder").click()
    in_sight(page, "Burada Türkçe konuşan biri var.")


def test_the_page_without_script_is_without_finding(visit: Visit, site: str) -> None:
    """axe is itself a script: it reads the page in a browser from which only the component is kept away."""
    page = visit("about:blank")
    page.route("**/drempelhulp.js", lambda route: route.abort())
    page.goto(site)
    assert_no_finding(page)
    page.get_by_role("textbox").fill("routes")
    page.get_by_role("button", name="Verstuur").click()
    page.get_by_role("heading", name="Voedselbank").wait_for()
    assert_no_finding(page)


def test_launcher_opens_a_panel_and_escape_gives_the_focus_back(visit: Visit, site: str, elsewhere: Site) -> None:
    elsewhere.pages["/"] = HOST.format(head="", main="", end="<drempel-hulp launcher></drempel-hulp>", chat=site)
    page = visit(elsewhere.url)
    launcher = page.get_by_role("button", name="Hulp nodig?")
    expect(launcher).to_have_attribute("aria-expanded", "false")
    assert_no_finding(page)
    launcher.click()
    expect(opened(page).get_by_role("textbox")).to_be_focused()
    assert_no_finding(page)
    page.keyboard.press("Escape")
    expect(launcher).to_be_focused()
    expect(page.get_by_role("log")).to_be_hidden()


def test_a_panel_that_covers_the_page_goes_when_the_focus_goes_to_the_page(
    visit: Visit, site: str, elsewhere: Site
) -> None:
    elsewhere.pages["/"] = HOST.format(head="", main="", end="<drempel-hulp launcher></drempel-hulp>", chat=site)
    page = visit(elsewhere.url, width=320)
    page.get_by_role("button", name="Hulp nodig?").click()
    expect(opened(page).get_by_role("textbox")).to_be_focused()
    page.get_by_role("link", name="Elders").focus()
    expect(page.get_by_role("log")).to_be_hidden()
    expect(page.get_by_role("link", name="Elders")).to_be_focused()


def test_launcher_asks_nothing_of_the_server_until_it_is_opened(visit: Visit, script: Site, elsewhere: Site) -> None:
    elsewhere.pages["/"] = HOST.format(head="", main="", end="<drempel-hulp launcher></drempel-hulp>", chat=script.url)
    page = visit(elsewhere.url)
    page.get_by_role("button", name="Hulp nodig?").wait_for()
    assert script.asked == []


def test_axe_does_find_what_is_wrong(visit: Visit, site: str) -> None:
    page = opened(visit(site))
    page.evaluate(
        """() => { const shadow = document.querySelector('drempel-hulp').shadowRoot;
        shadow.querySelector('label').remove(); shadow.querySelector('.leave').replaceChildren();
        shadow.querySelector('.who').style.color = '#bbb'; }"""
    )
    assert {finding.split(":")[0] for finding in axe_findings(page)} == {"label", "button-name", "color-contrast"}


# ---- the conversation ----


def test_a_whole_talk_by_keyboard_alone(visit: Visit, site: str) -> None:
    page = opened(visit(site))
    tab_to(page, "Geld of schulden")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Zeg ik liever niet").wait_for()
    page.keyboard.press("Tab")
    assert focused(page) == "Ja", "after a choice the next stop is the answer's first choice"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Voedselbank").wait_for()
    tab_to(page, "Bel 026 377 4955")
    stops = (
        "Zo kom je er",
        "www.example.org",
        "Bel 026 123 4567",
        "Zo kom je er",
        "Bewaar of print dit",
        "Deel met iemand",
    )
    for stop in (*stops, "Dit helpt", "Een beetje"):
        page.keyboard.press("Tab")
        assert focused(page).startswith(stop)
    page.get_by_role("textbox").focus()
    page.keyboard.type("Ik weet het niet")
    page.keyboard.press("Enter")
    in_sight(page, "In welke wijk woon je?")
    expect(page.get_by_role("textbox")).to_be_focused()


def tab_to(page: Page, name: str) -> None:
    for _ in range(25):
        page.keyboard.press("Tab")
        if focused(page).startswith(name):
            return
    raise AssertionError(f"{name} is not to be reached by Tab")


def focused(page: Page) -> str:
    text: str = page.evaluate(
        "() => (document.activeElement.shadowRoot?.activeElement ?? document.activeElement).textContent"
    )
    return text


def test_the_log_is_there_before_the_first_message_and_each_message_says_who_speaks(
    visit: Visit, site: str, script: Site
) -> None:
    script.faults = [Fault(SESSION, 503)]
    page = visit(site)
    log = page.get_by_role("log")
    expect(page.get_by_role("status")).to_have_text(texts("nl")["no_start"])
    assert (log.get_attribute("aria-live"), log.get_attribute("tabindex")) == ("polite", "0")
    expect(log).to_be_empty()
    page.get_by_role("button", name=texts("nl")["retry"]).click()
    say(opened(page), "Ik heb schulden")
    in_sight(page, "In welke wijk woon je?")
    assert log.locator(".who").all_inner_texts() == ["Drempelhulp", "Jij", "Drempelhulp"]


def test_a_choice_sends_its_payload_and_shows_its_title(visit: Visit, site: str, script: Site) -> None:
    page = opened(visit(site))
    page.get_by_role("button", name="Geld of schulden").click()
    page.get_by_role("button", name="Zeg ik liever niet").wait_for()
    assert [body["message"] for body in bodies(script, MESSAGE)] == ["k1"]
    expect(page.locator(".own .said")).to_have_text("Geld of schulden")
    expect(page.get_by_role("button", name="Wonen")).to_have_count(0)


def test_a_route_shows_all_that_is_known_and_nothing_else(visit: Visit, site: str) -> None:
    page = opened(visit(site))
    say(page, "routes")
    page.get_by_role("heading", name="Voedselbank").wait_for()
    first, second, third = page.locator(".route").all()
    expect(first.get_by_role("link", name="Bel 026 377 4955")).to_have_attribute("href", "tel:0263774955")
    known = first.inner_text()
    for fact in (
        "Gelderse Rooslaan 11, Arnhem",
        "Morgen open",
        "Nederlands, Türkçe",
        "Gratis",
        "Een lening",
        "De brieven die je niet begrijpt",
        "ik weet niet waar ik moet beginnen",
        "Nagekeken op 1 oktober 2026",
    ):
        assert fact in known
    assert third.locator("dt").all_inner_texts() == ["Waar", "Kosten"]
    assert second.locator("dt").all_inner_texts() == ["Kosten"]
    card = page.get_by_role("link", name="Bewaar of print dit")
    expect(card).to_have_attribute("href", f"{site}/hulpkaart/abc123")
    expect(card).to_have_attribute("target", "_blank")


def test_with_and_without_script_the_same_is_said(visit: Visit, site: str) -> None:
    page = opened(visit(site))
    say(page, "routes")
    page.get_by_role("heading", name="Voedselbank").wait_for()
    without = visit(site, script=False)
    without.get_by_role("textbox").fill("routes")
    without.get_by_role("button", name="Verstuur").click()
    with_script, alone = (str(p.locator(".message:not(.own)").last.text_content()) for p in (page, without))
    for key in ("share", "later"):
        with_script = with_script.replace(texts("nl")[key], "")
    assert with_script == alone, "only sharing and going on later need a script"


def test_the_language_switch_says_the_languages_own_name(visit: Visit, site: str, script: Site) -> None:
    page = opened(visit(site))
    expect(page.get_by_role("button", name="Nederlands")).to_have_count(1)
    page.get_by_role("button", name="Türkçe").click()
    opened(page, "tr")
    assert [body["message"] for body in bodies(script, MESSAGE)] == ["Türkçe"]
    in_sight(page, texts("tr")["headline"])
    expect(page.get_by_role("button", name="Gönder")).to_be_visible()
    assert page.locator(".message:not(.own)[lang=tr] .said").count() > 0


def test_on_a_narrow_screen_the_languages_unfold(visit: Visit, site: str) -> None:
    page = opened(visit(site, width=320))
    expect(page.get_by_role("button", name="Polski")).to_be_hidden()
    page.get_by_role("button", name="Nederlands").click()
    assert axe_findings(page) == []
    page.get_by_role("button", name="Polski").click()
    opened(page, "pl")
    expect(page.get_by_role("button", name="English")).to_be_hidden()


@pytest.mark.parametrize(
    ("element", "query", "browser", "expected"),
    [
        ("pl", "tr", "en", "pl"),
        ("", "tr", "en", "tr"),
        ("", "", "en-GB", "en"),
        ("", "", "de", "nl"),
        ("", "xx", "pl", "pl"),
    ],
    ids=["element first", "then address", "then browser", "else Dutch", "unknown is passed over"],
)
def test_where_the_language_comes_from(
    element: str, query: str, browser: str, expected: str, visit: Visit, site: str, elsewhere: Site
) -> None:
    mark = f'<drempel-hulp lang="{element}"></drempel-hulp>' if element else "<drempel-hulp></drempel-hulp>"
    elsewhere.pages["/"] = HOST.format(head="", main=mark, end="", chat=site)
    opened(visit(f"{elsewhere.url}/?lang={query}", language=browser), expected)


def test_what_the_bot_says_is_never_html(visit: Visit, site: str, script: Site) -> None:
    page = opened(visit(site))
    hostile = {
        "text": "<img src=x onerror=alert(1)><b>vet</b>",
        "language": "nl",
        "card": "javascript:alert(1)",
        "routes": [{"kind": "gemeente", "name": "<i>x</i>", "url": "javascript:alert(1)", "phone": "026 1"}],
    }
    page.route(f"**{MESSAGE}", lambda route: route.fulfill(json={"messages": [hostile]}))
    say(page, "hallo")
    in_sight(page, "<b>vet</b>")
    assert page.locator(".message img, .message b, .message i, a[href^=javascript]").count() == 0
    html = render_page(texts("nl"), "nl", LANGUAGES, [hostile], '"><script>')
    assert "javascript:" not in html and "<img" not in html and '"><script>' not in html and "<i>" not in html


# ---- what goes wrong ----


@pytest.mark.parametrize(
    "fault",
    [Fault(MESSAGE, 503), Fault(MESSAGE, 500, heard=True), Fault(MESSAGE, 429, headers={"Retry-After": "20"})],
    ids=["server away", "answer lost", "too many"],
)
def test_what_was_not_heard_is_tried_again_under_the_same_id(
    fault: Fault, visit: Visit, site: str, script: Site
) -> None:
    page = visit("about:blank", fresh=True)
    page.clock.install()
    page.goto(site)
    opened(page)
    script.faults = [fault, Fault(MESSAGE, fault.status, headers=fault.headers)]
    say(page, "Ik heb schulden")
    expect(page.get_by_role("status")).to_have_text(texts("nl")["busy"])
    in_sight(page, texts("nl")["unsent"])
    for _ in range(2):
        with page.expect_response(f"**{MESSAGE}"):
            page.clock.run_for(26_000)
    in_sight(page, "In welke wijk woon je?")
    sent = bodies(script, MESSAGE)
    assert len(sent) == 3 and len({body["id"] for body in sent}) == 1
    assert list(script.heard.values()) == ["Ik heb schulden"]
    expect(page.get_by_text(texts("nl")["unsent"])).to_have_count(0)
    expect(page.get_by_role("status")).to_be_empty()


def test_retry_after_is_waited_for(visit: Visit, site: str, script: Site) -> None:
    page = visit("about:blank", fresh=True)
    page.clock.install()
    page.goto(site)
    opened(page)
    script.faults = [Fault(MESSAGE, 429, headers={"Retry-After": "20"})]
    say(page, "Ik heb schulden")
    in_sight(page, texts("nl")["unsent"])
    page.clock.run_for(19_000)
    page.evaluate("fetch('/drempelhulp.css').then(answer => answer.text())")
    assert len(bodies(script, MESSAGE)) == 1
    with page.expect_response(f"**{MESSAGE}"):
        page.clock.run_for(7_000)


def test_offline_messages_go_out_in_order_when_the_network_is_back(visit: Visit, site: str, script: Site) -> None:
    page = opened(visit(site, fresh=True))
    page.context.set_offline(True)
    say(page, "eerst")
    say(page, "daarna")
    expect(page.get_by_role("status")).to_have_text(texts("nl")["offline"])
    page.context.set_offline(False)
    expect(page.get_by_text("In welke wijk woon je?")).to_have_count(2)
    assert list(script.heard.values()) == ["eerst", "daarna"]


def test_a_session_that_is_gone_starts_anew_and_sends_nothing_twice(visit: Visit, site: str, script: Site) -> None:
    page = opened(visit(site))
    script.sessions.clear()
    script.asked.clear()
    say(page, "Ik heb schulden")
    in_sight(page, texts("nl")["session_gone"])
    opened(page)
    assert [(verb, path) for verb, path, _ in script.asked] == [("POST", MESSAGE), ("POST", SESSION)]
    expect(page.get_by_role("textbox")).to_have_value("Ik heb schulden")


NUMBER = "Bel 0800-0113"


@pytest.mark.parametrize("status", [413, 429, 503])
def test_the_numbers_of_an_answer_that_hears_nothing_are_in_sight_at_once_and_once(
    status: int, visit: Visit, site: str, script: Site
) -> None:
    page = opened(visit(site, width=320, height=400))
    heard_not = Fault(MESSAGE, status, messages=(CANNED["nl"]["crisis"],))
    script.faults = [heard_not, Fault(MESSAGE, 503, messages=heard_not.messages)]
    say(page, "Ik wil niet meer")
    expect(page.get_by_role("link", name=NUMBER)).to_be_in_viewport()
    expect(page.get_by_role("status")).to_have_text(texts("nl")["refused" if status == 413 else "busy"])
    if status != 413:
        with page.expect_response(f"**{MESSAGE}"):
            page.get_by_role("button", name=texts("nl")["retry"]).click()
        page.get_by_role("button", name=texts("nl")["retry"]).click()
        in_sight(page, "In welke wijk woon je?")
    expect(page.get_by_role("link", name=NUMBER)).to_have_count(1)


def test_the_numbers_of_a_session_that_is_gone_are_in_sight_beside_the_restart(
    visit: Visit, site: str, script: Site
) -> None:
    page = opened(visit(site, width=320, height=400))
    script.sessions.clear()
    script.gate.clear()
    say(page, "hallo")
    say(page, "crisis")
    script.gate.set()
    expect(page.get_by_role("link", name=NUMBER)).to_be_in_viewport()
    expect(page.get_by_text(texts("nl")["session_gone"])).to_have_count(1)
    opened(page)
    expect(page.get_by_role("link", name=NUMBER)).to_be_in_viewport()
    expect(page.get_by_role("textbox")).to_have_value("hallo\ncrisis")


def test_a_conversation_that_is_over_begins_anew_in_its_own_language(visit: Visit, site: str, script: Site) -> None:
    page = opened(visit(site))
    script.sessions["token-1"] = {"session": None, "language": "tr", "messages": []}
    script.asked.clear()
    page.reload()
    opened(page, "tr")
    assert script.asked == [("GET", SESSION, {}), ("POST", SESSION, {"language": "tr"})]
    in_sight(page, texts("tr")["headline"])
    say(page, "Borcum var")
    in_sight(page, "Hangi mahallede oturuyorsunuz?")
    assert [body["session"] for body in bodies(script, MESSAGE)] == ["token-2"]


def test_a_message_that_is_refused_comes_back_into_the_field_with_its_choices(
    visit: Visit, site: str, script: Site
) -> None:
    page = opened(visit(site))
    script.faults = [Fault(MESSAGE, 413)]
    say(page, "Een te lang verhaal")
    expect(page.get_by_role("status")).to_have_text(texts("nl")["refused"])
    expect(page.get_by_role("textbox")).to_have_value("Een te lang verhaal")
    expect(page.get_by_role("button", name="Wonen")).to_be_visible()


def test_a_reload_shows_the_last_turn_of_the_same_session(visit: Visit, site: str, script: Site) -> None:
    page = opened(visit(site))
    page.get_by_role("button", name="Geld of schulden").click()
    page.get_by_role("button", name="Zeg ik liever niet").wait_for()
    page.reload()
    page.get_by_role("button", name="Zeg ik liever niet").wait_for()
    assert len(script.sessions) == 1
    script.sessions.clear()
    page.reload()
    in_sight(opened(page), texts("nl")["session_gone"])


def test_the_component_takes_over_the_session_and_the_half_typed_text_of_the_page(
    visit: Visit, site: str, script: Site
) -> None:
    page = visit("about:blank")
    held: list[Route] = []
    page.route("**/widget/nl.json", lambda route: held.append(route))
    page.goto(site)
    token = script.open("nl")["session"]
    page.locator("input[name=session]").evaluate("(field, token) => { field.value = token }", token)
    page.get_by_role("textbox").type("Ik heb nog ")
    held[0].continue_()
    opened(page)
    expect(page.get_by_role("textbox")).to_have_value("Ik heb nog ")
    expect(page.get_by_role("textbox")).to_be_focused()
    assert [(verb, path) for verb, path, _ in script.asked] == [("GET", SESSION)]


def test_quick_exit_leaves_nothing_and_no_way_back(visit: Visit, site: str) -> None:
    page = opened(visit(f"{site}/?lang=nl"))
    page.route("https://www.google.nl/**", lambda route: route.fulfill(body="<title>weg</title>"))
    assert page.evaluate("Object.keys(sessionStorage)") == ["drempelhulp:session"]
    before = page.evaluate("history.length")
    page.get_by_role("button", name="Snel weg").click()
    page.wait_for_url("https://www.google.nl/")
    assert page.evaluate("history.length") == before
    page.goto(f"{site}/drempelhulp.css")
    assert page.evaluate("sessionStorage.length") == 0


def test_no_cookie_and_no_other_host(visit: Visit, site: str) -> None:
    page = visit("about:blank")
    hosts: list[str] = []
    page.on("request", lambda request: hosts.append(request.url))
    page.goto(site)
    say(opened(page), "routes")
    page.get_by_role("heading", name="Voedselbank").wait_for()
    assert [url for url in hosts if not url.startswith(site)] == []
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length") == 0


# ---- on another site ----


def test_a_strict_content_security_policy_and_trusted_types_are_enough(visit: Visit, site: str) -> None:
    page = visit("about:blank")
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    answer = page.goto(site)
    assert answer and answer.headers["content-security-policy"] == STRICT
    say(opened(page), "routes")
    page.get_by_role("heading", name="Voedselbank").wait_for()
    assert [line for line in said if "Security Policy" in line or "Trusted" in line or "Error" in line] == []


def test_a_hostile_style_sheet_of_the_host_page_does_not_reach_the_conversation(
    visit: Visit, site: str, elsewhere: Site
) -> None:
    looks = []
    for head in ("", HOSTILE):
        elsewhere.pages["/"] = HOST.format(head=head, main="<drempel-hulp></drempel-hulp>", end="", chat=site)
        page = opened(visit(elsewhere.url))
        looks.append(page.locator(".said").first.evaluate(LOOK))
        looks.append(page.get_by_role("button", name="Wonen").evaluate(LOOK))
    assert looks[:2] == looks[2:]


LOOK = """element => { const style = getComputedStyle(element);
return ['color', 'fontSize', 'fontStyle', 'fontFamily', 'textTransform', 'letterSpacing', 'display', 'marginTop',
        'borderTopWidth', 'lineHeight', 'backgroundColor'].map(name => style[name]); }"""


def test_a_gemeente_gives_its_look_by_the_names_of_nl_design_system(visit: Visit, site: str, elsewhere: Site) -> None:
    theme = "<style>:root { --nl-button-primary-background-color: rgb(1, 100, 50) }</style>"
    elsewhere.pages["/"] = HOST.format(head=theme, main="<drempel-hulp></drempel-hulp>", end="", chat=site)
    send = opened(visit(elsewhere.url)).get_by_role("button", name="Verstuur")
    expect(send).to_have_css("background-color", "rgb(1, 100, 50)")


@pytest.mark.parametrize("zoom", ["400 %", "big text"])
def test_nothing_is_cut_off_at_400_percent_or_with_big_text(zoom: str, visit: Visit, site: str) -> None:
    page = opened(visit(site, width=320, height=256 if zoom == "400 %" else 740))
    if zoom == "big text":
        page.context.new_cdp_session(page).send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
        expect(page.get_by_role("log")).to_have_css("font-size", "34px")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for button in page.get_by_role("button").all():
        button.scroll_into_view_if_needed()
        expect(button).to_be_in_viewport(ratio=0.99)


def test_forced_colours_keep_borders_and_the_bot_moves_nothing_when_motion_is_unwanted(
    visit: Visit, site: str, script: Site
) -> None:
    page = opened(visit(site))
    page.emulate_media(forced_colors="active", reduced_motion="reduce")
    slow(page, script)
    expect(page.locator(".own")).to_have_css("border-top-width", "2px")
    animation = page.get_by_role("status").evaluate("e => getComputedStyle(e, '::before').animationName")
    assert animation == "none"


# ---- words and weight ----


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_texts_with_the_same_placeholders(language: str) -> None:
    def shape(code: str) -> dict[str, list[str]]:
        return {key: sorted(re.findall(r"%\{\w+\}", text)) for key, text in texts(code).items()}

    assert shape(language) == shape("nl")
    assert {
        key.removeprefix("language_"): name for key, name in texts(language).items() if key.startswith("language_")
    } == LANGUAGES
    assert len(texts(language)["months"].split(", ")) == 12


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("nl", "1 oktober 2026"),
        ("tr", "1 Ekim 2026"),
        ("pl", "1 października 2026"),
        ("pap", "1 di òktober 2026"),
        ("en", "1 October 2026"),
    ],
)
def test_a_date_is_written_as_the_language_does(language: str, expected: str) -> None:
    assert date_in_words("2026-10-01", texts(language)) == expected


def test_the_component_weighs_less_than_15_kb() -> None:
    """Script and styles as they stand here; and as they are sent, without comments, together with the longest words."""
    names = ("drempelhulp.js", "drempelhulp.css", "tokens.css")
    words = [json.dumps(texts(language), ensure_ascii=False).encode() for language in LANGUAGES]
    assert sum(len(gzip.compress((WIDGET / name).read_bytes())) for name in names) < 15_000
    sent = sum(len(gzip.compress(served(name))) for name in names)
    assert sent + max(len(gzip.compress(text)) for text in words) < 15_000


@pytest.mark.parametrize("name", ["drempelhulp.js", "voice.js", "drempelhulp.css", "tokens.css"])
def test_what_is_sent_has_no_comment_and_loses_nothing_else(name: str) -> None:
    """A comment begins with a space after its sign; an address has none before it."""
    sent = served(name).decode()
    assert not re.search(r"/\*|\*/|(^|\s)// ", sent, re.MULTILINE)
    source = (WIDGET / name).read_text(encoding="utf-8")
    words = re.sub(r"/\*[\s\S]*?\*/|(^|\s)// .*$", "", source, flags=re.MULTILINE).split()
    assert sent.split() == words


@pytest.mark.parametrize("name", ["drempelhulp.js", "voice.js"])
def test_the_script_makes_no_html_from_text(name: str) -> None:
    source = (WIDGET / name).read_text(encoding="utf-8")
    assert re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|document\.cookie", source) == []
