"""What a keyboard and a screen reader get, and each state in each language: in a real browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests import widget_fixtures
from tests.test_widget import assert_no_finding, focused, in_sight, opened, say, tab_to
from tests.widget_fixtures import LANGUAGES, Site, texts

# pytest finds a fixture by its name in the test's module.
chromium, shared_contexts, visit = widget_fixtures.chromium, widget_fixtures.shared_contexts, widget_fixtures.visit
running_site, script, site = widget_fixtures.running_site, widget_fixtures.script, widget_fixtures.site

Visit = Callable[..., Page]


# ---- keyboard, screen reader, direction ----


def test_from_the_page_to_the_saved_card_by_keyboard_alone(visit: Visit, site: str, script: Site) -> None:
    script.pages["/hulpkaart/abc123"] = "<!doctype html><html lang=nl><title>kaart</title><h1>Jouw hulpkaart</h1>"
    page = opened(visit(site))
    tab_to(page, "Geld of schulden")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Zeg ik liever niet").wait_for()
    tab_to(page, "Nee")
    page.keyboard.press("Space")
    page.get_by_role("heading", name="Voedselbank").wait_for()
    tab_to(page, "Bewaar of print dit")
    with page.expect_popup() as popup:
        page.keyboard.press("Enter")
    in_sight(popup.value, "Jouw hulpkaart")
    popup.value.close()
    assert focused(page).startswith("Bewaar of print dit"), "who comes back is where they were"


NAMED = {"button", "link", "textbox", "log", "region", "list", "heading", "main", "form"} - {"main", "form"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_screen_reader_gets_a_name_and_a_role_for_everything(language: str, visit: Visit, site: str) -> None:
    page = opened(visit(f"{site}/?lang={language}"), language)
    say(page, "routes")
    page.locator(".card").wait_for()
    tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    seen = [(node["role"]["value"], node.get("name", {}).get("value", "")) for node in tree if not node.get("ignored")]
    assert [role for role, name in seen if role in NAMED - {"list", "region"} and not name.strip()] == []
    words = texts(language)
    assert {("log", words["conversation"]), ("textbox", words["label"]), ("button", words["leave"])} <= set(seen)
    assert ("list", words["routes"]) in seen and "status" in {role for role, _ in seen}
    assert seen.count(("button", words["share"])) == 1


def test_each_message_is_announced_once_and_whole(visit: Visit, site: str) -> None:
    page = opened(visit(site))
    page.evaluate(
        """() => { window.added = [];
        const log = document.querySelector("drempel-hulp").shadowRoot.querySelector("[role=log]");
        new MutationObserver((all) => { for (const { target, addedNodes } of all) for (const node of addedNodes)
          added.push([target === log, node.textContent]); }).observe(log, { childList: true, characterData: true, subtree: true }); }"""
    )
    say(page, "routes")
    page.get_by_role("heading", name="Voedselbank").wait_for()
    own, answer = page.evaluate("added")
    assert own == [True, "Jijroutes"]
    assert answer[0] and answer[1].startswith("DrempelhulpDank je") and answer[1].endswith("Later verder")
    expect(page.get_by_role("status")).to_be_empty()


def test_a_language_from_right_to_left_turns_everything_round(visit: Visit, site: str) -> None:
    page = visit("about:blank", width=360)

    def turned(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, json={**answer.json(), "direction": "rtl"})

    page.route("**/widget/nl.json*", turned)
    page.goto(site)
    say(opened(page), "routes")
    page.get_by_role("heading", name="Voedselbank").wait_for()
    own, log = page.locator(".own").bounding_box(), page.get_by_role("log").bounding_box()
    assert own and log and own["x"] - log["x"] < 40 < log["x"] + log["width"] - own["x"] - own["width"]
    expect(page.locator(".route").first).to_have_css("border-right-width", "5px")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_number_is_broken_over_two_lines_and_no_word_is_cut(language: str, visit: Visit, site: str) -> None:
    page = opened(visit(f"{site}/?lang={language}", width=320), language)
    say(page, "crisis")
    page.locator(".crisis").wait_for()
    assert page.locator(".number").evaluate_all("all => all.map(e => e.getClientRects().length)") == [1, 1]
    lines = (
        "all => all.map(e => Math.round(e.getBoundingClientRect().height / parseFloat(getComputedStyle(e).lineHeight)))"
    )
    assert page.locator(".number").evaluate_all(lines) == [1, 1]
    cut = "all => all.filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.textContent)"
    assert page.locator(".message, .route, button, .press").evaluate_all(cut) == []


# ---- each language in each state ----


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_finding_in_any_language_with_choices_routes_a_crisis_and_no_internet(
    language: str, visit: Visit, site: str
) -> None:
    page = opened(visit(f"{site}/?lang={language}", fresh=True), language)
    for said, there in (("k1", ".choices:not([hidden]) li:nth-child(3)"), ("routes", ".card"), ("crisis", ".crisis")):
        say(page, said)
        page.locator(there).first.wait_for()
    page.context.set_offline(True)
    say(page, "k1")
    expect(page.get_by_role("status")).to_have_text(texts(language)["offline"])
    assert_no_finding(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_finding_in_any_language_without_script(language: str, visit: Visit, site: str) -> None:
    """axe is itself a script: it reads the page in a browser from which only the component is kept away."""
    page = visit("about:blank")
    page.route("**/drempelhulp.js", lambda route: route.abort())
    page.goto(f"{site}/?lang={language}")
    for said in ("routes", "crisis"):
        page.get_by_role("textbox").fill(said)
        page.get_by_role("button", name=texts(language)["send"]).click()
        page.locator(".card" if said == "routes" else ".crisis").first.wait_for()
        assert_no_finding(page)
