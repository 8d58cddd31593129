"""Short answers to what residents ask of the bot itself; the question that waited is then asked again."""

from __future__ import annotations

from actions.turn import Turn, TurnAction, line
from bot.languages import named

LONG_AWAY = 600.0
"""Seconds without a message after which a greeting is a coming back."""


class ActionTell(TurnAction):
    """Greeting, thanks, are you a robot, what do you keep, what can you do; a greeting in the middle says where we were."""

    def name(self) -> str:
        return "action_tell"

    def answer(self, turn: Turn) -> None:
        what = turn.heard.intent
        if turn.heard.question:
            turn.say("tell", line(f"asked.{turn.heard.question}"))
            return
        if what == "groet" and turn.state.topic:
            key = "welcome_back" if turn.pause >= LONG_AWAY else "still_here"
            turn.say("tell", line(f"conversation.tell.{key}", topic=f"@topics.{turn.state.topic}.name"))
            return
        turn.say("tell", line(f"conversation.tell.{what}", turn.asking(what)))


class ActionLanguage(TurnAction):
    """Another language: the one that is named, else the one that is spoken; one that we have not is said so."""

    def name(self) -> str:
        return "action_language"

    def answer(self, turn: Turn) -> None:
        wanted = named(turn.heard.text)
        if wanted:
            turn.state = turn.state.but(language=wanted)
        known = wanted or turn.language != turn.before.language
        turn.say("language", line("conversation.tell.taal" if known else "conversation.tell.taal_onbekend"))
