"""The engine: no TensorFlow, events that hold ids, actions inside, one message at a time, the same understanding both ways."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.events import BotUttered, SlotSet, UserUttered

from bot.engine.actions_inside import check_once_compiled
from bot.engine.events import kept, restored
from bot.engine.lock_store import TurnLockStore
from bot.engine.tracker_store import store_of
from tests.conftest import ROOT
from tests.talk import Talk

NOT_LOADED = "assert not [name for name in sys.modules if name.split('.')[0] in ('tensorflow', 'keras', 'jax')]"


@pytest.mark.parametrize(
    "what", ["import rasa.core.agent, bot.engine.server", "import rasa.model_training, bot.engine.importer"]
)
def test_neither_serving_nor_training_loads_tensorflow(what: str) -> None:
    subprocess.run([sys.executable, "-c", f"import sys\n{what}\n{NOT_LOADED}"], cwd=ROOT, check=True)


def test_training_itself_loads_no_tensorflow(model: Path, tmp_path: Path) -> None:
    """A whole training in a folder of its own; what the material taught is taken from the shared folder."""
    learned = tmp_path / "models"
    learned.mkdir()
    for folder in (ROOT / "var" / "models").glob("understanding-*"):
        (learned / folder.name).symlink_to(folder)
    script = (
        "import sys\nfrom pathlib import Path\nfrom bot.engine.train import trained\n"
        f"print(trained(Path({str(tmp_path)!r})))\n{NOT_LOADED}"
    )
    import os

    environ = {**os.environ, "DREMPELHULP_VAR": str(tmp_path)}
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=environ, check=True, capture_output=True)
    assert list(learned.glob("drempelhulp-*.tar.gz"))


def test_a_typed_word_does_not_survive_the_store() -> None:
    event = UserUttered(
        "ik heet Zwaanhildis", intent={"name": "hulp_geld", "confidence": 0.9}, metadata={"x": "geheim"}
    )
    row = json.dumps(kept(event))
    assert "Zwaanhildis" not in row
    assert "geheim" not in row
    again = restored(json.loads(row))
    assert isinstance(again, UserUttered)
    assert again.intent_name == "hulp_geld"


def test_what_we_said_is_not_kept_and_slots_are() -> None:
    assert kept(BotUttered("hallo")) is None
    row = kept(SlotSet("topics", ["geld"]))
    assert row is not None
    again = restored(row)
    assert isinstance(again, SlotSet)
    assert (again.key, again.value) == ("topics", ["geld"])


async def test_a_conversation_goes_on_from_its_rows_as_from_memory(agent: Any) -> None:
    """Another process, or this one after a restart, has only the rows."""
    remembered, reread = Talk(agent, "nl"), Talk(agent, "nl")
    for talk in (remembered, reread):
        await talk.begin()
        for text in ("ik kan mijn rekeningen niet betalen", "ja", "nee"):
            if talk is reread:
                store_of(agent)._live.clear()
            await talk.say(text)
    store_of(agent)._live.clear()
    await reread.say("Klarendal")
    await remembered.say("Klarendal")
    assert reread.text == remembered.text
    assert [r["id"] for r in reread.routes] == [r["id"] for r in remembered.routes]


async def test_no_word_stays_in_memory_after_the_turn(agent: Any) -> None:
    talk = Talk(agent, "nl")
    await talk.begin()
    await talk.say("ik heet Zwaanhildis en ik heb schulden")
    tracker = await store_of(agent).retrieve(talk.sender)
    assert "Zwaanhildis" not in json.dumps(tracker.current_state(_all()), default=str)


def _all() -> Any:
    from rasa.shared.core.trackers import EventVerbosity

    return EventVerbosity.ALL


async def test_only_new_events_are_appended(agent: Any) -> None:
    talk = Talk(agent, "nl")
    await talk.begin()
    conversations = store_of(agent).conversations
    lengths = []
    for text in ("ik heb schulden", "ja", "nee"):
        await talk.say(text)
        lengths.append(conversations.length(talk.sender))
        assert len(conversations.rows(talk.sender)) == lengths[-1]
    assert lengths == sorted(set(lengths))


def test_a_wrong_action_result_is_still_refused() -> None:
    check_once_compiled()
    action = RemoteAction("action_x", None)
    assert action._validate_action_result({"events": [], "responses": []})
    with pytest.raises(Exception, match="object"):
        action._validate_action_result({"responses": ["text"]})


async def test_messages_of_one_resident_wait_for_each_other_and_others_do_not() -> None:
    locks, order = TurnLockStore(), []

    async def turn(who: str, name: str, seconds: float) -> None:
        async with locks.lock(who):
            order.append(f"{name} begins")
            await asyncio.sleep(seconds)
            order.append(f"{name} ends")

    await asyncio.gather(turn("a", "first", 0.05), turn("a", "second", 0), turn("b", "other", 0))
    assert order.index("first ends") < order.index("second begins")
    assert order.index("other ends") < order.index("first ends")


async def test_rasas_graph_understands_as_the_command_line_does(agent: Any) -> None:
    from rasa.core.channels.channel import UserMessage

    from bot.nlu.local import understanding_for
    from bot.nlu.store import learned
    from bot.paths import NLU
    from bot.settings import Settings

    settings = Settings()
    straight = understanding_for(learned(NLU, settings.var / "models"), settings.gemeente)
    for text in (
        "ik heb schulden",
        "Klarendal'da oturuyorum",
        "nie chcę już żyć",
        "6822 AB",
        "asdf",
        "mi no tin kuminda",
    ):
        by_graph = await agent.processor.parse_message(UserMessage(text))
        plain = straight.of(text)
        for key in ("intent", "intent_ranking", "entities", "language", "drempels", "topics"):
            assert by_graph[key] == plain[key], (text, key)
