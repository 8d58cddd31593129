"""The understanding as one Rasa component: everything about a message, with the contract's own keys beside Rasa's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.local import understanding_for
from bot.nlu.model import Model
from bot.nlu.store import learned
from bot.paths import NLU
from bot.settings import Settings


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class Understanding(GraphComponent):
    """Learns from data/nlu, not from Rasa's copy of it: see bot.engine.importer for why."""

    def __init__(self, storage: ModelStorage, resource: Resource, model: Model | None) -> None:
        self._storage = storage
        self._resource = resource
        self._understanding = understanding_for(model, Settings().gemeente) if model else None

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Understanding:
        return cls(model_storage, resource, None)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> Understanding:
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, Model.load(Path(folder)))

    def train(self, training_data: TrainingData) -> Resource:
        """Learns, or takes what was learned from the same material before."""
        model = learned(NLU, Settings().var / "models")
        with self._storage.write_to(self._resource) as folder:
            model.save(Path(folder))
        return self._resource

    def heard(self, text: str, tracker: DialogueStateTracker | None) -> dict[str, Any]:
        """Everything about one message of this conversation; what is None was not heard."""
        assert self._understanding is not None, "Rasa loads a component before it processes"
        language = tracker.get_slot("language") if tracker and "language" in tracker.slots else None
        return self._understanding.of(text, language)

    def process(self, messages: list[Message], tracker: DialogueStateTracker | None = None) -> list[Message]:
        for message in messages:
            for key, value in self.heard(message.get("text") or "", tracker).items():
                if key != "text":
                    message.set(key, value, add_to_output=True)
        return messages
