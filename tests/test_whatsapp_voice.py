"""Voice messages on WhatsApp: heard where somebody listens, answered with a voice message too, and never kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.channels.whatsapp.address import Address
from bot.channels.whatsapp.gist import YES
from bot.channels.whatsapp.reply import UNCLEAR, Reply
from bot.channels.whatsapp.talk import Talk
from bot.channels.whatsapp.unconfirmed import LIFE, Unconfirmed
from bot.channels.whatsapp.waiting import Waiting
from bot.i18n.catalogue import catalogue
from tests import whatsapp_fixtures
from tests.conftest import Site, start_site
from tests.test_contract_http import NO_MORE_LIFE
from tests.whatsapp_fixtures import MONEY, FakeMeta, Phone, choices_of, seconds_of_sound, text_of

LISTENS = {"LISTENER": "tests.voice_fixtures:HearsItsOwnBytes"}
"""Its recordings are their own transcripts, `sure|words`; it knows Dutch."""
fake = whatsapp_fixtures.fake  # pytest finds a fixture by its name in the test's module


@pytest.fixture(scope="module")
def listening(model: Path, fake: FakeMeta, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    started = start_site(tmp_path_factory.mktemp("listening"), **fake.settings(), **LISTENS)
    yield started
    started.stop()


@pytest.fixture
def phone(listening: Site, fake: FakeMeta) -> Phone:
    return Phone.known(listening.url, fake)


def test_what_was_heard_is_asked_back_and_counts_with_a_yes(phone: Phone, fake: FakeMeta, listening: Site) -> None:
    asked = phone.speak(b"0.9|Nee, ik heb niets te eten.")
    assert text_of(asked) == catalogue().text("voice.heard", "nl", heard="Nee, ik heb niets te eten")
    assert [row["title"] for _, row in choices_of(asked)] == [
        catalogue().text("voice.right", "nl"), catalogue().text("voice.wrong", "nl")
    ]  # fmt: skip
    assert seconds_of_sound(phone) > 2
    assert not list(listening.var.glob("sound/*")), "a resident's words are in it: it is not kept"
    typed = Phone(phone.site, fake)
    typed.say(MONEY)
    assert text_of(phone.press(1)) == text_of(typed.say("Nee, ik heb niets te eten."))
    assert seconds_of_sound(phone, 2) > 2, "who speaks is answered by voice, also after the yes"
    assert list(listening.var.glob("sound/*")), "words of ours are kept"


@pytest.mark.parametrize(
    ("said", "yes"), [("ja", True), ("1", True), ("Ja, klopt", True), ("nee", False), ("2", False)]
)
def test_the_answer_can_be_typed(phone: Phone, said: str, yes: bool) -> None:
    phone.speak(b"0.9|nee")
    answer = text_of(phone.say(said))
    assert answer.startswith(catalogue().text("voice.unclear", "nl")) is not yes


def test_who_says_something_else_is_heard_in_that(phone: Phone, fake: FakeMeta) -> None:
    phone.speak(b"0.9|nee")
    answer = text_of(phone.say("ik ben zo alleen"))
    other = Phone(phone.site, fake)
    other.say(MONEY)
    assert answer == text_of(other.say("ik ben zo alleen"))


def test_a_yes_counts_once(phone: Phone, fake: FakeMeta) -> None:
    phone.speak(b"0.9|nee")
    kind, row = choices_of(fake.to(phone.number)[-1])[0]
    phone.press(1)
    phone.post([phone.message("interactive", {"type": kind, kind: row})])
    assert text_of(phone.answer()).startswith(catalogue().text("voice.unclear", "nl"))


def test_who_does_not_want_to_live_is_not_asked_whether_that_was_heard_well(phone: Phone) -> None:
    answer = phone.speak(f"0.9|{NO_MORE_LIFE['nl']}".encode())
    assert "0800-0113" in text_of(answer)
    assert not choices_of(answer)
    assert seconds_of_sound(phone) > 2


@pytest.mark.parametrize(
    "recording", [b"0.2|iets", b"0.9|", None, b"\xff: a recogniser that breaks", b"0.9|" + b"x" * 1_600_000]
)
def test_what_cannot_be_made_out_is_told_with_the_question_and_numbers(phone: Phone, recording: bytes | None) -> None:
    answer = text_of(phone.speak(recording))
    assert answer.startswith(catalogue().text("voice.unclear", "nl"))
    assert "1. Ja\n2. Nee" in answer
    assert seconds_of_sound(phone) > 3


def test_what_waits_for_a_yes_is_bounded_and_a_newer_one_makes_an_older_void() -> None:
    waits, said = Unconfirmed(most=2), {"kind": "said", "gist": {"words": 4}}
    for who in "abcde":
        old, _ = waits.keep(who, {"kind": "said", "who": who})
        new, _ = waits.keep(who, {"kind": "said", "who": who})
    assert len(waits._heard) == 2
    confirm = {"kind": "confirm", "yes": True}
    assert waits.settled("e", {**confirm, "key": old[2:]})["name"] == UNCLEAR
    assert waits.settled("d", said) is said, "who says something else is heard in that"
    for _ in range(2):
        assert waits.settled("e", {**confirm, "key": new[2:]})["who"] == "e", "until its turn was taken"
    waits.let_go("e")
    assert waits.settled("e", {**confirm, "key": new[2:]})["name"] == UNCLEAR


def test_after_a_day_a_yes_is_none_to_what_was_heard_and_nothing_of_it_is_left() -> None:
    now = 0.0
    waits = Unconfirmed(clock=lambda: now)
    yes, _ = waits.keep("a", {"kind": "said", "who": "a"})
    pressed = {"kind": "confirm", "yes": True, "key": yes[2:]}
    typed = {"kind": "said", "gist": {"words": 1, "answer": YES}}
    now = LIFE.total_seconds() - 1
    assert waits.settled("a", pressed) == waits.settled("a", typed) == {"kind": "said", "who": "a"}
    now += 1
    assert waits.settled("a", typed) is typed
    assert waits.settled("a", pressed)["name"] == UNCLEAR
    waits.keep("b", {"kind": "said"})
    now += LIFE.total_seconds()
    waits.forget()
    assert not waits._heard


class BreaksOnce(Talk):
    """A conversation whose first turn breaks down, and which keeps what it was given."""

    def __init__(self) -> None:
        known = SimpleNamespace(texts=catalogue(), pseudonym=str, slots=lambda _: {})
        switch = SimpleNamespace(closed=lambda *_: None)
        super().__init__(None, cast(Any, known), cast(Any, None), cast(Any, None), cast(Any, switch), "")
        self.turns: list[dict[str, Any]] = []

    async def _reply(self, understanding: dict[str, Any], who: str, sender: str, mark: str) -> Reply:
        self.turns.append(understanding)
        if len(self.turns) == 1:
            raise OSError
        return Reply("x", "nl")


async def test_a_yes_counts_also_where_its_turn_breaks_down_once() -> None:
    talk, heard = BreaksOnce(), {"kind": "said", "gist": {"words": 3}}
    yes, _ = talk._unconfirmed.keep("316", heard)
    pressed = {"kind": "confirm", "yes": True, "key": yes[2:]}
    given = Waiting("a", 0, "{}", ""), Address(None, "316"), pressed
    with pytest.raises(OSError):
        await talk.answer(*given)
    await talk.answer(*given)
    assert talk.turns == [heard, heard]
    await talk.answer(*given)
    assert talk.turns[-1]["name"] == UNCLEAR, "it was taken"


def test_whatever_is_sent_after_it_lets_it_go(phone: Phone, fake: FakeMeta) -> None:
    """A picture is no answer to "klopt dat?", and a yes after it is one to the question that it repeats."""
    phone.speak(b"0.9|nee")
    kind, row = choices_of(fake.to(phone.number)[-1])[0]
    phone.post([phone.message("image", {"id": "1"})])
    phone.answer()
    phone.post([phone.message("interactive", {"type": kind, kind: row})])
    assert text_of(phone.answer()).startswith(catalogue().text("voice.unclear", "nl"))
