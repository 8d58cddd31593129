"""Reading aloud and speaking on the website, in a real browser: pressed, heard, stopped, and asked back before it counts."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from bot.voice.audio import encoded
from bot.voice.espeak import Espeak
from tests import widget_fixtures
from tests.test_widget import MESSAGE, SESSION, assert_no_finding, bodies, in_sight
from tests.widget_fixtures import CANNED, LANGUAGES, PATIENCE, STRICT, Site, texts

# pytest finds a fixture by its name in the test's module.
chromium, shared_contexts, visit = widget_fixtures.chromium, widget_fixtures.shared_contexts, widget_fixtures.visit
running_site, script, site = widget_fixtures.running_site, widget_fixtures.script, widget_fixtures.site

Visit = Callable[..., Page]
HEARD: dict[str, Any] = {
    "text": "Ik hoorde: ik heb schulden. Klopt dat?",
    "language": "nl",
    "buttons": [{"title": "Ja, dat klopt", "payload": "ik heb schulden"}, {"title": "Nee", "payload": ""}],
}
# A microphone that hums, and an ear on what the page plays.
MICROPHONE = """
const start = AudioBufferSourceNode.prototype.start;
window.played = [];
AudioBufferSourceNode.prototype.start = function (...given) { window.played.push(this.buffer.duration); return start.apply(this, given); };
window.tracks = [];
navigator.mediaDevices.getUserMedia = async () => {
  const audio = new AudioContext(), hum = audio.createOscillator(), out = audio.createMediaStreamDestination();
  hum.connect(out); hum.start(); window.tracks.push(...out.stream.getTracks());
  return out.stream;
};
"""


@lru_cache
def speech(form: str) -> bytes:
    async def said() -> bytes:
        espeak = Espeak()
        sound = await espeak.say("Goedemiddag. Ik zoek met je mee naar hulp in je buurt.", "nl")
        await espeak.stop()
        return encoded(sound, form)

    with ThreadPoolExecutor() as beside:  # the browser's own loop runs in this thread
        return beside.submit(asyncio.run, said()).result()


class Voiced:
    """The scripted site with a voice: its opening can be read aloud, and it can listen in some languages."""

    def __init__(self, page: Page, hears: tuple[str, ...] = ("nl",), language: str = "nl") -> None:
        self.asked: list[dict[str, Any]] = []
        self.talked: list[bytes] = []
        self.status = 200
        self.answer: dict[str, Any] = {"heard": "ik heb schulden", "messages": [HEARD]}
        aloud = {"text": "Goedemiddag.", "language": language, "mark": "0123"}
        self.opening = {**CANNED[language]["opening"], "aloud": aloud}
        self.hears = hears
        page.route(f"**{SESSION}", self._open)
        page.route("**/stem", self._say)
        page.route("**/luister", self._hear)
        page.add_init_script(MICROPHONE)

    def _open(self, route: Route) -> None:
        answer = route.fetch()
        body = {**answer.json(), "messages": [self.opening, self.opening], "hears": self.hears}
        route.fulfill(response=answer, json=body)

    def _say(self, route: Route) -> None:
        asked = json.loads(route.request.post_data or "{}")
        self.asked.append(asked)
        route.fulfill(status=self.status, body=speech(asked["format"]), content_type="audio/ogg")

    def _hear(self, route: Route) -> None:
        self.talked.append(route.request.post_data_buffer or b"")
        route.fulfill(status=self.status, json=self.answer)


def voiced(visit: Visit, site: str, language: str = "nl", **given: Any) -> tuple[Page, Voiced]:
    page = visit("about:blank", fresh=True)
    voice = Voiced(page, language=language, **given)
    page.goto(f"{site}/?lang={language}")
    page.get_by_role("button", name=texts(language)["read_aloud"]).first.wait_for()
    return page, voice


def sounded(page: Page) -> None:
    """Waits until something is played; the page's policy forbids the browser's own waiting for an expression."""
    until = time.monotonic() + PATIENCE / 1000
    while not page.evaluate("played.length"):
        assert time.monotonic() < until, "nothing is played"
        page.wait_for_timeout(50)


def pressed(page: Page) -> list[str | None]:
    return [button.get_attribute("aria-pressed") for button in page.locator(".aloud").all()]


def test_a_message_is_read_aloud_when_it_is_asked_and_not_before(visit: Visit, site: str) -> None:
    page, voice = voiced(visit, site)
    assert voice.asked == [] and page.evaluate("played") == []
    page.get_by_role("button", name="Lees voor").first.click()
    sounded(page)
    [asked] = voice.asked
    assert asked == {**voice.opening["aloud"], "format": "ogg"}
    assert page.evaluate("played[0]") > 2
    assert pressed(page) == ["true", "false"]


WITHOUT_END = """() => {
  const play = HTMLMediaElement.prototype.play;
  HTMLMediaElement.prototype.play = function () { this.loop = true; return play.call(this); };
}"""
"""A sound that ends by itself would say nothing about what stopped it."""


def test_it_stops_when_pressed_again_when_another_is_pressed_and_when_the_resident_goes_on(
    visit: Visit, site: str
) -> None:
    page, _ = voiced(visit, site)
    page.evaluate(WITHOUT_END)
    first, second = page.get_by_role("button", name="Lees voor").all()
    first.click()
    sounded(page)
    first.click()
    expect(page.locator(".aloud[aria-pressed=true]")).to_have_count(0)
    first.click()
    expect(first).to_have_attribute("aria-pressed", "true")
    second.click()
    expect(second).to_have_attribute("aria-pressed", "true")
    expect(first).to_have_attribute("aria-pressed", "false")
    page.get_by_role("button", name="Geld of schulden").first.click()
    expect(page.locator(".aloud[aria-pressed=true]")).to_have_count(0)


def test_it_is_pressed_until_the_sound_is_over(visit: Visit, site: str) -> None:
    page, _ = voiced(visit, site)
    page.get_by_role("button", name="Lees voor").first.click()
    sounded(page)
    expect(page.locator(".aloud[aria-pressed=true]")).to_have_count(0)


def test_a_browser_without_opus_gets_mp3(visit: Visit, site: str) -> None:
    page, voice = voiced(visit, site)
    page.evaluate("() => { HTMLMediaElement.prototype.canPlayType = () => '' }")
    page.get_by_role("button", name="Lees voor").first.click()
    sounded(page)
    assert [asked["format"] for asked in voice.asked] == ["mp3"]


def test_a_voice_that_is_away_is_said_and_the_text_is_there(visit: Visit, site: str) -> None:
    page, voice = voiced(visit, site)
    voice.status = 503
    page.get_by_role("button", name="Lees voor").first.click()
    expect(page.get_by_role("status")).to_have_text(texts("nl")["no_sound"])
    assert pressed(page) == ["false", "false"]


def test_a_strict_policy_without_media_lets_it_be_heard(visit: Visit, site: str) -> None:
    assert "media-src" not in STRICT
    page, _ = voiced(visit, site)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.get_by_role("button", name="Lees voor").first.press("Enter")
    sounded(page)
    assert [line for line in said if "Security Policy" in line] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_finding_while_it_reads_and_listens(language: str, visit: Visit, site: str) -> None:
    page, _ = voiced(visit, site, language, hears=(language,))
    page.get_by_role("button", name=texts(language)["read_aloud"]).first.click()
    assert_no_finding(page)
    page.get_by_role("button", name=texts(language)["talk"], exact=True).click()
    expect(page.get_by_role("status")).to_have_text(texts(language)["listening"])
    assert_no_finding(page)


def test_where_nobody_listens_there_is_no_button_to_speak(visit: Visit, site: str) -> None:
    page, _ = voiced(visit, site, hears=("tr",))
    expect(page.get_by_role("button", name="Spreek in")).to_have_count(0)


def talk(page: Page) -> None:
    page.get_by_role("button", name="Spreek in").click()
    expect(page.get_by_role("status")).to_have_text(texts("nl")["listening"])
    page.wait_for_timeout(500)  # something is said
    page.get_by_role("button", name="Klaar").click()


def test_what_was_heard_counts_when_it_is_right(visit: Visit, site: str, script: Site) -> None:
    page, voice = voiced(visit, site)
    talk(page)
    in_sight(page, HEARD["text"])
    assert bodies(script, MESSAGE) == [] and len(voice.talked[0]) > 500
    assert page.evaluate("tracks.map(track => track.readyState)") == ["ended"], "the microphone is off"
    page.get_by_role("button", name="Ja, dat klopt").click()
    in_sight(page, "In welke wijk woon je?")
    assert [body["message"] for body in bodies(script, MESSAGE)] == ["ik heb schulden"]
    expect(page.get_by_text(HEARD["text"])).to_have_count(0)


def test_after_the_end_of_a_talk_speaking_begins_another(visit: Visit, site: str, script: Site) -> None:
    page, voice = voiced(visit, site)
    page.route(f"**{MESSAGE}", lambda route: route.fulfill(json={"messages": [CANNED["nl"]["again"]], "session": None}))
    page.get_by_role("textbox").fill("wissen")
    page.keyboard.press("Enter")
    in_sight(page, "In welke wijk woon je?")
    page.unroute(f"**{MESSAGE}")
    talk(page)
    in_sight(page, HEARD["text"])
    assert b"token-2" in voice.talked[0]
    page.get_by_role("button", name="Ja, dat klopt").click()
    expect(page.get_by_text("In welke wijk woon je?")).to_have_count(2)
    assert [body["session"] for body in bodies(script, MESSAGE)] == ["token-2"]
    assert len(script.sessions) == 2


def test_what_was_heard_wrong_is_gone_and_can_be_said_again(visit: Visit, site: str, script: Site) -> None:
    page, _ = voiced(visit, site)
    talk(page)
    page.get_by_role("button", name="Nee").click()
    expect(page.get_by_role("button", name="Spreek in")).to_be_focused()
    assert bodies(script, MESSAGE) == []
    talk(page)
    in_sight(page, HEARD["text"])


def test_a_choice_offered_instead_of_listening_is_an_answer(visit: Visit, site: str, script: Site) -> None:
    page, voice = voiced(visit, site)
    choices = [{"title": "Eten", "payload": "~7"}]
    voice.answer = {
        "heard": None,
        "messages": [{"text": "Ik kan nog niet luisteren.", "language": "nl", "buttons": choices}],
    }
    talk(page)
    page.get_by_role("button", name="Eten").click()
    in_sight(page, "In welke wijk woon je?")
    assert [body["message"] for body in bodies(script, MESSAGE)] == ["~7"]


def test_who_goes_on_by_hand_while_it_records_sends_no_recording(visit: Visit, site: str, script: Site) -> None:
    page, voice = voiced(visit, site)
    page.get_by_role("button", name="Spreek in").click()
    page.get_by_role("button", name="Klaar").wait_for()
    page.get_by_role("button", name="Geld of schulden").first.click()
    in_sight(page, "Is er vandaag genoeg te eten?")
    expect(page.get_by_role("button", name="Spreek in")).to_be_visible()
    assert voice.talked == [] and page.evaluate("tracks.map(track => track.readyState)") == ["ended"]


def test_a_microphone_that_may_not_be_used_is_no_dead_end(visit: Visit, site: str) -> None:
    page, _ = voiced(visit, site)
    page.evaluate(
        "() => { navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotAllowedError')) }"
    )
    page.get_by_role("button", name="Spreek in").click()
    expect(page.get_by_role("status")).to_have_text(texts("nl")["no_microphone"])
    expect(page.get_by_role("button", name="Spreek in")).to_be_visible()
