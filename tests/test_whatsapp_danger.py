"""A danger is never made to wait: not for what the same resident wrote before it, not for a recording, not for anybody."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.channels.whatsapp.address import Address
from bot.channels.whatsapp.courier import Courier
from bot.channels.whatsapp.gate import Gate
from bot.channels.whatsapp.reply import Answer
from bot.channels.whatsapp.trouble import Trouble
from bot.channels.whatsapp.waiting import Waiting
from bot.engine.inbox import DONE, WAITING, Inbox
from tests import whatsapp_worker
from tests.whatsapp_worker import Away, Desk, Dialogue, Meta, Said, answers, asyncio_timeout, states

inbox = whatsapp_worker.inbox  # pytest finds a fixture by its name in the test's module
DANGER = {"parse": {"intent": {"name": "crisis_zelfdoding"}}}
DOUBT = {"parse": {"doubt": "zelfdoding"}}


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


# A recording takes its time.


class Recogniser:
    """Says nothing before it is told to."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.ended: list[str] = []
        self.told = asyncio.Event()

    async def fetch(self, row: Waiting, media: str) -> bytes | None:
        self.asked.append(media)
        try:
            await self.told.wait()
        except asyncio.CancelledError:
            self.ended.append(media)
            raise
        return b"sound"


@pytest.fixture
async def recogniser() -> Recogniser:
    return Recogniser()


@pytest.fixture
async def desk(inbox: Inbox, recogniser: Recogniser) -> Desk:
    """With a recording under way, and a text behind it."""
    found = Desk(inbox, Meta(inbox), Dialogue(fetch=recogniser.fetch))
    found.write(Said("recording", heard=False), Said("calm"))
    await found.until(lambda: recogniser.asked == ["recording"])
    return found


async def test_a_danger_does_not_wait_for_a_recording_which_is_heard_once_and_answered_after_it(
    desk: Desk, recogniser: Recogniser
) -> None:
    for number, danger in enumerate(("first", "second"), 1):
        desk.write(Said(danger, DANGER))
        await desk.until(lambda number=number: len(desk.said) == number)  # type: ignore[misc]
        assert states(desk.inbox)["recording"] == WAITING, "a crash loses nothing"
    recogniser.told.set()
    await desk.close()
    assert desk.said == ["first", "second", "recording", "calm"]
    assert recogniser.asked == ["recording"]
    assert desk.dialogue.fetched == [b"sound"]
    assert desk.dialogue.turns == 4


async def test_a_recording_that_was_recognised_while_the_danger_was_answered_is_next(
    desk: Desk, recogniser: Recogniser
) -> None:
    desk.meta.troubles = [Trouble.TOO_FAST] * 3
    desk.write(Said("danger", DANGER))
    recogniser.told.set()
    await desk.close()
    assert desk.said == ["danger", "recording", "calm"]


async def test_a_recording_whose_recognition_breaks_down_is_tried_again(inbox: Inbox) -> None:
    breaks: list[Exception] = [Away(), KeyError("x")]

    async def fetch(row: Waiting, media: str) -> bytes | None:
        if breaks:
            raise breaks.pop()
        return b"sound"

    desk = Desk(inbox, Meta(inbox), Dialogue(fetch=fetch))
    desk.write(Said("recording", heard=False))
    await desk.close()
    assert desk.said == ["recording"]


async def test_a_recording_that_is_taken_back_while_it_waits_is_heard_no_further(
    desk: Desk, recogniser: Recogniser
) -> None:
    desk.meta.troubles = [Trouble.AWAY] * 1_000_000
    desk.write(Said("danger", DANGER))
    await desk.until(lambda: desk.meta.tried > 3)
    desk.worker.withdraw("316", "recording")
    await desk.until(lambda: recogniser.ended == ["recording"])
    assert states(desk.inbox)["recording"] == DONE
    desk.meta.troubles = []
    await desk.close()
    assert desk.said == ["danger", "calm"]


async def test_a_stop_ends_what_listens_and_leaves_the_recording_to_the_next_start(
    desk: Desk, recogniser: Recogniser
) -> None:
    desk.write(Said("danger", DANGER))
    await desk.until(lambda: desk.said == ["danger"])
    await desk.worker.stop()
    assert recogniser.ended == ["recording"]
    assert states(desk.inbox) == {"recording": WAITING, "calm": WAITING, "danger": DONE}
    recogniser.told.set()
    after = Desk(desk.inbox, desk.meta, desk.dialogue)
    after.worker.begin()
    await after.close()
    assert after.said == ["danger", "recording", "calm"]


async def test_a_change_that_cannot_be_written_down_leaves_what_waits_where_it_is(
    desk: Desk, recogniser: Recogniser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Meta brings the change again, and then it is still there to be withdrawn."""
    with monkeypatch.context() as away:
        away.setattr(desk.inbox, "done", lambda message: (_ for _ in ()).throw(Away()))
        with pytest.raises(Away):
            desk.worker.withdraw("316", "calm")
    desk.worker.withdraw("316", "calm")
    recogniser.told.set()
    await desk.close()
    assert desk.said == ["recording"]


# An answer that is said aloud takes its time, too.


class Spoken(Dialogue):
    async def answer(self, row: Waiting, address: Address, understanding: dict[str, Any]) -> Answer:
        return Answer({"said": row.message}, {}, spoken=({"text": "x"},))


class Voice:
    """Never comes to an end."""

    def __init__(self) -> None:
        self.begun = self.ended = 0

    async def say(self, address: Address, answer: Answer) -> None:
        self.begun += 1
        try:
            await asyncio.Event().wait()
        finally:
            self.ended += 1


async def test_a_danger_does_not_wait_for_a_voice(inbox: Inbox) -> None:
    voice = Voice()
    desk = Desk(inbox, Meta(inbox), Spoken(), speaker=voice)
    desk.write(Said("a"))
    await desk.until(lambda: voice.begun == 1)
    desk.write(Said("danger", DANGER))
    await desk.until(lambda: desk.said == ["a", "danger"])
    assert (voice.begun, voice.ended) == (2, 1), "what was being said gave way; the number is said to its end"
    await desk.worker.stop()


class SpokenDanger(Spoken):
    """What is heard in each recording is a danger."""

    async def prepare(self, row: Waiting, address: Address) -> dict[str, Any]:
        await super().prepare(row, address)
        return DANGER


async def test_a_danger_that_was_spoken_is_answered_aloud_to_the_end(inbox: Inbox, recogniser: Recogniser) -> None:
    voice, dialogue = Voice(), SpokenDanger(fetch=recogniser.fetch)
    recogniser.told.set()
    desk = Desk(inbox, Meta(inbox), dialogue, speaker=voice)
    desk.write(Said("spoken", heard=False))
    await desk.until(lambda: voice.begun == 1)
    desk.write(Said("typed", DANGER))
    for _ in range(50):
        await asyncio.sleep(0)
    assert (desk.said, voice.ended) == (["spoken"], 0)
    await desk.worker.stop()


# Nor for other residents.


class Slow(Meta):
    """Takes one message each time that it is told to."""

    def __init__(self, inbox: Inbox) -> None:
        super().__init__(inbox)
        self.takes = asyncio.Semaphore(0)

    async def send(self, address: Address, payload: dict[str, Any]) -> None:
        self.tried += 1
        await self.takes.acquire()
        self.took.append(payload)


async def test_who_is_in_danger_goes_before_all_residents_who_wait(inbox: Inbox) -> None:
    meta, dialogue = Slow(inbox), Dialogue()
    desk = Desk(inbox, meta, dialogue)
    calm = [str(number) for number in range(9)]
    for who in calm:
        desk.write(Said(who), who=who)
    await desk.until(lambda: dialogue.turns == 9 and meta.tried == 1)
    desk.write(Said("danger", DANGER), who="8")
    await desk.until(lambda: dialogue.turns == 10)
    for _ in range(10):
        meta.takes.release()
    await desk.close()
    assert desk.said == ["0", "danger", *calm[1:]], "also before an answer to the same resident that waits to leave"
    assert dialogue.turns == 10


async def test_one_at_a_time_is_inside_and_who_goes_away_holds_up_nobody() -> None:
    gate, inside, order = Gate(), 0, []

    async def enter(name: str, danger: asyncio.Event | None) -> None:
        nonlocal inside
        async with gate.entered(danger) as let_in:
            inside += let_in
            assert inside <= 1
            order.append(name if let_in else f"{name} gave way")
            try:
                await asyncio.sleep(0.01)
            finally:
                inside -= let_in

    calm, overtaken = asyncio.Event(), asyncio.Event()
    first = asyncio.create_task(enter("first", calm))
    await asyncio.sleep(0.001)
    names = ("a", "b", "gone")
    waiting = [asyncio.create_task(enter(name, calm)) for name in names]
    waiting.append(asyncio.create_task(enter("c", overtaken)))
    await asyncio.sleep(0)
    waiting.append(asyncio.create_task(enter("danger", None)))
    await asyncio.sleep(0)
    waiting[2].cancel()
    overtaken.set()
    await first
    await asyncio.gather(*waiting, return_exceptions=True)
    assert order == ["first", "c gave way", "danger", "a", "b"]
    for ended in range(3):  # just before it is let in, just as it is, just after
        holds = asyncio.create_task(enter("holds", calm))
        await asyncio.sleep(0)
        leaves = asyncio.create_task(enter("leaves", calm))
        while not holds.done():
            await asyncio.sleep(0)
        for _ in range(ended):
            await asyncio.sleep(0)
        leaves.cancel()
        await asyncio.gather(leaves, return_exceptions=True)
        async with asyncio_timeout(1):
            await enter("last", calm)
