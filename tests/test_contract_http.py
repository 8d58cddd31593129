"""The website's channel over HTTP, as the contract has it, on the real server."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from tests.conftest import Site, start_site

LANGUAGES = ("nl", "tr", "pl", "pap", "en")
CONVERSATION = {
    "nl": ("ik kan mijn rekeningen niet betalen", "ja", "nee", "Klarendal"),
    "tr": ("faturalarımı ödeyemiyorum", "evet", "hayır", "Klarendal'da"),
    "pl": ("nie mam za co zapłacić rachunków", "tak", "nie", "na Klarendalu"),
    "pap": ("mi no por paga mi kuentanan", "sí", "nò", "Klarendal"),
    "en": ("i cannot pay my bills", "yes", "no", "Klarendal"),
}
NO_MORE_LIFE = {
    "nl": "ik wil niet meer leven",
    "tr": "artık yaşamak istemiyorum",
    "pl": "nie chcę już żyć",
    "pap": "mi no ke biba mas",
    "en": "I don't want to live anymore",
}


@pytest.fixture
def http(site: Site) -> Any:
    with httpx.Client(base_url=site.url, timeout=20) as client:
        yield client


def begin(http: httpx.Client, language: str = "nl") -> str:
    answer = http.post("/webhooks/web/session", json={"language": language})
    assert answer.status_code == 200
    assert answer.json()["language"] == language
    assert answer.json()["messages"][0]["language"] == language
    return str(answer.json()["session"])


def say(http: httpx.Client, session: str, text: str, **more: Any) -> list[dict[str, Any]]:
    answer = http.post("/webhooks/web/message", json={"session": session, "message": text, **more})
    assert answer.status_code == 200, answer.text
    messages: list[dict[str, Any]] = answer.json()["messages"]
    assert messages
    assert all(message["text"] and message["language"] for message in messages)
    return messages


def routes(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [route for message in messages for route in message.get("routes", ())]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_worry_comes_to_a_door_in_the_own_wijk_within_six_turns(http: httpx.Client, language: str) -> None:
    session = begin(http, language)
    for text in CONVERSATION[language]:
        messages = say(http, session, text)
    found = routes(messages)
    assert 1 <= len(found) <= 3
    assert "wijkteam-noordwest" in [route["id"] for route in found]
    assert found[0].get("phone") or found[0].get("address")
    assert all(route["why"] and route["why_text"] and route["name"] and route["checked"] for route in found)
    assert any("card" in message for message in messages)


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_does_not_want_to_live_gets_the_number_in_the_very_next_turn(http: httpx.Client, language: str) -> None:
    messages = say(http, begin(http, language), NO_MORE_LIFE[language])
    assert "0800-0113" in messages[0]["text"]
    assert messages[0]["text"].index("0800-0113") < messages[0]["text"].replace("0800-0113", "xxxxxxxxx").index("113")
    first = routes(messages)[0]
    assert (first["kind"], first["id"]) == ("crisis", "113")
    assert not any(message.get("buttons") for message in messages)


def test_buttons_are_opaque_hold_for_one_turn_and_never_begin_with_a_slash(http: httpx.Client) -> None:
    session = begin(http)
    buttons = [b for m in say(http, session, "ik heb schulden") for b in m.get("buttons", ())]
    assert buttons
    assert not any(button["payload"].startswith("/") for button in buttons)
    answered = say(http, session, buttons[0]["payload"])
    stale = say(http, session, buttons[0]["payload"])
    assert stale[0]["text"] != answered[0]["text"]
    assert any(message.get("buttons") for message in stale), "the question is still open"


def test_the_same_id_is_answered_the_same_and_not_heard_twice(http: httpx.Client) -> None:
    session = begin(http)
    first = say(http, session, "ik heb schulden", id="a1")
    again = say(http, session, "ik heb schulden", id="a1")
    assert [m["text"] for m in again] == [m["text"] for m in first]
    assert [m.get("buttons") for m in again] == [m.get("buttons") for m in first]
    assert say(http, session, "ja", id="a2")[0]["text"] != first[0]["text"]


@pytest.mark.parametrize("ends", ["stop", "wissen"])
def test_the_last_message_of_a_talk_is_answered_the_same_too(http: httpx.Client, ends: str) -> None:
    session = begin(http, "tr")
    say(http, session, "borçlarım var", id="b1")
    assert say(http, session, ends, id="b2") == say(http, session, ends, id="b2")


def test_a_session_slides_with_each_message_and_is_gone_when_it_was_wiped(http: httpx.Client) -> None:
    first = begin(http)
    told = http.post("/webhooks/web/message", json={"session": first, "message": "ik heb schulden"}).json()
    renewed = told["session"]
    assert renewed and renewed != first
    assert say(http, renewed, "ja"), "the talk goes on under it"
    reloaded = http.get("/webhooks/web/session", headers={"Authorization": f"Bearer {renewed}"}).json()
    assert reloaded["session"] == renewed, "looking is no message: it does not slide by it"
    wiped = http.post("/webhooks/web/message", json={"session": renewed, "message": "wissen"}).json()
    assert wiped["messages"] and wiped["session"] is None
    over = http.get("/webhooks/web/session", headers={"Authorization": f"Bearer {renewed}"}).json()
    assert over == {**over, "session": None, "messages": [], "language": "nl"}


def test_a_reload_shows_the_last_turn(http: httpx.Client) -> None:
    session = begin(http)
    said = say(http, session, "ik ben zo alleen")
    reloaded = http.get("/webhooks/web/session", headers={"Authorization": f"Bearer {session}"}).json()
    assert [m["text"] for m in reloaded["messages"]] == [m["text"] for m in said]


def test_events_are_sent_where_they_are_asked_for(http: httpx.Client) -> None:
    body = {"session": begin(http), "message": "hallo"}
    answer = http.post("/webhooks/web/message", json=body, headers={"Accept": "text/event-stream"})
    assert answer.headers["content-type"].startswith("text/event-stream")
    data = [line.removeprefix("data: ") for line in answer.text.splitlines() if line.startswith("data: ")]
    assert json.loads(data[0])["text"]


@pytest.mark.parametrize(
    "text",
    ["x" * 10_000, "😀😀😀", "<script>alert(1)</script><b>geld</b>", "أحتاج إلى مساعدة", "", "   ", "/restart", "/hulp_geld",
     '/hulp_geld{"a":1}', "{text}", "%{name} %s {0}", "\x00\x01", "‮geld", "null", "../../etc/passwd"],
)  # fmt: skip
def test_strange_messages_get_a_kind_sentence(http: httpx.Client, text: str) -> None:
    messages = say(http, begin(http), text)
    assert "<script>" not in json.dumps(messages)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{broken", 400),
        (b"[]", 400),
        (b'"text"', 400),
        (b"{}", 400),
        (b'{"session": 7, "message": "hoi"}', 401),
        (b'{"session": "made up", "message": "hoi"}', 401),
        (b'{"message": "hoi"}', 401),
        (b'{"session": "x", "message": 5}', 400),
        (b"x" * 70_000, 413),
    ],
)
def test_bad_requests_get_a_clear_status_and_json(http: httpx.Client, body: bytes, status: int) -> None:
    answer = http.post("/webhooks/web/message", content=body)
    assert answer.status_code == status
    assert answer.json()["error"]


def test_a_foreign_site_may_not_speak_for_a_resident(http: httpx.Client) -> None:
    answer = http.post("/webhooks/web/session", json={}, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "/version",
        "/status",
        "/model",
        "/conversations/x/tracker",
        "/domain",
        "/webhooks/rest/webhook",
        "/webhooks/web/",
    ],
)
def test_only_our_own_routes_exist(http: httpx.Client, path: str) -> None:
    assert http.get(path).status_code in (404, 405)
    assert http.delete(path).status_code in (404, 405)


def test_the_page_the_component_and_its_texts_are_served(http: httpx.Client) -> None:
    page = http.get("/?lang=pl")
    assert page.status_code == 200
    assert 'lang="pl"' in page.text
    assert "<drempel-hulp" in page.text
    script = http.get("/drempelhulp.js")
    assert script.headers["access-control-allow-origin"] == "*"
    assert "customElements.define" in script.text
    assert http.get("/widget/pap.json").json()["send"]


def test_the_talk_works_without_a_script(http: httpx.Client) -> None:
    page = http.post("/praat", data={"session": "", "language": "nl", "message": "ik heb schulden"})
    assert page.status_code == 200
    session = page.text.split('name="session" value="')[1].split('"')[0]
    again = http.post("/praat", data={"session": session, "language": "nl", "message": "ja"})
    assert again.status_code == 200
    assert again.text != page.text


def test_the_card_is_the_token_and_shows_both_languages(http: httpx.Client) -> None:
    session = begin(http, "tr")
    for text in CONVERSATION["tr"]:
        messages = say(http, session, text)
    card = next(message["card"] for message in messages if "card" in message)
    page = http.get(card)
    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert 'lang="tr"' in page.text
    assert 'lang="nl"' in page.text
    assert "0800-8115" in page.text
    assert http.get(card[:-4] + "AAAA").status_code == 404


def test_a_named_site_may_embed_the_chat_and_another_may_not(model: Any, tmp_path: Any) -> None:
    named = start_site(tmp_path / "var", ALLOWED_ORIGINS="https://www.gemeente.example")
    ours = {"Origin": "https://www.gemeente.example", "Access-Control-Request-Method": "POST"}
    try:
        with httpx.Client(base_url=named.url, timeout=20) as http:
            asked = http.options("/webhooks/web/message", headers=ours)
            assert asked.headers["access-control-allow-origin"] == ours["Origin"]
            assert "content-type" in asked.headers["access-control-allow-headers"]
            begun = http.post("/webhooks/web/session", json={}, headers=ours)
            assert begun.status_code == 200
            assert begun.headers["access-control-allow-origin"] == ours["Origin"]
            other = http.options(
                "/webhooks/web/message", headers={**ours, "Origin": "https://www.gemeente.example.evil"}
            )
            assert "access-control-allow-origin" not in other.headers
    finally:
        named.stop()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_crisis_is_not_put_off_for_a_session_that_has_ended(http: httpx.Client, language: str) -> None:
    body = {"session": "long ago", "message": NO_MORE_LIFE[language]}
    refused = http.post("/webhooks/web/message", json=body)
    assert (refused.status_code, refused.json()["error"]) == (401, "session_unknown")
    [said] = refused.json()["messages"]
    assert said["language"] == language and said["routes"][0]["id"] == "113"
    assert "messages" not in http.post("/webhooks/web/message", json={**body, "message": "ik heb schulden"}).json()


def test_too_many_messages_are_slowed_down_with_a_time_to_wait(model: Any, tmp_path: Any) -> None:
    slow = start_site(tmp_path / "var", RATE_PER_SESSION="3")
    try:
        with httpx.Client(base_url=slow.url, timeout=20) as http:
            session = begin(http)
            statuses = [
                http.post("/webhooks/web/message", json={"session": session, "message": "hoi"}) for _ in range(4)
            ]
        assert [answer.status_code for answer in statuses] == [200, 200, 200, 429]
        assert int(statuses[-1].headers["retry-after"]) > 0
    finally:
        slow.stop()
