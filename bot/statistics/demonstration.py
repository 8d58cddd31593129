"""A fictional year of conversations, the same one each time, to see what the dashboard looks like."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from bot.model import FinishedConversation
from bot.statistics.known import Known
from bot.statistics.measures import ASKED_BY, UNKNOWN_WIJK
from bot.statistics.periods import middle_of, week_of
from bot.statistics.store import FICTIONAL

WEIGHTS = Path(__file__).with_name("demonstration.yml")
WEEKS = 53

Weights = Mapping[Any, float]


def is_fictional(path: Path) -> bool:
    """Whether a file is a database of a fictional year. It is only read: whatever else it may be stays as it is."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            return connection.execute("SELECT 1 FROM meta WHERE key = ?", (FICTIONAL,)).fetchone() is not None
    except sqlite3.DatabaseError:
        return False


class Year:
    """The weights of demonstration.yml, and dice that fall the same way each time."""

    def __init__(self, known: Known, path: Path = WEIGHTS) -> None:
        self.dice = random.Random(1)
        self.weights = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        given, other = self.weights["wijken"], self.weights["other_wijk"]
        self.wijken = {wijk: given.get(wijk, other) for wijk in (*known.wijken, UNKNOWN_WIJK)}

    def conversations(self, moment: datetime) -> Iterator[FinishedConversation]:
        """Those of the 53 weeks before the week of the moment."""
        last = middle_of(week_of(moment))
        for number in range(WEEKS):
            day = last - timedelta(weeks=WEEKS - number)
            growth = 1 + (self.weights["growth"] - 1) * number / WEEKS
            expected = self.weights["weekly"] * self.weights["months"][day.month] * growth
            for _ in range(round(self.dice.gauss(expected, expected**0.5))):
                yield self._conversation(day)

    def _conversation(self, day: datetime) -> FinishedConversation:
        language, wijk = self._one(self.weights["languages"]), self._one(self.wijken)
        topics = self._some("topics", 1 + self._happens("second_topic"), self._by("topics_by_language", language))
        factors = (
            self._by("drempels_by_language", language),
            *(self._by("drempels_by_topic", topic) for topic in topics),
        )
        heard = self._some("drempels", self._one(self.weights["drempels_heard"]), *factors)
        routed, crisis = self._happens("routed"), self._happens("in_crisis")
        unmet = self._some("unmet", 1) if routed and self._happens("missed") else ()
        asked = (ASKED_BY[missed] for missed in unmet if missed in ASKED_BY)
        return FinishedConversation(
            ended=day,
            language=language,
            channel=self._one(self.weights["channels"]),
            wijk=None if wijk == UNKNOWN_WIJK else wijk,
            topics=topics,
            drempels=tuple((id_, "heard") for id_ in dict.fromkeys((*heard, *asked))),
            routes=self._some("routes", self._one(self.weights["shown"])) if routed else (),
            unmet=unmet,
            outcome=(self._one(self.weights["outcome"]) or None) if routed else None,
            turns_to_route=self._one(self.weights["turns"]) if routed else None,
            not_understood=self._one(self.weights["not_understood"]),
            crisis=self._some("crisis", 1) if crisis else (),
        )

    def _happens(self, chance: str) -> bool:
        return self.dice.random() < self.weights[chance]

    def _one(self, weights: Weights) -> Any:
        return self.dice.choices(list(weights), list(weights.values()))[0]

    def _some(self, name: str, number: int, *factors: Weights) -> tuple[str, ...]:
        """So many different ids of a list, by their weights and what makes some of them likelier."""
        left = dict(self.weights[name])
        for factor in factors:
            left |= {id_: left[id_] * times for id_, times in factor.items()}
        taken: list[str] = []
        for _ in range(number):
            taken.append(self._one(left))
            del left[taken[-1]]
        return tuple(taken)

    def _by(self, name: str, id_: str) -> Weights:
        weights: Weights = self.weights[name].get(id_, {})
        return weights
