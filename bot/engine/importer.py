"""Gives Rasa what it must know of data/nlu: that each intent has examples, and when the material has changed.

Rasa copies, merges and fingerprints every example several times; with the whole material training took minutes, and no
component of ours reads Rasa's copy. So Rasa sees a few examples of each intent, and one that carries the fingerprint.
"""

from __future__ import annotations

from collections import defaultdict

from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.material import fingerprint, read_material
from bot.nlu.store import FORMAT
from bot.paths import NLU

EXAMPLES = 3
"""Of each intent; Rasa warns below two."""


class MaterialImporter(RasaFileImporter, TrainingDataImporter):
    """Rules, domain and configuration come from files as always; the examples from data/nlu."""

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        shown: dict[str, int] = defaultdict(int)
        examples = []
        for utterance in read_material(NLU):
            if utterance.teaches_intent and shown[utterance.intent] < EXAMPLES:
                shown[utterance.intent] += 1
                examples.append(Message.build(utterance.text, intent=utterance.intent))
        version = f"{FORMAT}-{fingerprint(NLU)}"
        examples[0] = Message({**examples[0].data, "metadata": {"example": {"material": version}}})
        return TrainingData(examples)
