"""Puts the heads together into what the contract promises for each message: intent, topics, drempels, language, places."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.choices import is_pressed
from bot.languages import UNKNOWN, languages, supported
from bot.nlu.danger import CRISIS_INTENT, Danger
from bot.nlu.hints import hints
from bot.nlu.material import DREMPEL_ONLY
from bot.nlu.model import Model
from bot.nlu.own_words import Memory
from bot.nlu.place_words import place_words
from bot.nlu.places import Places
from bot.nlu.text import words
from bot.nlu.tokens import tokens_of
from bot.nlu.unread import UNCLEAR, unread

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
    own_words: frozenset[str] = frozenset()
    """Ours, not a resident's: messages that are one of them are understood once (bot/nlu/own_words.py)."""

    def of(self, text: str, language: str | None = None) -> dict[str, Any]:
        """Everything about one message. `language`: the one in which the conversation is already."""
        return unread(text, language) if is_pressed(text) else self._memory.of(text, language)

    @cached_property
    def _memory(self) -> Memory:
        return Memory(self.own_words, self._read)

    def _read(self, text: str, language: str | None) -> dict[str, Any]:
        tokens = tokens_of(text)
        scores = self.model.heads.scores(*self.model.representation.of(text))
        ranking = self._ranking(scores["intent"])
        kind, danger = self._dangerous(text, scores)
        place = self.places.within(tokens)
        few = len(words(text.lower())) <= FEW_WORDS
        lettered = LETTER.search(text) is not None
        intent = self._intent(ranking, kind, danger, bool(place.entities), few, lettered)
        named = self._above("topics", scores["topics"], TOPIC)
        if intent["name"] == "waar_woon_ik" and named:
            intent = {"name": f"hulp_{named[0]}", "confidence": round(float(scores["topics"].max()), 4)}
        topics = self._topics(intent["name"], named)
        spoken = self._language(scores["language"], language, few, lettered)
        result = {
            "text": text,
            "intent": intent,
            "intent_ranking": [intent, *[row for row in ranking if row["name"] != intent["name"]]][:RANKED],
            "entities": [dict(entity) for entity in place.entities],
            "language": spoken,
            "drempels": self._above("drempels", scores["drempels"], DREMPEL),
            "topics": topics,
            "place": {"wijken": list(place.wijken), "ask": place.ask, "elsewhere": place.elsewhere},
            "hints": hints(supported(spoken["code"] if spoken["code"] != UNKNOWN else language)).within(tokens),
        }
        return {**result, **self._half_understood(intent["name"], ranking, kind, danger)}

    @cached_property
    def _danger(self) -> Danger:
        return Danger(self.model, place_words().lists["clause"])

    def _ranking(self, scores: NDArray[np.float32]) -> list[dict[str, Any]]:
        """The intents, best first. What only holds somebody back is none: its share goes to the others, unless it is most."""
        labels = self.model.heads.labels["intent"]
        held_back = float(scores[labels.index(DREMPEL_ONLY)])
        share = 1 - held_back if held_back < MOSTLY else 1.0
        best = (-scores).argsort()[: RANKED + 2]
        rows = [(labels[place], sure) for place, sure in zip(best.tolist(), scores[best].tolist(), strict=True)]
        return [{"name": name, "confidence": round(sure / share, 4)} for name, sure in rows if name != DREMPEL_ONLY]

    def _dangerous(self, text: str, scores: dict[str, NDArray[np.float32]]) -> tuple[str, float]:
        """Of the whole message, or of the part of it that is most in danger."""
        kind, danger = self._danger.in_whole(scores)
        if danger >= CRISIS:
            return kind, danger
        sure, perhaps = self._danger.in_parts(text)
        if sure:
            return sure
        return (perhaps[0], DOUBT) if perhaps and danger < DOUBT else (kind, danger)

    def _intent(
        self, ranking: list[dict[str, Any]], kind: str, danger: float, placed: bool, few: bool, lettered: bool
    ) -> dict[str, Any]:
        first = ranking[0]
        if danger >= CRISIS:
            return {"name": f"{CRISIS_INTENT}{kind}", "confidence": round(danger, 4)}
        if first["name"].startswith(CRISIS_INTENT):
            first = next(row for row in ranking if not row["name"].startswith(CRISIS_INTENT))
        if placed and (first["confidence"] < SURE or few):
            return {"name": "waar_woon_ik", "confidence": max(first["confidence"], SURE)}
        if first["confidence"] < SURE or not lettered:
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
            "doubt": kind if not intent.startswith(CRISIS_INTENT) and danger >= DOUBT else None,
        }

    def _topics(self, intent: str, named: list[str]) -> list[str]:
        if intent == UNCLEAR:
            return []
        own = [intent.removeprefix("hulp_")] if intent.startswith("hulp_") else []
        return own + [topic for topic in named if topic not in own]

    def _above(self, head: str, scores: NDArray[np.float32], least: float) -> list[str]:
        each = zip(self.model.heads.labels[head], scores.tolist(), strict=True)
        above = [(sure, label) for label, sure in each if sure >= least]
        return [label for _, label in sorted(above, reverse=True)] if above else []

    def _language(self, scores: NDArray[np.float32], known: str | None, few: bool, lettered: bool) -> dict[str, Any]:
        """The message's language; a short or unclear one stays in the conversation's."""
        labels = self.model.heads.labels["language"]
        best = int(scores.argmax())
        code, sure = labels[best], float(scores[best])
        if known in languages() and (few or sure < LANGUAGE_SWITCH or code == UNKNOWN):
            return {"code": known, "confidence": round(float(scores[labels.index(known)]), 4)}
        return {"code": code if lettered else UNKNOWN, "confidence": round(sure, 4)}
