"""What the residents of the measurement say: the project's own conversations, and what Rasa's starter bot understands."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from typing import Any

import yaml

from bench.turns.connection import Connection
from bot.paths import ROOT

CONVERSATIONS = ROOT / "tests" / "conversations"
LANGUAGES = ("nl", "tr", "pl", "pap", "en")
STARTER_LINES = ("hello", "sad", "that helped, thanks", "great", "are you a bot?", "goodbye")
"""One conversation that touches each rule and story of `rasa init`."""
_numbers = itertools.count()


class WrongAnswer(Exception):
    """An answer that is none; a server that fails fast must not look fast."""


class Ours:
    """A resident on our website's channel, who plays one situation of tests/conversations after another."""

    def __init__(self, languages: tuple[str, ...] = LANGUAGES) -> None:
        self._situations = itertools.cycle(situations(languages))

    async def conversation(self, http: Connection) -> Any:
        """Yields before each turn what is to be timed; a session is opened, and counts as a turn, first."""
        language, turns = next(self._situations)
        begun = await http.post("/webhooks/web/session", {"language": language})
        session, messages = begun["session"], begun["messages"]
        yield len(messages)
        for turn in turns:
            answer = await http.post("/webhooks/web/message", {"session": session, "message": words_of(turn, messages)})
            messages = answer["messages"]
            if not messages or not messages[0]["text"]:
                raise WrongAnswer(json.dumps(turn))
            yield len(messages)


class Starter:
    """Somebody who talks with the bot of `rasa init` over Rasa's own REST channel."""

    async def conversation(self, http: Connection) -> Any:
        sender = f"load-{next(_numbers)}"
        for line in STARTER_LINES:
            messages = await http.post("/webhooks/rest/webhook", {"sender": sender, "message": line})
            if not messages:
                raise WrongAnswer(line)
            yield len(messages)


class Buerokratt:
    """Our residents' own words, one message after another, over Rasa's REST channel."""

    def __init__(self) -> None:
        self._situations = itertools.cycle(situations(LANGUAGES))

    async def conversation(self, http: Connection) -> Any:
        sender = f"load-{next(_numbers)}"
        for line in (str(turn["resident"]) for turn in next(self._situations)[1] if "resident" in turn):
            messages = await http.post("/webhooks/rest/webhook", {"sender": sender, "message": line})
            if not messages:
                raise WrongAnswer(line)
            yield len(messages)


def situations(languages: tuple[str, ...]) -> list[tuple[str, list[dict[str, Any]]]]:
    """(language, turns): the languages by turns, so that a short measurement has heard them all."""
    by_language = [list(_of(language)) for language in languages]
    mixed = itertools.chain.from_iterable(itertools.zip_longest(*by_language))
    return [situation for situation in mixed if situation]


def _of(language: str) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    for path in sorted((CONVERSATIONS / language).glob("*.yml")):
        for row in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader) or []:
            if row.get("opened", True):
                yield language, row["turns"]


def words_of(turn: dict[str, Any], messages: list[dict[str, Any]]) -> str:
    if "press" not in turn:
        return str(turn["resident"])
    buttons = [button for message in messages for button in message.get("buttons", ())]
    return str(buttons[turn["press"] - 1]["payload"]) if len(buttons) >= turn["press"] else "1"
