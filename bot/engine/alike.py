"""Intents that no rule tells apart: twenty needs stand in one list, and what a rule says to one it says to each.

Two talks that differ only in which of such intents was heard get the same answer. What counts beside that is whether it was the
same one twice: a rule that goes over two steps of a turn looks at one intent in both.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping

from rasa.core.policies.rule_policy import DEFAULT_ACTION_MAPPINGS

Kind = Hashable


def kinds_of(rules: Iterable[Mapping[str, str]]) -> dict[str, Kind]:
    """By intent: all that the rules say of it, with its own name left out. `rules`: Rasa's, states as JSON -> what to do."""
    said: dict[str, set[tuple[int, str, str]]] = defaultdict(set)
    for number, part in enumerate(rules):
        for states, action in part.items():
            for intent in {state["user"]["intent"] for state in json.loads(states) if "user" in state}:
                said[intent].add((number, states.replace(json.dumps(intent), "*"), action))
    return {intent: frozenset(of_it) for intent, of_it in said.items()}


def alike(intents: Iterable[str | None], kinds: Mapping[str, Kind]) -> tuple[tuple[Kind, int], ...]:
    """Each intent as its kind, and the how manieth of its kind it is; Rasa's own intents, and none at all, as themselves."""
    met: dict[Kind, list[str | None]] = defaultdict(list)
    found = []
    for intent in intents:
        kind = intent if intent is None or intent in DEFAULT_ACTION_MAPPINGS else kinds.get(intent, "")
        if intent not in met[kind]:
            met[kind].append(intent)
        found.append((kind, met[kind].index(intent)))
    return tuple(found)
