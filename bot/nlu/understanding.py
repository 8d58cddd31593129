"""Puts the heads together into what the contract promises for each message: intent, topics, drempels, language, places."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.languages import UNKNOWN, languages, supported
from bot.nlu.danger import CRISIS_INTENT, in_parts, in_whole
from bot.nlu.hints import hints
from bot.nlu.material import DREMPEL_ONLY
from bot.nlu.model import Model
from bot.nlu.place_words import place_words
from bot.nlu.places import Places
from bot.nlu.text import words

UNCLEAR = "buiten_bereik"
SURE = 0.18
"""Probability from which an intent is taken; below it, it is asked back or not understood (docs/understanding.md)."""
PERHAPS = 0.10
"""From here to SURE a help topic is asked back: "bedoel je …?"."""
TOPIC, DREMPEL = 0.50, 0.38
CRISIS, DOUBT = 0.45, 0.17
"""Crisis is tuned for recall: a false alarm is easily waved away, a missed one is the worst defect there is."""
LANGUAGE_SWITCH = 0.75
"""From here a message of several words changes a conversation's language."""
FEW_WORDS = 2
RANKED = 10
MOSTLY = 0.5
LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True)
class Understanding:
    """Understands messages with one model and one municipality's places."""

    model: Model
    places: Places

    def of(self, text: str, language: str | None = None) -> dict[str, Any]:
        """Everything about one message. `language`: the one in which the conversation is already."""
        scores = self.model.heads.scores(*self.model.representation.of(text))
        ranking = self._ranking(scores["intent"])
        kind, danger = self._danger(text, scores)
        place = self.places.find(text)
        intent = self._intent(ranking, kind, danger, bool(place.entities), text)
        named = self._above("topics", scores["topics"], TOPIC)
        if intent["name"] == "waar_woon_ik" and named:
            intent = {"name": f"hulp_{named[0]}", "confidence": round(float(scores["topics"].max()), 4)}
        topics = self._topics(intent["name"], named)
        spoken = self._language(text, scores["language"], language)
        result = {
            "text": text,
            "intent": intent,
            "intent_ranking": [intent, *(row for row in ranking if row["name"] != intent["name"])][:RANKED],
            "entities": [dict(entity) for entity in place.entities],
            "language": spoken,
            "drempels": self._above("drempels", scores["drempels"], DREMPEL),
            "topics": topics,
            "place": {"wijken": list(place.wijken), "ask": place.ask, "elsewhere": place.elsewhere},
            "hints": hints(supported(spoken["code"] if spoken["code"] != UNKNOWN else language)).of(text),
        }
        return {**result, **self._half_understood(intent["name"], ranking, kind, danger)}

    def _labels(self, head: str) -> tuple[str, ...]:
        return next(known.labels for known in self.model.heads.heads if known.name == head)

    def _ranking(self, scores: NDArray[np.float32]) -> list[dict[str, Any]]:
        """The intents, best first. What only holds somebody back is none: its share goes to the others, unless it is most."""
        labels = self._labels("intent")
        held_back = float(scores[labels.index(DREMPEL_ONLY)])
        share = 1 - held_back if held_back < MOSTLY else 1.0
        best = [place for place in np.argsort(-scores)[: RANKED + 2] if labels[place] != DREMPEL_ONLY]
        return [{"name": labels[place], "confidence": round(float(scores[place]) / share, 4)} for place in best]

    def _danger(self, text: str, scores: dict[str, NDArray[np.float32]]) -> tuple[str, float]:
        """Of the whole message, or of the part of it that is most in danger."""
        kind, danger = in_whole(scores, self._labels("intent"))
        if danger >= CRISIS:
            return kind, danger
        sure, perhaps = in_parts(text, place_words().lists["clause"], self.model)
        if sure:
            return sure
        return (perhaps[0], DOUBT) if perhaps and danger < DOUBT else (kind, danger)

    def _intent(
        self, ranking: list[dict[str, Any]], kind: str, danger: float, placed: bool, text: str
    ) -> dict[str, Any]:
        first = ranking[0]
        if danger >= CRISIS:
            return {"name": f"{CRISIS_INTENT}{kind}", "confidence": round(danger, 4)}
        if _is_crisis(first["name"]):
            first = next(row for row in ranking if not _is_crisis(row["name"]))
        if placed and (first["confidence"] < SURE or len(words(text.lower())) <= FEW_WORDS):
            return {"name": "waar_woon_ik", "confidence": max(first["confidence"], SURE)}
        if first["confidence"] < SURE or not LETTER.search(text):
            return {"name": UNCLEAR, "confidence": round(1 - first["confidence"], 4)}
        return first

    def _half_understood(
        self, intent: str, ranking: list[dict[str, Any]], kind: str, danger: float
    ) -> dict[str, str | None]:
        """What it may have been: a topic to ask back, a crisis to ask about."""
        best = next((row for row in ranking if row["name"].startswith("hulp_")), None)
        maybe = intent == UNCLEAR and best is not None and best["confidence"] >= PERHAPS
        return {
            "maybe": str(best["name"]).removeprefix("hulp_") if maybe and best else None,
            "doubt": kind if not _is_crisis(intent) and danger >= DOUBT else None,
        }

    def _topics(self, intent: str, named: list[str]) -> list[str]:
        if intent == UNCLEAR:
            return []
        own = [intent.removeprefix("hulp_")] if intent.startswith("hulp_") else []
        return own + [topic for topic in named if topic not in own]

    def _above(self, head: str, scores: NDArray[np.float32], least: float) -> list[str]:
        above = [
            (sure, label) for label, sure in zip(self._labels(head), scores.tolist(), strict=True) if sure >= least
        ]
        return [label for _, label in sorted(above, reverse=True)]

    def _language(self, text: str, scores: NDArray[np.float32], known: str | None) -> dict[str, Any]:
        """The message's language; a short or unclear one stays in the conversation's."""
        labels = self._labels("language")
        best = int(np.argmax(scores))
        code, sure = labels[best], float(scores[best])
        short = len(words(text.lower())) <= FEW_WORDS
        if known in languages() and (short or sure < LANGUAGE_SWITCH or code == UNKNOWN):
            return {"code": known, "confidence": round(float(scores[labels.index(known)]), 4)}
        return {"code": code if LETTER.search(text) else UNKNOWN, "confidence": round(sure, 4)}


def _is_crisis(intent: str) -> bool:
    return intent.startswith(CRISIS_INTENT)
