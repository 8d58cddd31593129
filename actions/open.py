"""The opening: a greeting, what it does, that it is a computer, and the question."""

from __future__ import annotations

from rasa_sdk.events import ActionExecuted, EventType, SessionStarted

from actions.ask import TOPICS_A_PAGE, page
from actions.turn import LISTEN, Turn, TurnAction, line
from bot.taxonomy import taxonomy

NOON, EVENING = 12, 18


class ActionSessionStart(TurnAction):
    """Runs when a session is opened (the channel asks for it), and silently before a first message without one."""

    def name(self) -> str:
        return "action_session_start"

    def answer(self, turn: Turn) -> None:
        known = turn.tracker.get_slot("session_started_metadata") or {}
        turn.state = turn.state.but(channel=known.get("channel", "web"))
        if turn.heard.intent != "session_start":
            turn.state = turn.state.but(language=known.get("language"))
            return
        turn.state = turn.state.but(language=turn.language)
        hour = turn.now.hour
        part = "morning" if hour < NOON else "afternoon" if hour < EVENING else "evening"
        who = line("conversation.open.who", gemeente=turn.world.directory.name)
        lines = [
            line(f"conversation.open.{part}"),
            who,
            *(line(f"conversation.open.{name}") for name in ("computer", "ask")),
        ]
        turn.say("open", *lines, codes=page(turn, "topic", taxonomy().topics, TOPICS_A_PAGE), group="topics")
        turn.state = turn.state.but(asked="topic")

    def events(self, turn: Turn) -> list[EventType]:
        """A session that starts empties the slots; what is known of it comes behind."""
        if turn.heard.intent == "session_start":
            return [*turn.events(), ActionExecuted(LISTEN)]
        return [SessionStarted(), *turn.events(), ActionExecuted(LISTEN)]
