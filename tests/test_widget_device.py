"""What stays on a resident's device, and what leaves it: in a real browser."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests import widget_fixtures
from tests.test_widget import MESSAGE, SESSION, assert_no_finding, bodies, in_sight, opened, say
from tests.widget_fixtures import CANNED, PATIENCE, Site, texts

# pytest finds a fixture by its name in the test's module.
chromium, shared_contexts, visit = widget_fixtures.chromium, widget_fixtures.shared_contexts, widget_fixtures.visit
running_site, script, site = widget_fixtures.running_site, widget_fixtures.script, widget_fixtures.site

Visit = Callable[..., Page]
KEY = "drempelhulp:session"
STORED = f"['sessionStorage', 'localStorage'].map(name => window[name].getItem('{KEY}'))"


def talking(visit: Visit, site: str) -> Page:
    """A conversation in which the resident has said something."""
    page = opened(visit(site, fresh=True))
    say(page, "Ik heb schulden")
    in_sight(page, "In welke wijk woon je?")
    return page


def answering(page: Page, **more: Any) -> None:
    """From now on each answer to a message holds this too."""

    def answer(route: Route) -> None:
        given = route.fetch()
        route.fulfill(response=given, json={**given.json(), **more})

    page.route(f"**{MESSAGE}", answer)


# ---- going on later ----


def test_later_is_offered_once_somebody_has_spoken_and_with_the_last_answer_alone(visit: Visit, site: str) -> None:
    page = opened(visit(site))
    expect(page.get_by_role("button", name="Later verder")).to_have_count(0)
    for times in (1, 2):
        say(page, "Ik heb schulden")
        expect(page.get_by_text("In welke wijk woon je?")).to_have_count(times)
        expect(page.get_by_role("button", name="Later verder")).to_have_count(1)
    assert page.locator(".message").last.get_by_role("button", name="Later verder").count() == 1


def test_only_after_later_does_the_device_keep_the_conversation_and_it_opens_again(
    visit: Visit, site: str, script: Site
) -> None:
    page = talking(visit, site)
    assert page.evaluate(STORED) == ["token-1", None]
    page.get_by_role("button", name="Later verder").click()
    expect(page.get_by_role("button", name="Later verder")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("status")).to_have_text(texts("nl")["later_on"])
    assert page.evaluate(STORED) == ["token-1", "token-1"]
    assert_no_finding(page)
    again = page.context.new_page()
    page.close()
    again.goto(site)
    in_sight(again, "In welke wijk woon je?")
    assert len(script.sessions) == 1
    later = again.get_by_role("button", name="Later verder")
    expect(later).to_have_attribute("aria-pressed", "true")
    later.click()
    expect(again.get_by_role("status")).to_have_text(texts("nl")["later_off"])
    assert again.evaluate(STORED) == ["token-1", None]


def test_forced_colours_and_more_contrast_show_what_is_pressed_and_every_edge(visit: Visit, site: str) -> None:
    page = talking(visit, site)
    later = page.get_by_role("button", name="Later verder")
    page.emulate_media(forced_colors="active")
    before = later.evaluate("e => getComputedStyle(e).backgroundColor")
    later.click()
    after = later.evaluate("e => getComputedStyle(e).backgroundColor")
    assert before != after, "pressed is seen without the site's own colours"
    assert later.evaluate("e => getComputedStyle(e).color") != after
    page.emulate_media(forced_colors="none", contrast="more")
    expect(page.locator(".who").first).to_have_css("color", "rgb(28, 40, 52)")
    expect(page.locator(".own")).to_have_css("border-top-color", "rgb(28, 40, 52)")


def test_quick_exit_takes_the_device_s_copy_too_and_nothing_comes_back(visit: Visit, site: str) -> None:
    page = talking(visit, site)
    page.get_by_role("button", name="Later verder").click()
    page.get_by_role("textbox").fill("half getypt")
    page.route("https://www.google.nl/**", lambda route: route.fulfill(body="<title>weg</title>"))
    page.get_by_role("button", name="Snel weg").click()
    page.wait_for_url("https://www.google.nl/")
    page.go_back()
    assert page.url == "about:blank", "the page is not in the history"
    page.goto(site)
    expect(opened(page).get_by_role("textbox")).to_have_value("")
    assert (
        page.evaluate(STORED) == ["token-2", None] and page.evaluate("sessionStorage.length + localStorage.length") == 1
    )
    expect(page.get_by_text("Ik heb schulden")).to_have_count(0)


def test_an_answer_on_its_way_does_not_undo_quick_exit(visit: Visit, site: str, script: Site) -> None:
    page = talking(visit, site)
    page.get_by_role("button", name="Later verder").click()
    # An answer that the browser has, and that the page reads only after the button was pressed; an abort comes too late.
    page.evaluate(
        """() => { const json = Response.prototype.json, kept = new Promise((read) => { window.read = read; });
        window.waiting = 0;
        Response.prototype.json = async function () { const said = await json.call(this); window.waiting += 1; await kept;
            return { ...said, session: "token-back" }; };
        window.signals = [];
        const ask = window.fetch;
        window.fetch = (url, given) => { signals.push(given.signal); return ask(url, given); }; }"""
    )
    page.route("https://www.google.nl/**", lambda route: route.fulfill(status=204))  # the page that is left stays
    say(page, "eerst")
    say(page, "daarna")
    until(page, "waiting")
    leave = page.get_by_role("button", name="Snel weg")
    leave.evaluate("button => { button.click(); read(); setTimeout(() => { window.later = true; }, 300); }")
    until(page, "window.later")
    assert page.evaluate(STORED) == [None, None]
    assert page.evaluate("signals.map(signal => signal.aborted)") == [True]
    assert [body["message"] for body in bodies(script, MESSAGE)] == ["Ik heb schulden", "eerst"]
    assert len(bodies(script, SESSION)) == 1


def until(page: Page, expression: str) -> None:
    """Waits for it; the page's policy forbids the browser's own waiting for an expression."""
    last = time.monotonic() + PATIENCE / 1000
    while not page.evaluate(expression):
        assert time.monotonic() < last, f"{expression} stays away"
        page.wait_for_timeout(50)


def test_a_session_that_the_server_ends_is_gone_and_the_next_message_begins_another(
    visit: Visit, site: str, script: Site
) -> None:
    page = talking(visit, site)
    page.get_by_role("button", name="Later verder").click()
    answering(page, session=None)
    say(page, "wissen")
    expect(page.get_by_text("In welke wijk woon je?")).to_have_count(2)
    assert page.evaluate(STORED) == [None, None]
    expect(page.get_by_role("button", name="Later verder")).to_have_count(0)
    page.unroute(f"**{MESSAGE}")
    say(page, "toch nog iets")
    expect(page.get_by_text("In welke wijk woon je?")).to_have_count(3)
    assert [body["session"] for body in bodies(script, MESSAGE)] == ["token-1", "token-1", "token-2"]


def test_a_renewed_token_takes_the_place_of_the_old_one(visit: Visit, site: str) -> None:
    page = talking(visit, site)
    answering(page, session="token-renewed")
    say(page, "nog iets")
    expect(page.get_by_text("In welke wijk woon je?")).to_have_count(2)
    assert page.evaluate(STORED) == ["token-renewed", None], "and goes nowhere else unasked"
    page.get_by_role("button", name="Later verder").click()
    assert page.evaluate(STORED) == ["token-renewed", "token-renewed"]


@pytest.fixture(scope="module")
def remembering(chromium: Browser) -> Iterator[Browser]:
    """A browser that keeps pages for its back button, as residents' browsers do and a test's does not."""
    browser = chromium.browser_type.launch(
        executable_path=widget_fixtures.browser_path(chromium.browser_type),
        args=["--no-sandbox", "--disable-gpu"],
        ignore_default_args=["--disable-back-forward-cache"],
    )
    yield browser
    browser.close()


@pytest.mark.parametrize("left", [True, False], ids=["left meanwhile", "still going on"])
def test_the_back_button_shows_a_conversation_again_only_while_it_goes_on(
    left: bool, remembering: Browser, site: str, script: Site
) -> None:
    script.pages["/elders"] = "<title>elders</title>"
    page = remembering.new_page(locale="nl")
    page.set_default_timeout(PATIENCE)
    page.goto(site)
    say(opened(page), "Ik heb schulden")
    in_sight(page, "In welke wijk woon je?")
    page.evaluate("() => { window.kept = true; }")
    page.goto(f"{site}/elders")
    if left:
        page.evaluate("sessionStorage.clear()")
    page.go_back(wait_until="commit")
    if left:
        opened(page)
        expect(page.get_by_text("Ik heb schulden")).to_have_count(0)
    else:
        in_sight(page, "Ik heb schulden")
    assert page.evaluate("window.kept ?? false") is not left, "the browser did keep the page"
    page.close()


# ---- sharing, the way there, the calendar ----

SHEETS = {
    "the phone's sheet": ("navigator.share = async (what) => { window.shared = what.url; }", None),
    "a sheet that is closed": ("navigator.share = async () => { throw new DOMException('', 'AbortError'); }", None),
    "no sheet": (
        "delete Navigator.prototype.share; navigator.clipboard.writeText = async (t) => { shared = t; }",
        "copied",
    ),
    "neither": (
        "delete Navigator.prototype.share; Object.defineProperty(navigator, 'clipboard', { value: undefined })",
        "not_shared",
    ),
}


@pytest.mark.parametrize("sheet", SHEETS)
def test_a_card_is_shared_by_the_phone_or_copied_or_it_is_said_that_it_cannot(
    sheet: str, visit: Visit, site: str
) -> None:
    code, told = SHEETS[sheet]
    page = opened(visit(site))
    page.evaluate(f"() => {{ window.shared = null; {code}; }}")
    say(page, "routes")
    page.get_by_role("button", name="Deel met iemand").click()
    expect(page.get_by_role("status")).to_have_text(texts("nl")[told] if told else "")
    shared = page.evaluate("shared")
    assert shared == (f"{site}/hulpkaart/abc123" if sheet in ("the phone's sheet", "no sheet") else None)


def test_the_way_there_is_asked_of_a_map_only_when_it_is_pressed(visit: Visit, site: str) -> None:
    page = opened(visit(site))
    say(page, "routes")
    way = page.get_by_role("link", name="Zo kom je er").first
    expect(way).to_have_attribute(
        "href", "https://www.google.com/maps/dir/?api=1&destination=Gelderse%20Rooslaan%2011%2C%20Arnhem"
    )
    expect(way).to_have_attribute("rel", "noopener noreferrer")
    assert page.get_by_role("link", name="Zo kom je er").count() == 2, "a place without address has none"


def test_a_card_with_a_walk_in_hour_goes_into_the_calendar(visit: Visit, site: str) -> None:
    page = opened(visit(site))
    say(page, "routes")
    page.get_by_role("link", name="Bewaar of print dit").wait_for()
    expect(page.get_by_role("link", name="Zet in je agenda")).to_have_count(0)
    routes = {**CANNED["nl"]["routes"], "routes": [{"kind": "spreekuur", "name": "Inloop", "walk_in": True}]}
    answering(page, messages=[routes])
    say(page, "inloop")
    expect(page.get_by_role("link", name="Zet in je agenda")).to_have_attribute("href", f"{site}/hulpkaart/abc123.ics")


def test_the_sound_is_fetched_only_when_it_is_asked_for(visit: Visit, site: str) -> None:
    page = visit("about:blank")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.rsplit("/", 1)[-1].split("?")[0]))
    page.route(f"**{SESSION}", _with_voice)
    page.goto(site)
    page.get_by_role("button", name="Lees voor").wait_for()
    assert "voice.js" not in asked and asked.count("nl.json") == 1
    page.get_by_role("button", name="Lees voor").click()
    expect(page.get_by_role("status")).to_have_text(texts("nl")["no_sound"])
    assert "voice.js" in asked and "stem" in asked


def _with_voice(route: Route) -> None:
    answer = route.fetch()
    opening = {**CANNED["nl"]["opening"], "aloud": {"text": "Dag.", "language": "nl", "mark": "0"}}
    route.fulfill(response=answer, json={**answer.json(), "messages": [opening]})
