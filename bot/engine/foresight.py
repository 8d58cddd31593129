"""What comes next, asked of Rasa once: our rules see intents, actions and the form, so few cases exist.

What RulePolicy answers depends on the last states of the dialogue, as many as the longest rule is long, and on the form; it
finds out by replaying the conversation and comparing it with every rule, twice a prediction. Here the same question is asked of
it once, and only once of talks that no rule tells apart (`alike.py`). Where a rule looks at more (a slot, an entity, a text),
or beside it another policy has a say, nothing is remembered. `DREMPELHULP_STOCK_RASA=policy` switches the memory off;
tests/test_engine.py asks both the same.
"""

from __future__ import annotations

import copy
import json
from collections import deque
from collections.abc import Iterable
from typing import Any

from rasa.core.actions.action import Action
from rasa.core.policies.policy import Policy, PolicyPrediction
from rasa.core.policies.rule_policy import RULES, RULES_FOR_LOOP_UNHAPPY_PATH, RulePolicy
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    BotUttered,
    DefinePrevUserUtteredFeaturization,
    Event,
    LoopInterrupted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.engine.alike import Kind, alike, kinds_of
from bot.engine.tracker import copied

SEEN = {"user": {"intent"}, "prev_action": {"action_name"}, "active_loop": {"name"}}
"""All that a rule may look at for its answer to be remembered."""
MOST = 20_000
"""Answers that are remembered, and courses that a dialogue took in its last turns, about 1 KB each; ours are some hundreds."""
UNSEEN = (SlotSet, BotUttered)
OF_POLICIES = {LoopInterrupted, DefinePrevUserUtteredFeaturization}
"""The kinds of events that Rasa's policies and their ensemble give with an answer."""
Key = tuple[Any, ...]
Trace = tuple[Any, ...]
States = list[tuple[str | None, str | None, str | None]]


class Foreseen(PolicyPrediction):
    """An answer of Rasa's, with its confidence at hand; `again` for each turn, for its events go into a tracker."""

    max_confidence: float = 0.0

    @classmethod
    def of(cls, said: PolicyPrediction) -> Foreseen:
        foreseen = cls.__new__(cls)
        foreseen.__dict__.update(vars(said), max_confidence=said.max_confidence)
        return foreseen

    def again(self) -> Foreseen:
        another = Foreseen.__new__(Foreseen)
        another.__dict__.update(self.__dict__)
        another.events = [copied(event) for event in self.events]
        return another


class Foresight:
    """What Rasa answered in each case that has come up. `policy`: the only one that it asks."""

    def __init__(self, policy: RulePolicy, domain: Domain) -> None:
        rules = [policy.lookup[part] for part in (RULES, RULES_FOR_LOOP_UNHAPPY_PATH)]
        self._longest = _longest(rules, domain)
        self._kinds: dict[str, Kind] = kinds_of(rules)
        self._answers: dict[Key, tuple[Action, Foreseen]] = {}
        self._cases: dict[Trace, Key | None] = {}

    @classmethod
    def over(cls, parts: Iterable[Any], domain: Domain) -> Foresight | None:
        """None where not all that is said next comes from rules. `parts`: the components of a model."""
        policies = [part for part in parts if isinstance(part, Policy)]
        return cls(policies[0], domain) if [type(policy) for policy in policies] == [RulePolicy] else None

    def answer(self, key: Key) -> tuple[Action, Foreseen] | None:
        """What Rasa said in this case before."""
        known = self._answers.get(key)
        return (known[0], known[1].again()) if known else None

    def keep(self, key: Key, action: Action, said: PolicyPrediction) -> None:
        if not {type(event) for event in said.events} <= OF_POLICIES or said.is_end_to_end_prediction:
            return
        if len(self._answers) >= MOST:
            self._answers.clear()
        self._answers[key] = (action, Foreseen.of(said).again())

    def key(self, tracker: DialogueStateTracker) -> Key | None:
        """All that the answer depends on; None where that is more than is followed here."""
        if not self._longest or tracker.followup_action:
            return None
        intent = tracker.latest_message.intent.get("name") if tracker.latest_message else None
        trace = (intent, *_trace(tracker.events))
        if trace not in self._cases:
            if len(self._cases) >= MOST:
                self._cases.clear()
            self._cases[trace] = self._case(tracker, intent)
        case = self._cases[trace]
        loop = tracker.active_loop
        return case and (case, loop and (loop.name, loop.rejected, loop.is_interrupted), tracker.latest_action_name)

    def _case(self, tracker: DialogueStateTracker, intent: str | None) -> Key | None:
        """What the rules can see of a talk; read once for each course that a dialogue takes."""
        states = _states(tracker)
        if states is None:
            return None
        last = states[-self._longest :]
        heard = alike([intent, *(state[0] for state in last)], self._kinds)
        return (_refused(tracker), len(states) > self._longest, heard, *(state[1:] for state in last))


def _longest(lookup: list[dict[str, str]], domain: Domain) -> int:
    """States in the longest rule; 0 where a rule, or a slot of the domain, makes the answer depend on more."""
    rules = [json.loads(key) for part in lookup for key in part]
    plain = all(set(state[part]) <= SEEN.get(part, set()) for rule in rules for state in rule for part in state)
    slots_matter = any(slot.influence_conversation for slot in domain.slots)
    return max(map(len, rules)) if rules and plain and not slots_matter else 0


def _trace(events: Iterable[Event]) -> list[Any]:
    """What a rule may see of all that happened: each event's kind, and the name in it."""
    trace: list[Any] = []
    for event in events:
        kind = type(event)
        if kind is ActionExecuted:
            trace.append(event.action_name)
        elif kind is UserUttered:
            trace.append((kind, event.intent.get("name")))
        elif kind not in UNSEEN:
            trace.append((kind, *(value for value in vars(event).values() if isinstance(value, (str, bool)))))
    return trace


def _states(tracker: DialogueStateTracker) -> States | None:
    """(intent, action before, form) at each action, and now; as Rasa's `states_for_tracker_history`, without the replay."""
    intent = action = loop = None
    states = []
    for event in _applied(tracker):
        if isinstance(event, UserUttered):
            intent = event.intent_name
        elif isinstance(event, ActionExecuted):
            states.append((intent, action, loop))
            action = event.action_name
        elif isinstance(event, ActiveLoop):
            loop = event.name
        elif isinstance(event, DefinePrevUserUtteredFeaturization) and event.use_text_for_featurization:
            return None  # an end-to-end rule looked at the words
    return [*states, (intent, action, loop)]


def _applied(tracker: DialogueStateTracker) -> list[Event]:
    """Rasa's own reading of which events still hold, without those that no rule sees."""
    seen = copy.copy(tracker)
    seen.events = deque(event for event in tracker.events if type(event) not in UNSEEN)
    return seen.applied_events()


def _refused(tracker: DialogueStateTracker) -> str | None:
    """The action that refused to run, where that is the last thing that happened: then Rasa takes the next best."""
    for event in reversed(tracker.events):
        if type(event) is ActionExecutionRejected:
            return event.action_name
        if type(event) is ActionExecuted:
            break
    return None
