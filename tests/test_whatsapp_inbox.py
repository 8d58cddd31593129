"""The inbox on the databases that it runs on, and the courier where Meta is slow, away, or nobody knows."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from pathlib import Path

import pytest

from bot.channels.whatsapp.address import Address, Addresses
from bot.channels.whatsapp.courier import Courier
from bot.channels.whatsapp.graph import Graph
from bot.channels.whatsapp.inbound import SAID, Inbound
from bot.channels.whatsapp.trouble import NotSent, Trouble
from bot.channels.whatsapp.waiting import DAY
from bot.engine.inbox import DONE, INBOX, SENDING, WAITING, Inbox
from bot.engine.tables import open_engine
from bot.sealing import Sealed
from bot.settings import Settings
from tests.whatsapp_fixtures import NUMBER_ID, TOKEN
from tests.whatsapp_worker import NOW, TO, Meta, row, states


@pytest.fixture(params=["sqlite", "postgresql"])
def inbox(request: pytest.FixtureRequest, tmp_path: Path) -> Inbox:
    url = f"sqlite:///{tmp_path}/x.db" if request.param == "sqlite" else request.getfixturevalue("postgres")
    found = Inbox(open_engine(url))
    with found._engine.begin() as connection:
        connection.execute(INBOX.delete())
    return found


def test_a_message_is_taken_once(inbox: Inbox) -> None:
    assert inbox.new(["a", "b"]) == {"a", "b"}
    assert inbox.take([row("a"), row("b"), row("a")]) == [row("a"), row("b")]
    assert inbox.take([row("a"), row("c")]) == [row("c")]
    assert inbox.new(["a", "d"]) == {"d"}


def test_what_waits_comes_in_the_order_in_which_it_was_sent_and_what_was_half_sent_is_let_go(inbox: Inbox) -> None:
    inbox.take([row("late", NOW), row("early", NOW - 9), row("same", NOW), row("half", NOW), row("done", NOW)])
    inbox.sending("half")
    inbox.done("done")
    assert [one.message for one in inbox.waiting()] == ["early", "late", "same"]
    assert states(inbox) == {"late": WAITING, "early": WAITING, "same": WAITING, "half": DONE, "done": DONE}
    inbox.sending("late")
    inbox.back("late")
    assert [one.message for one in inbox.waiting()] == ["early", "late", "same"]


def test_a_danger_that_was_half_sent_at_a_crash_waits_again(inbox: Inbox) -> None:
    """Nobody knows whether the number arrived: rather twice than never."""
    danger = json.dumps({"kind": "said", "parse": {"intent": {"name": "crisis_zelfdoding"}}})
    doubt = json.dumps({"kind": "said", "parse": {"intent": {"name": "hulp_geld"}, "doubt": "geweld"}})
    inbox.take([row("calm"), replace(row("danger"), understanding=danger), replace(row("doubt"), understanding=doubt)])
    for name in ("calm", "danger", "doubt"):
        inbox.sending(name)
    assert {one.message for one in inbox.waiting()} == {"danger", "doubt"}
    assert states(inbox) == {"calm": DONE, "danger": WAITING, "doubt": WAITING}


def test_what_is_answered_keeps_nothing_but_its_id_and_that_for_eight_days(inbox: Inbox) -> None:
    inbox.take([row("a"), row("b", NOW - DAY - 1), row("c", NOW - 8 * DAY - 1)])
    inbox.done("a")
    inbox.forget(NOW)
    assert states(inbox) == {"a": DONE, "b": DONE}
    with inbox._engine.connect() as connection:
        assert all(found.understanding is found.address is None for found in connection.execute(INBOX.select()))


@pytest.mark.parametrize(
    ("troubles", "took", "tried"),
    [
        ((), 1, 1),
        ((Trouble.AWAY,) * 4, 1, 5),
        ((Trouble.TOKEN, Trouble.AWAY, Trouble.TOO_FAST), 1, 4),
        ((Trouble.NEVER,), 0, 1),
        ((Trouble.MALFORMED,), 1, 2),
        ((Trouble.MALFORMED, Trouble.MALFORMED), 0, 2),
        ((Trouble.UNSURE,), 1, 2),
        ((Trouble.UNSURE, Trouble.AWAY, Trouble.UNSURE), 0, 3),
    ],
)
async def test_what_each_trouble_means(inbox: Inbox, troubles: tuple[Trouble, ...], took: int, tried: int) -> None:
    inbox.take([row("a")])
    meta = Meta(inbox, *troubles)
    await Courier(inbox, meta, pace=0).deliver(row("a"), TO, {"as": "buttons"}, {"as": "text"})
    assert (len(meta.took), meta.tried) == (took, tried)
    assert set(meta.state_while_sending) == {SENDING}
    assert states(inbox) == {"a": DONE}
    if Trouble.MALFORMED in troubles and took:
        assert meta.took == [{"as": "text"}]


async def test_what_is_too_late_is_not_tried(inbox: Inbox) -> None:
    inbox.take([row("a", NOW - DAY - 1)])
    meta = Meta(inbox)
    await Courier(inbox, meta, pace=0).deliver(row("a", NOW - DAY - 1), TO, {}, {})
    assert meta.tried == 0
    assert states(inbox) == {"a": DONE}


async def test_while_meta_is_away_what_waits_is_waiting_on_disk(inbox: Inbox) -> None:
    """A crash in an hour of waiting loses nothing."""
    inbox.take([row("a")])
    meta = Meta(inbox, *[Trouble.AWAY] * 999)
    task = asyncio.create_task(Courier(inbox, meta, pace=1).deliver(row("a"), TO, {}, {}))
    await asyncio.sleep(0.1)
    assert states(inbox) == {"a": WAITING}
    task.cancel()


async def test_a_meta_that_never_answers_leaves_us_unsure_and_one_that_is_not_there_does_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def swallow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(10_000)
        await asyncio.sleep(30)

    monkeypatch.setattr("bot.channels.whatsapp.graph.SECONDS", 0.3)
    server = await asyncio.start_server(swallow, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    graph = _graph(port)
    with pytest.raises(NotSent) as hangs:
        await graph.send(TO, {})
    assert hangs.value.trouble is Trouble.UNSURE
    assert not await graph.there()
    server.close()
    with pytest.raises(NotSent) as gone:
        await graph.send(TO, {})
    assert gone.value.trouble is Trouble.AWAY
    await graph.close()


def _graph(port: int) -> Graph:
    given = {"TOKEN": TOKEN, "PHONE_NUMBER_ID": NUMBER_ID, "API_URL": f"http://127.0.0.1:{port}"}
    return Graph(Settings({f"DREMPELHULP_WHATSAPP_{name}": value for name, value in given.items()}))


def test_an_address_opens_only_under_its_own_key_and_an_id_does_not_show_the_number() -> None:
    message = Inbound("wamid.HBgLMTY1MDM4Nzk0MzkVAgASGBQ=", None, "16505551234", NOW, SAID)
    ours, others = Addresses("one"), Addresses("two")
    sealed = ours.close(message)
    assert ours.open(sealed) == Address(None, "16505551234")
    assert "16505551234" not in sealed
    with pytest.raises(Sealed):
        others.open(sealed)
    assert ours.mark("316", message.id) == ours.mark("316", message.id) != others.mark("316", message.id)
    assert ours.mark("316", message.id) != ours.mark("317", message.id), "one id is never two residents' message"
    assert len(ours.mark("316", message.id)) == 32
