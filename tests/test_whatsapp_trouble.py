"""What happens after Meta has its receipt, when something is away: it is tried again, never said twice, and ends after a day."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from bot.channels.whatsapp.answering import TRIES
from bot.channels.whatsapp.courier import Courier
from bot.channels.whatsapp.fetching import Fetching
from bot.channels.whatsapp.graph import Graph
from bot.channels.whatsapp.hearing import Hearing
from bot.channels.whatsapp.inbound import Inbound
from bot.channels.whatsapp.limit import Flood, Verdict
from bot.channels.whatsapp.trouble import CODES, NotSent, Trouble, refused
from bot.channels.whatsapp.waiting import DAY
from bot.channels.whatsapp.webhook import Channel
from bot.engine.inbox import DONE, Inbox
from bot.i18n.catalogue import catalogue
from bot.languages import complete
from bot.settings import Settings
from tests import whatsapp_fixtures, whatsapp_worker
from tests.conftest import Site, start_site
from tests.test_contract_http import NO_MORE_LIFE
from tests.whatsapp_fixtures import NUMBER_ID, TOKEN, FakeMeta, Phone, Refusal, envelope, text_of
from tests.whatsapp_worker import (
    NOW,
    TO,
    Away,
    Desk,
    Dialogue,
    Meta,
    Said,
    answered,
    answers,
    asyncio_timeout,
    row,
    states,
)

# pytest finds a fixture by its name in the test's module.
fake, inbox = whatsapp_fixtures.fake, whatsapp_worker.inbox


async def test_a_database_that_is_away_costs_no_answer_however_often(inbox: Inbox) -> None:
    dialogue = Dialogue(*[Away()] * 30)
    assert (await answered(inbox, dialogue)).took == [{"said": "a"}]
    assert dialogue.turns == 31


async def test_a_turn_that_always_breaks_says_a_number_instead(inbox: Inbox) -> None:
    dialogue = Dialogue(*[KeyError("x")] * 99)
    assert (await answered(inbox, dialogue)).took == [{"said": "failed"}]
    assert dialogue.turns == TRIES


async def test_what_was_sent_is_not_sent_again_because_it_cannot_be_written_down(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    done, fails = inbox.done, [Away()] * 7
    monkeypatch.setattr(inbox, "done", lambda message: (_ for _ in ()).throw(fails.pop()) if fails else done(message))
    assert (await answered(inbox, Dialogue())).took == [{"said": "a"}]
    assert not fails


async def test_after_a_day_it_ends_and_the_row_is_empty(inbox: Inbox) -> None:
    almost = time.time() - DAY + 0.3
    meta = await answered(inbox, Dialogue(), *[Trouble.AWAY] * 100_000, sent=almost)
    assert not meta.took
    assert meta.tried > 1
    with inbox._engine.connect() as connection:
        (kept,) = connection.exec_driver_sql("select understanding, address from whatsapp_inbox").all()
    assert tuple(kept) == (None, None)


async def test_the_next_message_of_somebody_is_answered_after_one_that_broke(inbox: Inbox) -> None:
    assert (await answered(inbox, Dialogue(KeyError("x")))).took == [{"said": "a"}]


async def test_a_recording_is_fetched_as_soon_as_meta_gives_it(inbox: Inbox) -> None:
    meta = Meta(inbox, Trouble.AWAY, Trouble.TOKEN, Trouble.UNSURE)
    assert await Fetching(meta, pace=0).fetch(row("a"), "1") == b"sound"
    assert meta.renewed
    assert await Fetching(Meta(inbox, Trouble.NEVER), pace=0).fetch(row("a"), "1") is None
    assert await Fetching(meta, pace=0).fetch(row("a", NOW - DAY - 1), "1") is None


@pytest.mark.parametrize("trouble", [Trouble.AWAY, Trouble.TOKEN, Trouble.TOO_FAST, Trouble.UNSURE])
async def test_a_recording_that_meta_keeps_is_given_up_and_what_was_written_behind_it_is_answered(
    inbox: Inbox, trouble: Trouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.whatsapp.fetching.SECONDS", 0.2)
    fetching, meta = Fetching(Meta(inbox, *[trouble] * 1_000_000), pace=0.01), Meta(inbox)
    dialogue = Dialogue(fetch=fetching.fetch)
    async with asyncio_timeout(5):
        worker = await answers(inbox, meta, dialogue, [Said("a", heard=False), Said("b")])
    assert meta.took == [{"said": "a"}, {"said": "b"}]
    assert dialogue.fetched == [None]
    assert worker.trouble is None, "answers leave: it is no alarm that a recording does not come"


# What Meta's codes mean.


@pytest.mark.parametrize(
    ("status", "error", "trouble"),
    [
        (401, {"code": 190}, Trouble.TOKEN), (400, {"code": 190}, Trouble.TOKEN), (403, {"code": 10}, Trouble.TOKEN),
        (400, {"code": 100, "error_subcode": 33}, Trouble.TOKEN), (404, {}, Trouble.TOKEN), (400, {"code": 131042}, Trouble.TOKEN),
        (429, {"code": 130429}, Trouble.AWAY), (429, {}, Trouble.AWAY), (400, {"code": 131056}, Trouble.TOO_FAST),
        (500, {"code": 131000}, Trouble.AWAY), (503, {}, Trouble.AWAY), (400, {"code": 4}, Trouble.AWAY),
        (400, {"code": 131047}, Trouble.NEVER), (400, {"code": 131026}, Trouble.NEVER), (400, {"code": 131049}, Trouble.NEVER),
        (400, {"code": 100}, Trouble.MALFORMED), (400, {"code": 131009}, Trouble.MALFORMED), (400, {"code": 999_999}, Trouble.MALFORMED),
        (400, {"code": "190"}, Trouble.MALFORMED), (500, "x", Trouble.AWAY), (400, None, Trouble.MALFORMED),
    ],
)  # fmt: skip
def test_what_a_refusal_means(status: int, error: Any, trouble: Trouble) -> None:
    assert refused(status, {"error": error}).trouble is trouble
    assert refused(status, [error]).trouble is refused(status, {}).trouble


def test_a_trouble_that_lasts_is_said_once_with_what_to_do_and_without_anybody(
    caplog: pytest.LogCaptureFixture,
) -> None:
    from bot.channels.whatsapp.alarm import Alarm

    alarm = Alarm()
    with caplog.at_level(logging.WARNING):
        for _ in range(50):
            alarm.raised(NotSent(Trouble.TOKEN, 190))
        assert alarm.trouble is Trouble.TOKEN
        alarm.over()
    assert [record.levelname for record in caplog.records] == ["ERROR", "WARNING"]
    assert "code 190" in caplog.text
    assert "DREMPELHULP_WHATSAPP_TOKEN" in caplog.text
    assert alarm.trouble is None


async def test_a_new_token_counts_at_once(inbox: Inbox) -> None:
    fake = FakeMeta(token="the new one")
    given = {"TOKEN": TOKEN, "PHONE_NUMBER_ID": NUMBER_ID, "API_URL": fake.url}
    settings = [Settings({f"DREMPELHULP_WHATSAPP_{k}": v for k, v in {**given, "TOKEN": token}.items()})
                for token in (TOKEN, TOKEN, "the new one")]  # fmt: skip
    graph = Graph(settings.pop(0), lambda: settings.pop(0) if len(settings) > 1 else settings[0])
    inbox.take([row("a")])
    await Courier(inbox, graph, pace=0).deliver(row("a"), TO, {"type": "text", "text": {"body": "x"}}, {})
    await graph.close()
    fake.stop()
    assert len(fake.sent) == 1
    assert states(inbox) == {"a": DONE}


async def test_a_token_out_of_a_file_with_its_line_end_is_taken() -> None:
    """As no header may have one, each answer would have been given up."""
    fake = FakeMeta()
    given = {"TOKEN": f"{TOKEN}\n", "PHONE_NUMBER_ID": NUMBER_ID, "API_URL": fake.url}
    settings = Settings({f"DREMPELHULP_WHATSAPP_{name}": value for name, value in given.items()})
    graph = Graph(settings, lambda: settings)
    for _ in range(2):
        await graph.send(TO, {"type": "text", "text": {"body": "x"}})
        graph.renew()
    await graph.close()
    fake.stop()
    assert len(fake.sent) == 2


def test_every_code_has_one_meaning() -> None:
    assert set(CODES.values()) == {Trouble.AWAY, Trouble.TOKEN, Trouble.TOO_FAST, Trouble.NEVER, Trouble.MALFORMED}


# What we break down at ourselves, before Meta has its receipt.


class BreaksAt(Hearing):
    """Understands nothing of one message."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def understand(self, message: Inbound) -> dict[str, Any]:
        if message.text == "breaks":
            raise self._error
        return {"media": None}


def channel(inbox: Inbox, error: Exception) -> tuple[Channel, Desk]:
    desk = Desk(inbox, Meta(inbox), Dialogue())
    return Channel(NUMBER_ID, inbox, desk.addresses, BreaksAt(error), desk.worker, Flood(None)), desk


def batch() -> dict[str, Any]:
    phones = [Phone("", cast(Any, None)) for _ in range(3)]
    return envelope([phone.text(text) for phone, text in zip(phones, ("a", "breaks", "b"), strict=True)])


@pytest.mark.parametrize("error", [KeyError("x"), AssertionError(), RuntimeError(), RecursionError(), ValueError()])
async def test_one_message_at_which_we_break_down_keeps_none_beside_it_from_being_taken(
    inbox: Inbox, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    taken, desk = channel(inbox, error)
    await taken.take(batch())
    await desk.close()
    assert len(desk.said) == 3
    assert f"a message was not understood: {type(error).__name__}" in caplog.text


async def test_where_a_database_is_away_nothing_is_taken_and_meta_comes_again(inbox: Inbox) -> None:
    taken, desk = channel(inbox, Away())
    with pytest.raises(Away):
        await taken.take(batch())
    assert states(inbox) == {}
    await desk.worker.stop()


# Who writes too much.


@pytest.mark.parametrize(
    ("moments", "verdicts"),
    [
        ((0, 1, 2), "AAT"), ((0, 1, 2, 3, 4), "AATLL"), ((0, 1, 60, 61), "AAAA"), ((0, 1, 2, 61, 62, 63), "AATAAT"),
        ((100, 0, 50, 99), "AAAA"), ((10, 9, 8, 11), "AAAT"), ((0, 3600, 7200), "AAA"),
    ],
)  # fmt: skip
def test_two_a_minute(moments: tuple[int, ...], verdicts: str) -> None:
    flood = Flood(2)
    messages = [(str(number), NOW + moment) for number, moment in enumerate(moments)]
    assert "".join(flood.verdict("x", *message).name[0] for message in messages) == verdicts


def test_what_meta_brings_again_is_counted_once() -> None:
    """A message that could not be kept, for its database was away, comes again, and again."""
    flood = Flood(2)
    messages = [("a", NOW), ("b", NOW), ("c", NOW + 1), ("d", NOW + 1)]
    for _ in range(9):
        assert "".join(flood.verdict("x", *message).name[0] for message in messages) == "AATL"


def test_without_a_limit_there_is_none_and_with_one_its_memory_is_bounded() -> None:
    assert {Flood(None).verdict("x", str(n), NOW) for n in range(999)} == {Verdict.ANSWERED}
    flood = Flood(2, keys=10)
    for n in range(1000):
        flood.verdict(str(n), "a", NOW)
    assert len(flood._seen) == 10
    one = Flood(1000)
    for n in range(5000):
        one.verdict("x", str(n), NOW + n)
    assert len(one._seen["x"].moments) <= 121


@pytest.fixture(scope="module")
def narrow(model: Path, fake: FakeMeta, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, FakeMeta]]:
    """A server that answers three messages a minute."""
    started = start_site(tmp_path_factory.mktemp("narrow"), RATE_PER_SESSION="3", **fake.settings())
    yield started, fake
    started.stop()


def test_who_writes_too_much_is_told_once_and_nobody_else_is_touched(narrow: tuple[Site, FakeMeta]) -> None:
    site, fake = narrow
    phone, other = Phone(site.url, fake), Phone(site.url, fake)
    stamp = str(int(time.time()))
    rows = [phone.text("ja", timestamp=stamp) for _ in range(7)]
    for one in rows:
        phone.post([one])
    other.say("ik heb schulden")
    found = fake.wait_for(4, phone.number)
    phone.post(rows)  # as Meta repeats
    other.say("ja")
    assert len(fake.to(phone.number)) == len(found)
    assert [text_of(one).startswith(catalogue().text("whatsapp.fast", "nl")) for one in found] == [False] * 3 + [True]


@pytest.mark.parametrize("language", complete())
def test_a_crisis_never_waits_for_a_minute_to_end(narrow: tuple[Site, FakeMeta], language: str) -> None:
    """Nor for what was written before it, to which Meta refuses every answer until the number has gone out."""
    site, fake = narrow
    phone = Phone(site.url, fake)
    gone_out: list[bool] = []

    def refuse(payload: dict[str, Any]) -> Refusal | None:
        if "0800-0113" in str(payload):
            gone_out.append(True)
        return None if gone_out else (400, 131056)

    fake.refuse = refuse
    stamp = str(int(time.time()))
    phone.post([phone.text("ja", timestamp=stamp) for _ in range(6)])
    phone.post([phone.text(NO_MORE_LIFE[language], timestamp=stamp)])
    found = fake.wait_for(5, phone.number)
    fake.refuse = lambda payload: None
    assert ["0800-0113" in text_of(one) for one in found] == [True] + [False] * 4


def test_an_edit_that_is_one_too_many_takes_nothing_away(narrow: tuple[Site, FakeMeta]) -> None:
    """While an answer to somebody else is held up, so that what is edited still waits."""
    site, fake = narrow
    held, phone = Phone(site.url, fake), Phone(site.url, fake)
    open_again = threading.Event()
    fake.refuse = lambda payload: None if open_again.is_set() else (503, 0)
    held.write("ik heb schulden")
    stamp = str(int(time.time()))
    rows = [phone.text("ik kan mijn rekeningen niet betalen", timestamp=stamp) for _ in range(3)]
    change = {"original_message_id": rows[2]["id"], "message": {"type": "text", "text": {"body": "ik ben zo alleen"}}}
    for one in (*rows, phone.message("edit", change, timestamp=stamp), phone.message("edit", change, timestamp=stamp)):
        phone.post([one])
    open_again.set()
    found = fake.wait_for(4, phone.number)
    fake.refuse = lambda payload: None
    assert [text_of(one).startswith(catalogue().text("whatsapp.fast", "nl")) for one in found] == [False] * 3 + [True]


def test_an_ended_token_is_in_the_log_and_what_waits_is_answered_when_it_is_mended(
    narrow: tuple[Site, FakeMeta],
) -> None:
    site, fake = narrow
    phone = Phone(site.url, fake)
    fake.token = "another"
    phone.write("ik ben Zwaanhildis, ik heb schulden")
    until = time.monotonic() + 10
    while "Meta refuses our access (code 190)" not in (log := site.log.read_text()) and time.monotonic() < until:
        time.sleep(0.05)
    assert log.count("Meta refuses our access (code 190)") == 1
    fake.token = TOKEN
    assert phone.answer()
    assert "Zwaanhildis" not in log
    assert phone.number not in log
    until = time.monotonic() + 5
    while "answers leave again" not in site.log.read_text():
        assert time.monotonic() < until


def test_a_chat_that_is_closed_says_so_here_too_and_a_crisis_gets_its_number(narrow: tuple[Site, FakeMeta]) -> None:
    site, fake = narrow
    (site.var / "closed").touch()
    try:
        closed = text_of(Phone(site.url, fake).say("ik heb schulden"))
        danger = text_of(Phone(site.url, fake).say(NO_MORE_LIFE["nl"]))
    finally:
        (site.var / "closed").unlink()
    assert closed[:20] == catalogue().text("conversation.closed", "nl", phone="")[:20]
    assert "0800-0113" in danger
    assert "computer" in text_of(Phone(site.url, fake).say("ik heb schulden"))
