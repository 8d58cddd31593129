"""The engine: no TensorFlow, events that hold ids, actions inside, one message at a time, the same understanding both ways."""

from __future__ import annotations

import ast
import asyncio
import inspect
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from rasa.core.actions.action import RemoteAction
from rasa.core.policies.rule_policy import RULES, RULES_FOR_LOOP_UNHAPPY_PATH
from rasa.shared.core.events import BotUttered, SlotSet, UserUttered

from bench.turns.talks import situations, words_of
from bot.engine.actions_inside import check_once_compiled
from bot.engine.alike import alike, kinds_of
from bot.engine.events import kept, recent, restored
from bot.engine.foresight import Foresight
from bot.engine.graph import InOrder
from bot.engine.lock_store import TurnLockStore
from bot.engine.log_copies import COPY_FOR_THEIR_LOG
from bot.engine.processor import TurnProcessor
from bot.engine.tracker import LiveTracker
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
    from rasa.core.processor import MessageProcessor

    from bot.nlu.local import understanding_for
    from bot.nlu.store import learned
    from bot.paths import NLU
    from bot.settings import Settings

    settings = Settings()
    assert agent.processor.hears is not None, "our config has one understanding, and it is asked straight"
    straight = understanding_for(learned(NLU, settings.var / "models"), settings.gemeente)
    for text in (
        "ik heb schulden",
        "Klarendal'da oturuyorum",
        "nie chcę już żyć",
        "6822 AB",
        "asdf",
        "mi no tin kuminda",
    ):
        quick = await agent.processor.parse_message(UserMessage(text))
        by_graph = await MessageProcessor.parse_message(agent.processor, UserMessage(text))
        plain = straight.of(text)
        assert by_graph == quick == {key: value for key, value in plain.items() if value is not None}


PARTS = "graph,actions,policy,tracker,logs,processor,modules"


def _talks(environ: dict[str, str]) -> list[dict[str, Any]]:
    command = [sys.executable, "-m", "tests.stock_talks", "30"]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **environ}, check=True, stdout=subprocess.PIPE)
    found: list[dict[str, Any]] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_whole_talks_are_the_same_with_rasas_own_parts(model: Path, tmp_path: Path) -> None:
    """Every message, what is known at the end, and what is counted: quick parts and Rasa's own give the same."""
    both = []
    for name, left in (("quick", ""), ("stock", PARTS)):
        var = tmp_path / name
        var.mkdir()
        (var / "models").symlink_to(ROOT / "var" / "models")
        both.append(_talks({"DREMPELHULP_VAR": str(var), "DREMPELHULP_STOCK_RASA": left}))
    quick, stock = both
    assert len(quick) >= 30
    for one, other in zip(quick, stock, strict=True):
        assert one == other


async def test_the_graph_gives_in_order_what_it_gives_under_dask(agent: Any) -> None:
    from rasa.core.channels.channel import UserMessage
    from rasa.engine.runner.dask import DaskGraphRunner
    from rasa.shared.core.trackers import DialogueStateTracker

    quick = agent.processor.graph_runner
    assert isinstance(quick, InOrder)
    stock = DaskGraphRunner.__new__(DaskGraphRunner)
    stock._graph_schema, stock._instantiated_nodes = quick._schema, quick._nodes
    stock._execution_context = None
    target = agent.processor.model_metadata.nlu_target
    for text in ("ik heb schulden", "/session_start", "nie chcę już żyć", "…"):
        inputs = {"__message__": [UserMessage(text)], "__tracker__": DialogueStateTracker("x", agent.domain.slots)}
        (one,), (other,) = (runner.run(inputs, [target])[target] for runner in (quick, stock))
        assert one.as_dict() == other.as_dict()


async def test_what_is_foreseen_is_what_rasa_says_each_time(agent: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from rasa.core.processor import MessageProcessor

    asked: list[bool] = []
    foreseen = TurnProcessor.predict_next_with_tracker_if_should

    def both(self: TurnProcessor, tracker: Any) -> Any:
        followed = tracker.followup_action  # Rasa forgets it as it looks
        asked.append(bool(followed) or self.foresight.key(tracker) is not None)
        action, quick = foreseen(self, tracker)
        tracker.followup_action = followed
        same, stock = MessageProcessor.predict_next_with_tracker_if_should(self, tracker)
        assert action is same
        for name in ("probabilities", "max_confidence", "events", "policy_name", "hide_rule_turn", "action_metadata"):
            assert getattr(quick, name) == getattr(stock, name), name
        assert not {id(event) for event in quick.events} & seen
        seen.update(map(id, quick.events))
        kept_alive.extend(quick.events)
        return action, quick

    seen: set[int] = set()
    kept_alive: list[Any] = []
    monkeypatch.setattr(TurnProcessor, "predict_next_with_tracker_if_should", both)
    for language, turns in situations(("nl", "tr"))[::8]:
        talk = Talk(agent, language)
        await talk.begin()
        for turn in turns:
            await talk.say(words_of(turn, talk.messages))
    assert len(asked) > 50
    assert all(asked), "every one of our cases can be foreseen"
    assert len(kept_alive) > 50, "events of their own, each time"


async def test_where_another_policy_has_a_say_nothing_is_foreseen(agent: Any) -> None:
    from rasa.core.policies.memoization import MemoizationPolicy

    parts = agent.processor.graph_runner.components(agent.processor.model_metadata.core_target)
    assert Foresight.over(parts, agent.domain) is not None
    assert Foresight.over([*parts, MemoizationPolicy.__new__(MemoizationPolicy)], agent.domain) is None


async def test_intents_that_are_alike_may_change_places_in_every_rule(agent: Any) -> None:
    """Then no talk with the one is answered otherwise than the same talk with the other."""
    (node,) = (node for name, node in agent.processor.graph_runner._nodes.items() if "RulePolicy" in name)
    rules = [node._component.lookup[part] for part in (RULES, RULES_FOR_LOOP_UNHAPPY_PATH)]
    kinds = kinds_of(rules)
    pairs = [(one, other) for one in kinds for other in kinds if one < other and kinds[one] == kinds[other]]
    assert ("hulp_eten", "hulp_geld") in pairs
    assert ("crisis_geweld", "hulp_geld") not in pairs
    for one, other in pairs:
        for part in rules:
            assert {_changed(states, one, other): action for states, action in part.items()} == part, (one, other)
    mixed = ["hulp_geld", "hulp_eten", "hulp_geld", "stop", None]
    assert alike(mixed, kinds) == alike(["hulp_taal", "hulp_werk", "hulp_taal", "stop", None], kinds)
    assert alike(mixed, kinds) != alike(["hulp_taal", "hulp_taal", "hulp_taal", "stop", None], kinds)


def _changed(states: str, one: str, other: str) -> str:
    return states.replace(f'"{one}"', "*").replace(f'"{other}"', f'"{one}"').replace("*", f'"{other}"')


async def test_a_long_talk_takes_no_more_memory_than_a_short_one(agent: Any) -> None:
    talk = Talk(agent, "nl")
    await talk.begin()
    sizes = []
    for _ in range(20):
        await talk.say("wat kun je")
        await talk.say("ik heb schulden")
        tracker = await store_of(agent).retrieve(talk.sender)
        sizes.append(len(tracker.events))
    assert max(sizes) <= len(tracker.slots) + 20, "each slot once, and what happened in two turns"


async def test_a_copied_tracker_is_one_of_its_own_and_says_the_same(agent: Any) -> None:
    talk = Talk(agent, "nl")
    await talk.begin()
    await talk.say("ik heb schulden")
    tracker = await store_of(agent).retrieve(talk.sender)
    assert isinstance(tracker, LiveTracker)
    copied, replayed = tracker.copy(), tracker.travel_back_in_time(float("inf"))
    for one in (copied, replayed):
        assert one.current_slot_values() == tracker.current_slot_values()
        assert one.active_loop_name == tracker.active_loop_name == "help_form"
        assert one.latest_action_name == tracker.latest_action_name == "action_listen"
    copied.update(SlotSet("topic", "eten"))
    copied.active_loop.rejected = True
    assert tracker.get_slot("topic") == "geld"
    assert not tracker.active_loop.rejected


def test_each_slot_is_kept_once_and_a_new_session_begins_empty() -> None:
    from rasa.shared.core.events import SessionStarted

    sets = [SlotSet("topic", "geld"), SlotSet("topic", "eten")]
    assert recent(sets) == [sets[1]]
    assert recent([SlotSet("place", "known"), SessionStarted(), *sets]) == [sets[1]]


def test_what_copies_nothing_for_the_log_copied_for_the_log_alone() -> None:
    """In these modules of Rasa `copy` stands nowhere but inside a debug line."""
    for module in COPY_FOR_THEIR_LOG:
        tree = ast.parse(inspect.getsource(module))
        logged = [call for call in ast.walk(tree) if isinstance(call, ast.Call) and _name(call.func).endswith(".debug")]
        inside = {id(node) for call in logged for node in ast.walk(call)}
        used = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id == "copy"]
        assert used
        assert all(id(node) in inside for node in used), module.__name__


def _name(node: ast.expr) -> str:
    return ast.unparse(node)


LEFT_OUT = """
import sys
from bot.engine.unused import LeftOut, leave_out_what_is_unused
from bot.settings import Settings
leave_out_what_is_unused(Settings({}))
import bot.engine.server, bot.engine.train
from rasa.core.channels import BUILTIN_CHANNELS
from rasa.core.channels.slack import SlackInput
assert "rest" in BUILTIN_CHANNELS, "Rasa's own are there"
assert not {"aiogram", "slack_sdk", "twilio", "matplotlib.figure"} & set(sys.modules)
try:
    SlackInput("a token")
except LeftOut as error:
    print(error)
"""


def test_what_is_never_used_is_not_loaded_and_says_so_when_it_is_used() -> None:
    done = subprocess.run([sys.executable, "-c", LEFT_OUT], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip().startswith("rasa.core.channels.slack.SlackInput is not loaded by this server")
