"""The WhatsApp channel on the real server, with a stand-in for Meta that counts."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.channels.whatsapp.inbound import split
from bot.directory import load
from bot.i18n.catalogue import catalogue
from bot.languages import complete
from bot.paths import gemeente_folder
from bot.settings import Settings, SettingsError
from tests import whatsapp_fixtures
from tests.conftest import ROOT, Site, start_site
from tests.test_contract_http import CONVERSATION, NO_MORE_LIFE
from tests.test_whatsapp_parts import meta, needs_meta, validate
from tests.whatsapp_fixtures import (
    PATH,
    VERIFY_TOKEN,
    FakeMeta,
    Phone,
    choices_of,
    envelope,
    post,
    seconds_of_sound,
    text_of,
)

DAY = 24 * 3600


fake = whatsapp_fixtures.fake  # pytest finds a fixture by its name in the test's module


@pytest.fixture(scope="module")
def server(model: Path, fake: FakeMeta, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    started = start_site(tmp_path_factory.mktemp("whatsapp"), **fake.settings())
    yield started
    started.stop()


@pytest.fixture
def phone(server: Site, fake: FakeMeta) -> Phone:
    return Phone(server.url, fake)


# Who may come in.


@pytest.mark.parametrize(
    ("token", "mode", "status"),
    [(VERIFY_TOKEN, "subscribe", 200), ("wrong", "subscribe", 403), ("☂", "subscribe", 403), (VERIFY_TOKEN, "x", 403)],
)
def test_the_handshake(server: Site, token: str, mode: str, status: int) -> None:
    asked = {"hub.mode": mode, "hub.verify_token": token, "hub.challenge": "1158201444"}
    answer = httpx.get(server.url + PATH, params=asked)
    assert answer.status_code == status
    assert answer.text == ("1158201444" if status == 200 else "")


@pytest.mark.parametrize("header", [None, "", "sha256=" + "0" * 64, "sha1=x", "é"])
def test_what_meta_did_not_sign_stays_outside(server: Site, fake: FakeMeta, phone: Phone, header: str | None) -> None:
    body = json.dumps(envelope([phone.text("hallo")]))
    headers = [(b"X-Hub-Signature-256", header.encode())] if header is not None else []
    assert httpx.post(server.url + PATH, content=body, headers=headers).status_code == 403
    phone.say("hallo")
    assert len(fake.to(phone.number)) == 1


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{broken", 400), (b"", 400), (b"\xff\xfe", 400), (b"[" * 100_000, 400), (b"[]", 200), (b'"text"', 200), (b"{}", 200),
        (b'{"object": "page", "entry": [{}]}', 200), (b"x" * 3_600_000, 413),
    ],
)  # fmt: skip
def test_strange_bodies_get_a_clear_status(server: Site, body: bytes, status: int) -> None:
    assert post(server.url, body).status_code == status


def test_three_megabytes_are_taken(phone: Phone) -> None:
    assert phone.write("ik heb schulden " + "x" * 3_000_000).status_code == 200
    assert text_of(phone.answer())


# What is answered.


@pytest.mark.parametrize("language", complete())
def test_a_whole_conversation_to_the_card_in_every_language(phone: Phone, language: str) -> None:
    """The first message in words, then by button, by number and by name."""
    first, *_, place = CONVERSATION[language]
    opened = phone.say(first)
    assert catalogue().text("conversation.open.computer", language) in text_of(opened)
    answered = [opened, phone.press(1), phone.say("2"), phone.say(place)]
    assert "/hulpkaart/" in text_of(answered[-1])
    others = [n for n, (_, row) in enumerate(choices_of(answered[-1]), 1) if row["id"].startswith("+")]
    assert others, "the other places stand behind buttons"
    other = phone.press(others[0])
    name = choices_of(answered[-1])[others[0] - 1][1]["title"].rstrip("…")
    assert text_of(other).startswith(name)
    still = phone.press(1)
    assert text_of(still) != text_of(other), "the question still takes its buttons"
    for payload in (*answered, other, still):
        validate(payload)


def test_a_place_that_was_named_long_ago_belongs_to_an_older_question(phone: Phone, fake: FakeMeta) -> None:
    """Nothing of it is left that could be shown, and Meta would refuse a message of nothing."""
    for text in CONVERSATION["nl"]:
        answer = phone.say(text)
    named = {row["id"] for _, row in choices_of(answer)}
    old = next(f"+{place}" for place in load(gemeente_folder("arnhem")).services if f"+{place}" not in named)
    phone.post([phone.message("interactive", {"type": "list_reply", "list_reply": {"id": old, "title": "x"}})])
    told = phone.answer()
    assert text_of(told).startswith(catalogue().text("conversation.repair.stale", "nl"))
    assert choices_of(told), "the question that waits"


@pytest.mark.parametrize("language", complete())
def test_who_does_not_want_to_live_gets_the_number_at_once(phone: Phone, language: str) -> None:
    answer = phone.say(NO_MORE_LIFE[language])
    assert "0800-0113" in text_of(answer)
    assert not choices_of(answer)


def test_a_greeting_is_opened_with_who_speaks_and_what_it_is_about(phone: Phone) -> None:
    answer = phone.say("goedemorgen")
    assert catalogue().text("conversation.open.computer", "nl") in text_of(answer)
    assert len(choices_of(answer)) == 6


def test_it_says_that_it_cannot_listen_with_numbers_in_text_and_sound(phone: Phone, fake: FakeMeta) -> None:
    asked = text_of(phone.say("ik kan mijn rekeningen niet betalen"))
    answer = text_of(phone.speak())
    assert answer.startswith(catalogue().text("whatsapp.voice", "nl"))
    assert "1. Ja\n2. Nee" in answer
    assert seconds_of_sound(phone) > 4, "the sentence, the question and its choices"
    validate(fake.to(phone.number, sound=True)[0])
    assert text_of(phone.say("2")) != asked
    assert not fake.fetched, "what nobody can hear is not fetched"


def test_before_any_word_all_languages_are_said_and_a_number_chooses(phone: Phone, fake: FakeMeta) -> None:
    answer = text_of(phone.speak())
    assert all(catalogue().text("whatsapp.voice", language) in answer for language in complete())
    assert seconds_of_sound(phone) > 15, "five languages"
    assert catalogue().text("conversation.open.computer", "tr") in text_of(phone.say("2"))


def test_where_meta_does_not_take_the_sound_the_text_has_gone(phone: Phone, fake: FakeMeta) -> None:
    phone.say("ik kan mijn rekeningen niet betalen")
    fake.refuse_media = True
    assert "1. Ja" in text_of(phone.speak())
    phone.say("1")
    fake.refuse_media = False
    assert not fake.to(phone.number, sound=True)
    assert len(fake.to(phone.number)) == 3


@pytest.mark.parametrize(
    ("kind", "part", "notice"),
    [
        ("image", {"id": "1"}, "picture"),
        ("document", {"id": "1", "filename": "brief.pdf"}, "picture"),
        ("location", {"latitude": 51.98, "longitude": 5.91}, "place"),
        ("contacts", [{"name": {"formatted_name": "X"}}], "other"),
        ("made_up_in_2031", {}, "other"),
    ],
)
def test_what_it_cannot_take_in_is_said_kindly(phone: Phone, kind: str, part: Any, notice: str) -> None:
    phone.say("ik kan mijn rekeningen niet betalen")
    phone.post([phone.message(kind, part)])
    assert text_of(phone.answer()).startswith(catalogue().text(f"whatsapp.{notice}", "nl"))


def test_a_location_with_a_postcode_in_its_address_asks_which_wijk_of_that_postcode(phone: Phone) -> None:
    for text in ("ik kan mijn rekeningen niet betalen", "nee", "nee"):
        phone.say(text)
    phone.post(
        [phone.message("location", {"latitude": 51.9, "longitude": 5.9, "address": "Klarendalseweg 1, 6822 AA Arnhem"})]
    )
    asked = choices_of(phone.answer())
    assert "Klarendal" in [row["title"] for _, row in asked]
    assert "/hulpkaart/" in text_of(phone.press(1))


def test_the_words_under_a_picture_are_heard(phone: Phone) -> None:
    phone.post([phone.message("image", {"id": "1", "caption": "ik kan mijn rekeningen niet betalen"})])
    answer = text_of(phone.answer())
    assert catalogue().text("whatsapp.picture", "nl") in answer
    assert catalogue().text("topics.geld.heard", "nl") in answer


def test_a_user_without_a_number_is_answered_by_the_users_id(phone: Phone, fake: FakeMeta) -> None:
    user = "NL.1349120865530274"
    phone.post([{**phone.text("ik heb schulden"), "from": None, "from_user_id": user}])
    (answer,) = fake.wait_for(1, user)
    assert (answer["recipient"], "to" in answer) == (user, False)


# How often, and in which order.


def test_a_message_is_heard_once_however_often_it_comes(phone: Phone, fake: FakeMeta) -> None:
    once = phone.text("ik kan mijn rekeningen niet betalen")
    with ThreadPoolExecutor(4) as pool:
        assert all(r.status_code == 200 for r in pool.map(phone.post, [[once]] * 4 + [[once, once]]))
    phone.answer()
    phone.post([once])
    assert "eten" in text_of(fake.to(phone.number)[0])
    phone.say("ja")
    assert len(fake.to(phone.number)) == 2


def test_what_waits_is_answered_in_the_order_in_which_it_was_sent(phone: Phone, fake: FakeMeta) -> None:
    now = int(time.time())
    texts = ("ik kan mijn rekeningen niet betalen", "nee", "nee", "Klarendal")
    rows = [phone.text(text, timestamp=str(now - 10 + n)) for n, text in enumerate(texts)]
    phone.post(rows[::-1])
    found = fake.wait_for(4, phone.number)
    assert "/hulpkaart/" in text_of(found[3])


@pytest.mark.parametrize(("age", "answered"), [(DAY - 600, True), (DAY + 600, False), (6 * DAY, False)])
def test_after_a_day_nothing_is_said_any_more(phone: Phone, fake: FakeMeta, age: int, answered: bool) -> None:
    phone.write("ik heb schulden", timestamp=str(int(time.time()) - age))
    other = Phone(phone.site, fake)
    other.say("ik heb schulden")
    if answered:
        phone.answer()
    assert bool(fake.to(phone.number)) is answered


def test_a_message_that_was_changed_is_heard_as_it_is_now_and_one_taken_back_is_not(
    phone: Phone, fake: FakeMeta
) -> None:
    """While an answer to somebody else is held up, so that both still wait."""
    held = Phone(phone.site, fake)
    fake.refuse = lambda payload: (503, 0) if not fake.tried > 1 else None
    fake.tried = 0
    held.write("ik heb schulden")
    wrong, gone = phone.text("ik ben zo alleen"), phone.text("ik heb schulden")
    first = phone.text("ik kan mijn rekeningen niet betalen")
    phone.post([first, wrong, gone])
    phone.post([
        phone.message("edit", {"original_message_id": wrong["id"], "message": {"type": "text", "text": {"body": "nee"}}}),
        phone.message("revoke", {"original_message_id": gone["id"]}),
    ])  # fmt: skip
    found = fake.wait_for(2, phone.number)
    time.sleep(0.3)
    assert len(fake.to(phone.number)) == len(found) == 2
    assert catalogue().text("topics.eenzaam.heard", "nl") not in text_of(found[1])


@needs_meta
def test_metas_own_examples_are_answered_once_each(server: Site, fake: FakeMeta) -> None:
    examples = meta("meta_webhook_examples_v23.json")
    before, stamp = len(fake.sent), str(int(time.time()))
    for example in examples.values():
        raw = json.loads(json.dumps(example))
        for found in raw["entry"][0]["changes"][0]["value"].get("messages", []):
            found["timestamp"] = stamp
        assert post(server.url, raw).status_code == 200
        assert post(server.url, raw).status_code == 200, "and again, as Meta does"
    many = len({seen.id for example in examples.values() for seen in split(example, time.time())})
    assert many == 9, "of the thirteen two ask for nothing, and some share their id"
    fake.wait_for(before + many)
    time.sleep(0.5)
    assert len(fake.sent) == before + many


# Meta refuses, is away, is slow.


@pytest.mark.parametrize("refusal", [(503, 0), (429, 130429), (500, 131000), (401, 190), (400, 131056)])
def test_nothing_is_lost_while_meta_takes_nothing(phone: Phone, fake: FakeMeta, refusal: tuple[int, int]) -> None:
    until = time.monotonic() + 0.5
    fake.refuse = lambda payload: refusal if time.monotonic() < until and payload.get("to") == phone.number else None
    assert phone.write("ik heb schulden").status_code == 200
    phone.answer()
    time.sleep(0.2)
    assert len(fake.to(phone.number)) == 1


@pytest.mark.parametrize("code", [131047, 131026, 131030])
def test_what_can_never_arrive_is_let_go_and_holds_up_nobody(phone: Phone, fake: FakeMeta, code: int) -> None:
    fake.refuse = lambda payload: (400, code) if payload.get("to") == phone.number else None
    phone.write("ik heb schulden")
    Phone(phone.site, fake).say("ik heb schulden")
    time.sleep(0.2)
    tried = fake.tried
    time.sleep(0.5)
    assert fake.tried == tried
    fake.refuse = lambda payload: None
    phone.say("ja")


def test_a_form_that_meta_refuses_is_sent_as_plain_text(phone: Phone, fake: FakeMeta) -> None:
    fake.refuse = lambda payload: (400, 131009) if payload["type"] == "interactive" else None
    answer = phone.say("ik kan mijn rekeningen niet betalen")
    fake.refuse = lambda payload: None
    assert answer["type"] == "text"
    assert "1. Ja" in text_of(answer)


# It does not start where it could not keep its promise.


@pytest.mark.parametrize(
    ("given", "because"),
    [
        ({"WHATSAPP_TOKEN": "a", "WHATSAPP_APP_SECRET": "b", "WHATSAPP_VERIFY_TOKEN": "c", "WHATSAPP_PHONE_NUMBER_ID": "d"}, "WhatsApp"),
        ({"DATABASE_URL": "postgresql+psycopg2://x/y"}, "SQLite"),
        ({"TRACKER_URL": "postgresql+psycopg2://x/y"}, "SQLite"),
        ({"REDIS_URL": "redis://x"}, "REDIS_URL"),
    ],
)  # fmt: skip
def test_without_a_secret_key_it_refuses_and_says_why(given: dict[str, str], because: str) -> None:
    environ = {f"DREMPELHULP_{name}": value for name, value in given.items()}
    with pytest.raises(SettingsError, match=rf"SECRET_KEY is not set.*{because}"):
        Settings(environ).require_secret()
    Settings({**environ, "DREMPELHULP_SECRET_KEY": "x"}).require_secret()


def test_alone_on_sqlite_no_secret_key_is_needed() -> None:
    Settings({}).require_secret()
    assert not Settings({}).whatsapp


def test_half_a_configuration_is_told() -> None:
    with pytest.raises(SettingsError, match=r"half configured.*WHATSAPP_APP_SECRET"):
        assert Settings({"DREMPELHULP_WHATSAPP_TOKEN": "x"}).whatsapp


def test_the_server_itself_refuses(fake: FakeMeta, tmp_path: Path) -> None:
    import os

    environ = {**os.environ, "DREMPELHULP_VAR": str(tmp_path), "DREMPELHULP_SECRET_KEY": ""}
    environ |= {f"DREMPELHULP_{name}": value for name, value in fake.settings().items()}
    ran = subprocess.run(
        [sys.executable, "-m", "bot", "serve"], cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60
    )
    assert ran.returncode == 2
    assert "SECRET_KEY is not set" in ran.stderr


def test_without_its_settings_the_channel_is_off(site: Site) -> None:
    assert httpx.get(site.url + PATH).status_code == 404
