"""What is said without a turn of the dialogue's: why a message does not help, or another place of those that were named."""

from __future__ import annotations

from bot.channels.whatsapp.hearing import Understanding
from bot.channels.whatsapp.inbound import OTHER
from bot.channels.whatsapp.known import Known, Slots
from bot.channels.whatsapp.listener import Recordings
from bot.channels.whatsapp.reply import STALE, Composer, Message, Reply
from bot.languages import complete, supported


class Notices:
    """Answers that leave the conversation where it is."""

    def __init__(self, known: Known, composer: Composer, recordings: Recordings) -> None:
        self._known, self._composer, self._recordings = known, composer, recordings

    def reply(self, understanding: Understanding, slots: Slots) -> Reply:
        """To what is of kind failed, route or notice."""
        if understanding["kind"] == "failed":
            return self._composer.reply([self._known.failed(supported(slots.get("language")))])
        said = self._known.said(slots)
        if not said:
            able = [code for code in complete() if self._recordings.hears(code)]
            return self._composer.first_notice(understanding.get("name", OTHER), able)
        if understanding["kind"] == "route":
            return self._shown(understanding["route"], said)
        return self._composer.notice(understanding["name"], said)

    def _shown(self, place: str, said: list[Message]) -> Reply:
        """The place, where it is one of those that were named last."""
        if any(route["id"] == place for message in said for route in message.get("routes", ())):
            return self._composer.reply(said, show=place)
        return self._composer.notice(STALE, said)
