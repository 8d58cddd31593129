"""What Meta may send one day, and what nobody hopes that it sends: each has a row, and the server takes them all."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.channels.whatsapp.inbound import (
    CHOSEN,
    OTHER,
    PICTURE,
    PLACE,
    SAID,
    TAKEN_BACK,
    VOICE,
    WELCOME,
    failures,
    split,
    strangers,
)
from bot.i18n.catalogue import catalogue
from tests import whatsapp_fixtures
from tests.conftest import Site, start_site
from tests.whatsapp_fixtures import NUMBER_ID, FakeMeta, Phone, choices_of, envelope, post, text_of

fake = whatsapp_fixtures.fake  # pytest finds a fixture by its name in the test's module
NOW = 1_764_000_000.0
STAMP = str(int(NOW))
REFERRAL = {
    "source_url": "https://fb.me/x",
    "source_type": "ad",
    "source_id": "1",
    "headline": "Hulp?",
    "ctwa_clid": "x",
}
OLD_CHOICE = {"type": "button_reply", "button_reply": {"id": "~dead.1", "title": "Ja"}}
CONTACT = {"name": {"formatted_name": "Jan", "first_name": "Jan"}, "phones": [{"phone": "+31 6", "type": "CELL"}]}
FLOW = {"type": "nfm_reply", "nfm_reply": {"response_json": '{"a": 1}', "body": "Sent", "name": "flow"}}
ERROR = [{"code": 131051, "title": "Message type unknown", "error_data": {"details": "not supported"}}]
MESSAGES: dict[str, tuple[dict[str, Any], str | None]] = {
    "a contact": ({"type": "contacts", "contacts": [CONTACT]}, OTHER),
    "contacts that are none": ({"type": "contacts", "contacts": None}, OTHER),
    "an order": ({"type": "order", "order": {"catalog_id": "1", "product_items": [{"quantity": "2"}]}}, OTHER),
    "a new number": ({"type": "system", "system": {"type": "user_changed_number", "wa_id": "317", "body": "x"}}, None),
    "a new identity": ({"type": "system", "system": {"type": "customer_identity_changed", "identity": "x"}}, None),
    "unsupported": ({"type": "unsupported", "errors": ERROR, "unsupported": {"type": "edit"}}, OTHER),
    "unknown": ({"type": "unknown", "errors": ERROR}, OTHER),
    "errors beside a text": ({"type": "text", "text": {"body": "hallo"}, "errors": ERROR}, SAID),
    "an answered flow": ({"type": "interactive", "interactive": FLOW}, OTHER),
    "an interactive without itself": ({"type": "interactive", "errors": ERROR}, OTHER),
    "a call permission": ({"type": "interactive", "interactive": {"type": "call_permission_reply"}}, OTHER),
    "the button of a template": ({"type": "button", "button": {"payload": "Stop", "text": "Stop"}}, CHOSEN),
    "a button without a payload": ({"type": "button", "button": {"text": "Stop"}}, CHOSEN),
    "a choice of long ago": ({"type": "interactive", "interactive": OLD_CHOICE, "context": {"id": "wamid.old"}}, CHOSEN),
    "from an advertisement": ({"type": "text", "text": {"body": "hallo"}, "referral": REFERRAL}, SAID),
    "forwarded": ({"type": "text", "text": {"body": "x"}, "context": {"frequently_forwarded": True}}, SAID),
    "an advertisement's greeting": ({"type": "request_welcome", "referral": REFERRAL}, WELCOME),
    "in a group": ({"type": "text", "text": {"body": "hallo"}, "group_id": "1203"}, None),
    "a reaction": ({"type": "reaction", "reaction": {"message_id": "x", "emoji": "👍"}}, None),
    "a reaction taken away": ({"type": "reaction", "reaction": {"message_id": "x", "emoji": ""}}, None),
    "taken back": ({"type": "revoke", "revoke": {"original_message_id": "w0"}}, TAKEN_BACK),
    "deleted": ({"type": "deleted"}, OTHER),
    "an edit without anything": ({"type": "edit", "edit": {}}, OTHER),
    "an edited picture": ({"type": "edit", "edit": {"original_message_id": "w0", "message": {"type": "image", "image": {"caption": "x"}}}}, PICTURE),
    "ephemeral": ({"type": "ephemeral", "ephemeral": {"message": {"type": "text"}}}, OTHER),
    "seen once": ({"type": "image", "image": {"id": "1", "view_once": True}}, PICTURE),
    "a sticker": ({"type": "sticker", "sticker": {"id": "1", "animated": True}}, PICTURE),
    "a voice message": ({"type": "audio", "audio": {"id": "1", "voice": True, "url": "https://x"}}, VOICE),
    "music": ({"type": "audio", "audio": {"id": "1", "voice": False, "mime_type": "audio/mpeg"}}, VOICE),
    "a voice message of nobody": ({"type": "audio"}, VOICE),
    "a place far out": ({"type": "location", "location": {"latitude": 1e999, "longitude": "x"}}, PLACE),
    "a poll": ({"type": "poll", "poll": {"name": "x", "options": []}}, OTHER),
    "no type": ({"text": {"body": "hallo"}}, OTHER),
    "a type that is none": ({"type": ["text"], "text": {"body": "hallo"}}, OTHER),
    "an empty text": ({"type": "text", "text": {"body": ""}}, OTHER),
    "a text of spaces": ({"type": "text", "text": {"body": " \n\t\u200b"}}, SAID),
    "a text of nothing": ({"type": "text", "text": {"body": "\x00\x00"}}, OTHER),
    "a text of half characters": ({"type": "text", "text": {"body": "\ud83d hallo \ude00"}}, SAID),
    "a text with a nought": ({"type": "text", "text": {"body": "hal\x00lo"}}, SAID),
    "a text that turns around": ({"type": "text", "text": {"body": "\u202eollah\u202c"}}, SAID),
    "a text too long": ({"type": "text", "text": {"body": "ik heb schulden " * 400}}, SAID),
    "one word of 9,000 letters": ({"type": "text", "text": {"body": "a" * 9000}}, SAID),
    "only signs": ({"type": "text", "text": {"body": "🙏🏽" * 40}}, SAID),
    "a command to Rasa": ({"type": "text", "text": {"body": "/restart"}}, SAID),
    "a payload that was typed": ({"type": "text", "text": {"body": "~ab12.1"}}, SAID),
    "a place of ours that is none": ({"type": "interactive", "interactive": {"type": "list_reply", "list_reply": {"id": "+../../x"}}}, CHOSEN),
    "a language that is none": ({"type": "interactive", "interactive": {"type": "list_reply", "list_reply": {"id": "=xx"}}}, CHOSEN),
    "a yes to nothing": ({"type": "interactive", "interactive": {"type": "button_reply", "button_reply": {"id": "!y12345678"}}}, CHOSEN),
}  # fmt: skip


def of(raw: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"from": "316", "id": "wamid.1", "timestamp": STAMP, **raw, **more}


@pytest.mark.parametrize("name", MESSAGES)
def test_each_message_is_seen_for_what_it_is(name: str) -> None:
    raw, kind = MESSAGES[name]
    assert [seen.kind for seen in split(envelope([of(raw)]), NOW)] == ([kind] if kind else [])


@pytest.mark.parametrize(
    ("body", "text"),
    [("hal\x00lo", "hal lo"), ("\ud83d hallo", "? hallo"), ("a\nb\tc", "a\nb\tc"), ("x" * 5000, "x" * 4096)],
)
def test_a_text_is_one_that_every_database_takes(body: str, text: str) -> None:
    (seen,) = split(envelope([of({"type": "text", "text": {"body": body}})]), NOW)
    assert seen.text == text


@pytest.mark.parametrize(
    ("stamp", "age"),
    [
        (STAMP, 0), (int(NOW), 0), (str(int(NOW) - 3600), 3600), (str(int(NOW) - 9 * 86400), 9 * 86400),
        (str(int(NOW) + 86400), 0), (f"{STAMP}000", 0), (10**400, 0), ("9" * 400, 0), (True, int(NOW) - 1), (None, 0), ({}, 0),
    ],
)  # fmt: skip
def test_a_moment_is_never_in_the_future(stamp: Any, age: int) -> None:
    (seen,) = split(envelope([of({"type": "text", "text": {"body": "x"}}, timestamp=stamp)]), NOW)
    assert seen.sent == NOW - age


def written_to(number: Any, id_: str) -> dict[str, Any]:
    entry: dict[str, Any] = envelope([of({"type": "text", "text": {"body": "x"}}, id=id_)])["entry"][0]
    entry["changes"][0]["value"]["metadata"] = {"phone_number_id": number} if number else None
    return entry


def test_what_was_written_to_another_number_is_heard_and_counted() -> None:
    payload = {"entry": [written_to(NUMBER_ID, "a"), written_to("999", "b"), written_to(None, "c")]}
    assert [seen.id for seen in split(payload, NOW)] == ["a", "b", "c"]
    assert strangers(payload, NUMBER_ID) == 1


def failed(*codes: Any) -> dict[str, Any]:
    return {"id": "wamid.out", "status": "failed", "recipient_id": "316", "errors": [{"code": code} for code in codes]}


@pytest.mark.parametrize("code", [131047, 131026, 130429, 190, 131056, 131000])
def test_a_delivery_that_failed_is_told_by_its_code(code: int) -> None:
    value = {"metadata": {"phone_number_id": NUMBER_ID}, "statuses": [failed(code), {"status": "read"}, failed(None)]}
    assert failures({"entry": [{"changes": [{"field": "messages", "value": value}]}]}) == [code]
    assert failures({"entry": [{"changes": [{"field": "messages", "value": {"errors": [{"code": code}]}}]}]}) == [code]


# And all of them at a server that runs.


@pytest.fixture(scope="module")
def server(model: Path, fake: FakeMeta, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, FakeMeta]]:
    started = start_site(tmp_path_factory.mktemp("nasty"), **fake.settings())
    yield started, fake
    started.stop()


def test_the_server_takes_each_and_answers_once(server: tuple[Site, FakeMeta]) -> None:
    """Each by a resident of its own; those who asked for an answer have one, and a word heard afterwards is understood."""
    site, fake = server
    phones = {name: Phone(site.url, fake) for name in MESSAGES}
    stamp = str(int(time.time()))
    for twice in range(2):
        for number, (name, phone) in enumerate(phones.items()):
            raw = of(MESSAGES[name][0], **{"from": phone.number, "id": f"wamid.n{number}", "timestamp": stamp})
            assert post(site.url, envelope([raw])).status_code == 200, (name, twice)
    expected = {name: int(kind not in (None, TAKEN_BACK)) for name, (_, kind) in MESSAGES.items()}
    last = Phone(site.url, fake)
    last.say("ik heb schulden")
    fake.wait_for(sum(expected.values()) + 1)
    assert {name: len(fake.to(phone.number)) for name, phone in phones.items()} == expected
    assert all(text_of(one) for one in fake.sent if one["type"] != "audio")


def test_a_batch_of_everything_in_one_request(server: tuple[Site, FakeMeta]) -> None:
    site, fake = server
    phones = {name: Phone(site.url, fake) for name in MESSAGES}
    stamp = str(int(time.time()))
    rows = [
        of(MESSAGES[name][0], **{"from": phone.number, "id": f"wamid.b{name}", "timestamp": stamp})
        for name, phone in phones.items()
    ]
    payload = envelope([*rows, "no message", None, {}, {"type": "text"}])
    value = payload["entry"][0]["changes"][0]["value"]
    value |= {"statuses": [failed(131047), "x"], "errors": [{"code": 190}], "contacts": [{"wa_id": 7}]}
    payload["entry"] += [
        None,
        {"changes": [{"field": "account_update", "value": {"event": "x"}}]},
        written_to("999", "z"),
    ]
    before = len(fake.to(phones["only signs"].number))
    assert post(site.url, payload).status_code == 200
    for name, (_, kind) in MESSAGES.items():
        many = int(kind not in (None, TAKEN_BACK))
        assert len(fake.wait_for(many, phones[name].number)) == many, name
    assert before == 0
    log = site.log.read_text()
    assert "code 131047" in log
    assert "another id than WHATSAPP_PHONE_NUMBER_ID" in log
    assert "not understood" not in log, "no row is too much for us"


def test_one_id_from_two_residents_is_two_messages(server: tuple[Site, FakeMeta]) -> None:
    site, fake = server
    one, other = Phone(site.url, fake), Phone(site.url, fake)
    for phone in (one, other, one):
        phone.post([phone.text("ik heb schulden", id="wamid.the-same")])
    assert one.answer()
    assert other.answer()
    time.sleep(0.3)
    assert len(fake.to(one.number)) == len(fake.to(other.number)) == 1


def test_a_choice_of_long_ago_is_told_and_the_question_stands(server: tuple[Site, FakeMeta]) -> None:
    site, fake = server
    phone = Phone(site.url, fake)
    asked = phone.say("ik kan mijn rekeningen niet betalen")
    old = choices_of(asked)[0][1]["id"]
    phone.press(1)
    phone.post(
        [
            phone.message(
                "interactive", {"type": "button_reply", "button_reply": {"id": old, "title": "Ja"}}, context={"id": "w"}
            )
        ]
    )
    again = phone.answer()
    assert catalogue().text("conversation.repair.stale", "nl") in text_of(again)
    assert choices_of(again)


def test_json_that_only_looks_like_it(server: tuple[Site, FakeMeta]) -> None:
    site, _ = server
    huge = json.dumps(envelope([of({"type": "text", "text": {"body": "x"}})])).replace(f'"{STAMP}"', "1" * 5000)
    for body in (b'{"entry": NaN}', b"\xef\xbb\xbf{}", b'{"a": "\xff"}', huge.encode(), b'{"entry": [' * 20_000):
        assert post(site.url, body).status_code in (200, 400)
