"""What happens after Meta has its receipt, when something is away: it is tried again, never said twice, and ends after a day."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.channels.whatsapp.address import Address, Addresses
from bot.channels.whatsapp.courier import Courier
from bot.channels.whatsapp.fetching import Fetching
from bot.channels.whatsapp.graph import Graph
from bot.channels.whatsapp.inbound import SAID, Inbound
from bot.channels.whatsapp.limit import Flood, Verdict
from bot.channels.whatsapp.listener import Fetch
from bot.channels.whatsapp.reply import Answer
from bot.channels.whatsapp.trouble import CODES, NotSent, Trouble, refused
from bot.channels.whatsapp.waiting import DAY, Waiting
from bot.channels.whatsapp.worker import TRIES, Worker
from bot.engine.inbox import DONE, Inbox
from bot.engine.tables import open_engine
from bot.i18n.catalogue import catalogue
from bot.languages import complete
from bot.settings import Settings
from tests.conftest import Site, start_site
from tests.test_contract_http import NO_MORE_LIFE
from tests.test_whatsapp_inbox import Meta, row, states
from tests.whatsapp_fixtures import NUMBER_ID, TOKEN, FakeMeta, Phone, Refusal, text_of

NOW = time.time()
TO = Address(None, "316")


class Away(OSError):
    """A database that comes back."""


@pytest.fixture
def inbox(tmp_path: Path) -> Inbox:
    return Inbox(open_engine(f"sqlite:///{tmp_path}/x.db"))


class Dialogue:
    """Breaks down with these, one a turn; then it answers."""

    def __init__(self, *breaks: Exception, fetch: Fetch | None = None) -> None:
        self.breaks = list(breaks)
        self.turns = 0
        self.fetched: list[bytes | None] = []
        self._fetch = fetch

    async def prepare(self, row: Waiting, address: Address) -> dict[str, Any]:
        if self._fetch and json.loads(row.understanding)["media"]:
            self.fetched.append(await self._fetch(row, "1"))
        return {}

    async def answer(self, row: Waiting, address: Address, understanding: dict[str, Any]) -> Answer:
        self.turns += 1
        if self.breaks:
            raise self.breaks.pop(0)
        return Answer({"said": row.message}, {})

    def failed(self, address: Address) -> Answer:
        return Answer({"said": "failed"}, {})

    def forget(self) -> None:
        """Nothing is kept here."""


class Silence:
    async def say(self, address: Address, answer: Answer) -> None:
        """Nothing is spoken here."""


async def answered(inbox: Inbox, dialogue: Dialogue, *troubles: Trouble | None, sent: float = NOW) -> Meta:
    """What Meta got of one message of somebody, through all that breaks."""
    meta, addresses = Meta(inbox, *troubles), Addresses("secret")
    worker = Worker(inbox, addresses, dialogue, Courier(inbox, meta, pace=0), Silence(), (Away,), pace=0)
    sealed = addresses.close(Inbound("x", None, "316", sent, SAID))
    worker.add(inbox.take([Waiting("a", sent, json.dumps({}), sealed)]))
    async with asyncio_timeout(5):
        while states(inbox)["a"] != DONE:
            await asyncio.sleep(0.005)
    await worker.stop()
    return meta


class asyncio_timeout:
    """Ends a test that would wait for ever."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    async def __aenter__(self) -> None:
        task = asyncio.current_task()
        assert task
        self._handle = asyncio.get_running_loop().call_later(self._seconds, task.cancel)

    async def __aexit__(self, *_: object) -> None:
        self._handle.cancel()


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


# A danger is never made to wait.

DANGER = {"parse": {"intent": {"name": "crisis_zelfdoding"}}}
DOUBT = {"parse": {"doubt": "zelfdoding"}}


@dataclass(frozen=True)
class Said:
    """A row of one resident's. `heard`: whether it is text, and not a recording."""

    message: str
    what: dict[str, Any] = field(default_factory=dict)
    heard: bool = True


async def answers(
    inbox: Inbox, meta: Meta, dialogue: Dialogue, *requests: list[Said], courier: Courier | None = None, pace: float = 0
) -> Worker:
    """One resident's messages, request after request, each as soon as Meta was tried since the last; all answered."""
    addresses = Addresses("secret")
    worker = Worker(inbox, addresses, dialogue, courier or Courier(inbox, meta, pace=0), Silence(), (Away,), pace=pace)
    meta.inbox, sealed = inbox, addresses.close(Inbound("x", None, "316", NOW, SAID))
    for number, said in enumerate(requests):
        kept = [json.dumps({**one.what, "media": None if one.heard else "1"}) for one in said]
        rows = [Waiting(one.message, NOW + number, what, sealed) for one, what in zip(said, kept, strict=True)]
        tried = meta.tried + dialogue.turns
        worker.add(inbox.take(rows))
        while meta.tried + dialogue.turns == tried:
            await asyncio.sleep(0.001)
    while set(states(inbox).values()) != {DONE}:
        await asyncio.sleep(0.005)
    await worker.stop()
    return worker


@pytest.mark.parametrize("danger", [DANGER, DOUBT])
async def test_a_danger_goes_before_all_that_the_same_resident_wrote_earlier(
    inbox: Inbox, danger: dict[str, Any]
) -> None:
    meta = Meta(inbox)
    first = [Said(name) for name in ("a", "b", "c")]
    await answers(inbox, meta, Dialogue(), [*first, Said("first", danger), Said("second", danger), Said("d")])
    assert [one["said"] for one in meta.took] == ["first", "second", "a", "b", "c", "d"]


@pytest.mark.parametrize("refusal", [Trouble.TOO_FAST, Trouble.AWAY, Trouble.TOKEN])
async def test_what_meta_keeps_refusing_gives_its_place_to_a_danger_and_is_answered_after_it(
    inbox: Inbox, refusal: Trouble
) -> None:
    """At its real pace *too fast* would wait four seconds, then sixteen; the danger does not wait for that to end."""
    meta, dialogue = Meta(inbox, refusal), Dialogue()
    courier = Courier(inbox, meta, pace=1.0 if refusal is Trouble.TOO_FAST else 0.05)
    async with asyncio_timeout(3):
        await answers(inbox, meta, dialogue, [Said("a"), Said("b")], [Said("danger", DANGER)], courier=courier)
    assert [one["said"] for one in meta.took] == ["danger", "a", "b"]
    assert dialogue.turns == 3, "the turn of what gave its place up was not taken again"


async def test_a_turn_that_broke_and_rests_gives_its_place_to_a_danger(inbox: Inbox) -> None:
    meta, dialogue = Meta(inbox), Dialogue(Away())
    async with asyncio_timeout(3):
        await answers(inbox, meta, dialogue, [Said("a")], [Said("danger", DANGER)], pace=10)
    assert [one["said"] for one in meta.took] == ["danger", "a"]


async def test_what_may_have_arrived_does_not_give_its_place_up(inbox: Inbox) -> None:
    """It is brought once more and no more, so that must be counted to its end."""
    meta = Meta(inbox, Trouble.UNSURE, Trouble.AWAY, Trouble.UNSURE)
    courier = Courier(inbox, meta, pace=0.01)
    await answers(inbox, meta, Dialogue(), [Said("a")], [Said("danger", DANGER)], courier=courier)
    assert [one["said"] for one in meta.took] == ["danger"]
    assert meta.tried == 4


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


def test_every_code_has_one_meaning() -> None:
    assert set(CODES.values()) == {Trouble.AWAY, Trouble.TOKEN, Trouble.TOO_FAST, Trouble.NEVER, Trouble.MALFORMED}


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
    assert "".join(flood.verdict("x", NOW + moment).name[0] for moment in moments) == verdicts


def test_without_a_limit_there_is_none_and_with_one_its_memory_is_bounded() -> None:
    assert {Flood(None).verdict("x", NOW) for _ in range(999)} == {Verdict.ANSWERED}
    flood = Flood(2, keys=10)
    for n in range(1000):
        flood.verdict(str(n), NOW)
    assert len(flood._seen) == 10
    one = Flood(1000)
    for n in range(5000):
        one.verdict("x", NOW + n)
    assert len(one._seen["x"].moments) <= 121


@pytest.fixture(scope="module")
def narrow(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, FakeMeta]]:
    """A server that answers three messages a minute."""
    fake = FakeMeta()
    started = start_site(tmp_path_factory.mktemp("narrow"), RATE_PER_SESSION="3", **fake.settings())
    yield started, fake
    started.stop()
    fake.stop()


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
