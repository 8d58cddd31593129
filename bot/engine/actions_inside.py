"""Runs the actions in Rasa's own process: no hop, no second process, and no JSON of the whole domain for each action.

An action gets the same `rasa_sdk` tracker and gives the same events as over the action server's contract. Rasa has no setting
for another kind of action, so one function of Rasa is replaced: the one that finds an action by its name. It built every
default action anew at each call, too; here each is built once. `DREMPELHULP_STOCK_RASA=actions` leaves Rasa's own way,
with one method replaced: it compiled a constant JSON schema for each result, 17 ms.
"""

from __future__ import annotations

from typing import Any

import rasa.core.actions.action as rasa_actions
from jsonschema import Draft7Validator
from rasa.core.actions.action import Action, ActionExtractSlots, RemoteAction
from rasa.core.actions.forms import FormAction
from rasa.core.channels.channel import OutputChannel
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.shared.core.constants import ACTION_VALIDATE_SLOT_MAPPINGS
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig
from rasa_sdk.executor import ActionExecutor

from bot.engine.form import InsideForm
from bot.engine.inside_action import InsideAction

find_as_rasa_does = rasa_actions.action_for_name_or_text


class ActionsInside(EndpointConfig):
    """An action endpoint whose request is a call."""

    def __init__(self, package: str = "actions") -> None:
        super().__init__("inside://actions")
        self.executor = ActionExecutor()
        self.executor.register_package(package)

    async def request(self, *args: Any, json: dict[str, Any] | None = None, **kwargs: Any) -> Any:
        """What the action server would answer to this body."""
        return await self.executor.run(json or {})


class InsideExtract(ActionExtractSlots):
    """Fills slots from a message. Where every slot is filled by an action of ours, as here, there is nothing to look for."""

    _idle: bool | None = None

    async def run(
        self,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        tracker: DialogueStateTracker,
        domain: Domain,
    ) -> list[Event]:
        return [] if self.is_idle(domain) else await super().run(output_channel, nlg, tracker, domain)

    def is_idle(self, domain: Domain) -> bool:
        """Whether it never finds anything; looked up once, for an assistant has one domain."""
        if self._idle is None:
            mappings = [mapping for slot in domain.slots for mapping in slot.mappings]
            validates = ACTION_VALIDATE_SLOT_MAPPINGS in domain.user_actions
            self._idle = not validates and all(mapping == {"type": "custom"} for mapping in mappings)
        return self._idle


def act_inside() -> None:
    """From here on actions are found in a table, which each endpoint fills as its actions are first needed."""

    def find(name: str, domain: Domain, endpoint: EndpointConfig | None) -> Action:
        if not isinstance(endpoint, ActionsInside):
            return find_as_rasa_does(name, domain, endpoint)
        known: dict[str, Action] = endpoint.kwargs.setdefault("known", {})
        if name not in known:
            known[name] = _inside(find_as_rasa_does(name, domain, endpoint), endpoint)
        return known[name]

    rasa_actions.action_for_name_or_text = find


def check_once_compiled() -> None:
    """Rasa's own check of action results, with its schema compiled once. tests/test_engine.py holds that it still refuses."""
    validator = Draft7Validator(RemoteAction.action_response_format_spec())

    def check(self: RemoteAction, result: dict[str, Any]) -> bool:
        validator.validate(result)
        return True

    RemoteAction._validate_action_result = check


def _inside(action: Action, endpoint: EndpointConfig) -> Action:
    if type(action) is RemoteAction:
        return InsideAction(action.name(), endpoint)
    if type(action) is FormAction:
        return InsideForm(action.name(), endpoint)
    if type(action) is ActionExtractSlots:
        return InsideExtract(endpoint)
    return action
