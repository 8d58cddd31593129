"""A voice message on its way to being heard: what goes before it meanwhile, and what a crash leaves of it."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.channels.whatsapp.listener import AT_ONCE, Recordings
from bot.channels.whatsapp.waiting import Waiting
from bot.i18n.catalogue import catalogue
from bot.languages import complete
from bot.voice.listening import Heard
from tests import whatsapp_fixtures
from tests.conftest import Site, start_site
from tests.test_contract_http import NO_MORE_LIFE
from tests.whatsapp_fixtures import MONEY, FakeMeta, Phone, Refusal, choices_of, text_of
from tests.whatsapp_worker import row

fake = whatsapp_fixtures.fake  # pytest finds a fixture by its name in the test's module
FOOD = "Nee, ik heb niets te eten."
SECRET = "Zwaanhildis Quackelbeen"
NUMBER = "0800-0113"
TOO_FAST = (400, 131056)
"""Meta's code for one resident who gets too much: it holds up nobody else."""
LISTENS = {"LISTENER": "tests.whatsapp_fixtures:HearsWhenTold", "SPEAKER": "none"}
"""What is said back aloud: tests/test_whatsapp_voice.py."""


class Recogniser:
    """The server's, by its files."""

    def __init__(self, var: Path) -> None:
        self._held, self._asked = var / "held", var / "asked"

    @property
    def asked(self) -> int:
        """How often, so far."""
        return self._asked.stat().st_size if self._asked.exists() else 0

    def hold(self) -> None:
        self._held.touch()

    def tell(self) -> None:
        self._held.unlink(missing_ok=True)


def until(so: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not so():
        assert time.monotonic() < end, "it never was"
        time.sleep(0.01)


def sending(var: Path) -> int:
    """How many answers are on their way; what a crash leaves so may have arrived, and is let go."""
    with closing(sqlite3.connect(var / "conversations.db")) as database:
        many: int = database.execute("select count(*) from whatsapp_inbox where state = 'sending'").fetchone()[0]
        return many


def kind_of(answer: dict[str, Any]) -> str:
    """What an answer is: a number in a crisis, a question whether it was heard well, or anything else."""
    if NUMBER in text_of(answer):
        return "number"
    return "asked" if any(reply["id"].startswith("!y") for _, reply in choices_of(answer)) else "else"


@pytest.fixture(scope="module")
def site(model: Path, fake: FakeMeta, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    started = start_site(tmp_path_factory.mktemp("recordings"), **fake.settings(), **LISTENS)
    yield started
    started.stop()


@pytest.fixture
def recogniser(site: Site) -> Iterator[Recogniser]:
    """One that waits to be told."""
    found = Recogniser(site.var)
    found.hold()
    yield found
    found.tell()


@pytest.fixture
def phone(site: Site, fake: FakeMeta) -> Phone:
    return Phone.known(site.url, fake)


def is_asked(recogniser: Recogniser, phone: Phone, recording: bytes) -> dict[str, Any]:
    """Sends a recording, and waits until it is being recognised."""
    before, sent = recogniser.asked, phone.recorded(recording)
    phone.post([sent])
    until(lambda: recogniser.asked == before + 1)
    return sent


@pytest.mark.parametrize("language", complete())
def test_a_danger_typed_while_a_recording_is_recognised_is_answered_at_once(
    phone: Phone, fake: FakeMeta, recogniser: Recogniser, language: str
) -> None:
    """Then the recording, which is heard once, and then what was typed before the danger."""
    sent = is_asked(recogniser, phone, f"0.9|{FOOD}".encode())
    phone.write("ik ben zo alleen")
    asked = recogniser.asked
    assert kind_of(phone.say(NO_MORE_LIFE[language])) == "number"
    assert kind_of(phone.say(NO_MORE_LIFE[language])) == "number", "and each that comes"
    phone.post([sent])  # as Meta repeats
    recogniser.tell()
    assert [kind_of(phone.answer()) for _ in range(2)] == ["asked", "else"]
    assert recogniser.asked == asked
    phone.say("ja")
    assert len(fake.to(phone.number)) == phone.heard == 6


def test_a_danger_typed_while_meta_does_not_give_the_recording_is_answered_at_once(
    phone: Phone, fake: FakeMeta
) -> None:
    sent = phone.recorded(f"0.9|{FOOD}".encode())
    media = sent["audio"]["id"]
    fake.withheld[media] = 503
    phone.post([sent])
    until(lambda: media in fake.fetched)
    assert kind_of(phone.say(NO_MORE_LIFE["nl"])) == "number"
    del fake.withheld[media]
    assert kind_of(phone.answer()) == "asked"


def test_a_danger_that_was_spoken_is_answered_after_one_that_was_typed(phone: Phone, recogniser: Recogniser) -> None:
    is_asked(recogniser, phone, f"0.9|{NO_MORE_LIFE['nl']}".encode())
    assert kind_of(phone.say(NO_MORE_LIFE["nl"])) == "number"
    recogniser.tell()
    assert kind_of(phone.answer()) == "number"


def test_what_was_heard_is_asked_anew_where_a_danger_came_before_the_question_left(
    phone: Phone, fake: FakeMeta
) -> None:
    """The danger lets go of what waits for a yes; a question whose yes is void would have lost what was said."""
    gone_out: list[bool] = []

    def refuse(payload: dict[str, Any]) -> Refusal | None:
        if NUMBER in str(payload):
            gone_out.append(True)
        return None if gone_out or payload.get("to") != phone.number else TOO_FAST

    fake.refuse, tried = refuse, fake.tried
    phone.post([phone.recorded(f"0.9|{FOOD}".encode())])
    until(lambda: fake.tried > tried)
    phone.write(NO_MORE_LIFE["nl"])
    assert [kind_of(phone.answer()) for _ in range(2)] == ["number", "asked"]
    fake.refuse = lambda payload: None
    assert not text_of(phone.press(1)).startswith(catalogue().text("voice.unclear", "nl"))


def test_a_recording_is_not_heard_in_a_language_that_was_chosen_since_and_nobody_listens_to(
    phone: Phone, recogniser: Recogniser
) -> None:
    asked = recogniser.asked
    stamp = str(int(time.time()))
    phone.post([phone.text("liever in het Turks", timestamp=stamp), phone.recorded(b"0.9|ja", timestamp=stamp)])
    phone.answer()
    assert text_of(phone.answer()).startswith(catalogue().text("whatsapp.voice", "tr"))
    assert recogniser.asked == asked


@pytest.mark.parametrize("status", [403, 404])
def test_a_recording_that_is_gone_holds_up_nobody(phone: Phone, fake: FakeMeta, site: Site, status: int) -> None:
    """Its address is given, and there is nothing at it: it is asked for once, and what was written behind it is heard."""
    sent = phone.recorded(b"")
    media = sent["audio"]["id"]
    fake.withheld[media] = status
    phone.post([sent])
    phone.write("ik ben zo alleen")
    assert text_of(phone.answer()).startswith(catalogue().text("voice.unclear", "nl"))
    other = Phone(phone.site, fake)
    other.say(MONEY)
    assert text_of(phone.answer()) == text_of(other.say("ik ben zo alleen"))
    assert fake.fetched.count(media) == 1
    assert "Meta refuses our access" not in site.log.read_text()


def test_the_language_is_asked_first_and_nothing_is_fetched_before(site: Site, fake: FakeMeta) -> None:
    phone = Phone(site.url, fake)
    before = len(fake.fetched)
    answer = text_of(phone.speak())
    assert catalogue().text("whatsapp.which", "nl") in answer
    assert catalogue().text("whatsapp.voice", "pap") in answer, "nobody listens in this language"
    assert len(fake.fetched) == before
    phone.say("1")
    assert len(choices_of(phone.speak(b"0.9|ik heb schulden"))) == 2


def test_in_a_language_that_nobody_hears_it_says_so(site: Site, fake: FakeMeta) -> None:
    phone = Phone(site.url, fake)
    phone.say("faturalarımı ödeyemiyorum")
    assert text_of(phone.speak()).startswith(catalogue().text("whatsapp.voice", "tr"))


async def test_only_a_few_recordings_are_in_memory_at_once_however_many_residents_speak() -> None:
    inside = most = 0

    async def fetch(row: Waiting, media: str) -> bytes | None:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        return b"sound"

    class Hears:
        def hears(self, language: str) -> bool:
            return True

        async def hear(self, audio: bytes, language: str) -> Heard | None:
            nonlocal inside
            await asyncio.sleep(0)
            inside -= 1
            return Heard("ja")

        async def stop(self) -> None:
            """Nothing runs."""

    recordings = Recordings(Hears(), fetch)
    words = await asyncio.gather(*(recordings.words(row(str(n)), "1", "nl") for n in range(10 * AT_ONCE)))
    assert words == ["ja"] * 10 * AT_ONCE
    assert most == AT_ONCE


# A crash in the middle.


@pytest.fixture(scope="module")
def crashed(site: Site, fake: FakeMeta) -> dict[str, Phone]:
    """Killed while a recording is recognised and its danger was answered; while a danger waits for Meta; after "klopt dat?"."""
    recogniser = Recogniser(site.var)
    phones = {name: Phone(site.url, fake) for name in ("recognised", "refused", "asked")}
    for phone in phones.values():
        phone.say(MONEY)
    asked = phones["asked"].speak(f"0.9|nee, ik ben {SECRET}".encode())
    assert SECRET in text_of(asked)
    recogniser.hold()
    for name in ("recognised", "refused"):
        is_asked(recogniser, phones[name], f"0.9|{FOOD} {SECRET}".encode())
    assert kind_of(phones["recognised"].say(NO_MORE_LIFE["nl"])) == "number"
    refused, tried = phones["refused"].number, fake.tried
    fake.refuse = lambda payload: TOO_FAST if payload.get("to") == refused else None
    phones["refused"].write(NO_MORE_LIFE["nl"])
    until(lambda: fake.tried > tried and not sending(site.var))
    site.process.kill()
    site.process.wait(10)
    kept = [path.read_bytes() for path in site.var.rglob("*") if path.is_file() and "models" not in path.parts]
    assert not any(SECRET.split()[0].lower() in file.decode("latin-1").lower() for file in kept), (
        "nothing that was said"
    )
    fake.refuse = lambda payload: None
    recogniser.tell()
    vars(site).update(vars(start_site(site.var, **fake.settings(), **LISTENS)))
    for phone in phones.values():
        phone.site = site.url
    return phones


def test_a_crash_loses_no_recording_and_answers_no_danger_twice(crashed: dict[str, Phone], fake: FakeMeta) -> None:
    phone = crashed["recognised"]
    assert kind_of(phone.answer()) == "asked"
    phone.press(1)
    assert [kind_of(one) for one in fake.to(phone.number)] == ["else", "number", "asked", "else"]


def test_a_danger_that_a_crash_left_is_answered_before_the_recording(crashed: dict[str, Phone], fake: FakeMeta) -> None:
    phone = crashed["refused"]
    assert [kind_of(phone.answer()) for _ in range(2)] == ["number", "asked"]
    phone.say("ja")
    assert len(fake.to(phone.number)) == 4


def test_after_a_crash_a_yes_to_what_was_asked_before_it_is_asked_again(crashed: dict[str, Phone]) -> None:
    """What was heard is nowhere but in memory."""
    assert text_of(crashed["asked"].press(1)).startswith(catalogue().text("voice.unclear", "nl"))
