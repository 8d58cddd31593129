"""Rasa's RulePolicy, which remembers what it said: our rules see intents, actions and the form, so few cases exist.

What RulePolicy answers depends on the last states of the dialogue, as many as the longest rule is long, and on the form; it
finds out by replaying the conversation and comparing it with every rule, twice a prediction. Here the same question is asked of
it once, and only once of talks that no rule tells apart (`alike.py`). Where a rule looks at more (a slot, an entity, a text),
nothing is remembered. `DREMPELHULP_STOCK_RASA=policy` switches the memory off; tests/test_engine.py asks both the same.
"""

from __future__ import annotations

import copy
import json
from collections import deque
from typing import Any

from rasa.core.policies.policy import PolicyPrediction
from rasa.core.policies.rule_policy import RULES, RULES_FOR_LOOP_UNHAPPY_PATH, RulePolicy
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
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
from bot.settings import Settings

SEEN = {"user": {"intent"}, "prev_action": {"action_name"}, "active_loop": {"name"}}
"""All that a rule may look at for its answer to be remembered."""
MOST = 20_000
"""Answers that are remembered, and courses that a dialogue took in its last turns, about 1 KB each; ours are some hundreds."""
UNSEEN = (SlotSet, BotUttered)
Key = tuple[Any, ...]
Trace = tuple[tuple[type[Event], Any], ...]
States = list[tuple[str | None, str | None, str | None]]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True)
class RememberingRulePolicy(RulePolicy):
    """Asks RulePolicy each question once."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._remembered: dict[Key, PolicyPrediction] = {}
        self._longest: int | None = None
        self._kinds: dict[str, Kind] = {}
        self._seen: dict[Trace, States | None] = {}
        self._off = "policy" in Settings().stock_rasa

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        key = None if self._off else self._key(tracker, domain)
        if key is None:
            return super().predict_action_probabilities(tracker, domain, rule_only_data, **kwargs)
        if key not in self._remembered:
            if len(self._remembered) >= MOST:
                self._remembered.clear()
            asked = super().predict_action_probabilities(tracker, domain, rule_only_data, **kwargs)
            self._remembered[key] = asked
        return _again(self._remembered[key])

    def _key(self, tracker: DialogueStateTracker, domain: Domain) -> Key | None:
        """All that the answer depends on; None where that is more than is followed here."""
        if self._longest is None:
            self._longest = self._length_of_longest_rule(domain)
            self._kinds = kinds_of(self.lookup[part] for part in (RULES, RULES_FOR_LOOP_UNHAPPY_PATH))
        states = self._states(tracker) if self._longest else None
        if states is None:
            return None
        loop = (tracker.active_loop_name, tracker.is_active_loop_rejected)
        intent = tracker.latest_message.intent.get("name") if tracker.latest_message else None
        last = states[-self._longest :]
        begun = len(states) > self._longest
        heard = alike([intent, *(state[0] for state in last)], self._kinds)
        return (*loop, tracker.latest_action_name, begun, heard, *(state[1:] for state in last))

    def _states(self, tracker: DialogueStateTracker) -> States | None:
        """Read once for each course that a dialogue takes."""
        trace = _trace(tracker)
        if trace not in self._seen:
            if len(self._seen) >= MOST:
                self._seen.clear()
            self._seen[trace] = _states(tracker)
        return self._seen[trace]

    def _length_of_longest_rule(self, domain: Domain) -> int:
        """0 where a rule, or a slot of the domain, makes the answer depend on more."""
        rules = [json.loads(key) for part in (RULES, RULES_FOR_LOOP_UNHAPPY_PATH) for key in self.lookup[part]]
        states = [state for rule in rules for state in rule]
        plain = all(set(state[part]) <= SEEN.get(part, set()) for state in states for part in state)
        return (
            max(map(len, rules)) if rules and plain and not any(s.influence_conversation for s in domain.slots) else 0
        )


def _trace(tracker: DialogueStateTracker) -> Trace:
    """What a rule may see of all that happened: each event's kind, and the name in it."""
    return tuple((type(event), _named(event)) for event in tracker.events if type(event) not in UNSEEN)


def _named(event: Event) -> Any:
    if type(event) is UserUttered:
        return event.intent_name
    if type(event) is ActionExecuted:
        return event.action_name
    return tuple(value for value in vars(event).values() if isinstance(value, (str, bool)))


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


def _again(prediction: PolicyPrediction) -> PolicyPrediction:
    """A prediction of its own: Rasa's ensemble writes into what it gets."""
    return PolicyPrediction(
        list(prediction.probabilities),
        prediction.policy_name,
        prediction.policy_priority,
        [LoopInterrupted(True) for _ in prediction.events],  # the only kind that RulePolicy gives
        is_end_to_end_prediction=prediction.is_end_to_end_prediction,
        is_no_user_prediction=prediction.is_no_user_prediction,
        hide_rule_turn=prediction.hide_rule_turn,
    )
