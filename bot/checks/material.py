"""Checks the training material: its labels, and that every intent can be learned in every language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from bot.languages import complete
from bot.nlu.material import MaterialErrors, read_material
from bot.paths import NLU
from bot.taxonomy import taxonomy

LEAST = 40
"""Different messages of one intent in one language: with fewer it is guessed, not learned."""


def material_mistakes() -> Iterator[str]:
    try:
        material = read_material(NLU)
    except MaterialErrors as errors:
        yield from str(errors).splitlines()
        return
    counts = Counter((utterance.language, utterance.intent) for utterance in material)
    for language in complete():
        for intent in taxonomy().intents:
            if counts[language, intent] < LEAST:
                yield f"data/nlu/{language}: {intent} has {counts[language, intent]} messages; {LEAST} are needed"
