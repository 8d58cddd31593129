"""A WhatsApp message understood as ids. Its words are gone when that is done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.channels.whatsapp.gist import Gist, gist
from bot.channels.whatsapp.inbound import CHOSEN, PICTURE, PLACE, SAID, VOICE, WELCOME, Inbound
from bot.channels.whatsapp.known import Known, Slots
from bot.channels.whatsapp.listener import Recordings
from bot.channels.whatsapp.reply import FAST, LANGUAGE, ROUTE, UNCLEAR
from bot.channels.whatsapp.unconfirmed import RIGHT, WRONG
from bot.channels.whatsapp.waiting import Waiting
from bot.languages import complete

UNDERSTOOD = ("intent", "language", "drempels", "topics", "place", "maybe", "doubt", "hints")
"""What is kept of Rasa's understanding: ids and how sure they are. Not the entities: a postcode has become a wijk."""
CRISIS = "crisis_"
Understanding = dict[str, Any]
"""`kind` says what the rest is: said, voice, heard (in a recording), confirm, route, open, notice, failed."""
Parse = Callable[[str, Any], dict[str, Any]]
"""What Rasa's graph understands in a text, for the conversation's language, without Rasa's graph: bot.nlu.understanding."""
TOO_MANY: Understanding = {"kind": "notice", "name": FAST}
BROKEN: Understanding = {"kind": "failed"}
"""What stands for a message at which our own understanding broke down."""


class Hearing:
    """Understands the messages of one municipality's residents."""

    def __init__(self, known: Known, parse: Parse, recordings: Recordings) -> None:
        self._known = known
        self._understanding = parse
        self._recordings = recordings

    def understand(self, message: Inbound) -> Understanding:
        """The message as ids; of a voice message Meta's id of the recording, to be listened to when its turn comes."""
        slots = self._known.slots(self._known.pseudonym(message.who))
        if message.kind == CHOSEN:
            return self._chosen(message, slots)
        if message.kind == SAID or (message.kind == PICTURE and message.text.strip()):
            return {**self.said(message.text, slots), "beside": message.kind == PICTURE}
        if message.kind == PLACE:
            return self._placed(message.text, slots)
        if message.kind == VOICE:
            return self._spoken(message, slots)
        if message.kind == WELCOME:
            return {"kind": "open", "language": slots.get("language")}
        return {"kind": "notice", "name": message.kind}

    def said(self, text: str, slots: Slots) -> Understanding:
        """Words, as their gist and as what is understood. A slash in front would be a command to Rasa."""
        harmless = text.strip().lstrip("/").strip() or "…"
        parse = self.parse(harmless, slots)
        left = gist(harmless, parse["intent"]["name"], self._known.offer(slots))
        return {"kind": "said", "gist": left.as_ids(), "parse": parse}

    async def recording(self, row: Waiting, media: str, who: str) -> Understanding:
        """What is said in a recording whose turn has come. Its words stay in memory, to be asked about."""
        slots = self._known.slots(self._known.pseudonym(who))
        if not self._can_hear(slots):  # another language was chosen since it came in
            return {"kind": "notice", "name": VOICE, "aloud": True}
        words = await self._recordings.words(row, media, str(slots["language"]))
        if words is None:
            return {"kind": "notice", "name": UNCLEAR, "aloud": True}
        said = {**self.said(words, slots), "aloud": True}
        return said if is_danger(said) else {"kind": "heard", "words": words, "said": said, "aloud": True}

    def parse(self, text: str, slots: Slots) -> Understanding:
        parsed = self._understanding(text, slots.get("language"))
        return {key: parsed[key] for key in UNDERSTOOD if key in parsed}

    def _chosen(self, message: Inbound, slots: Slots) -> Understanding:
        choice = message.choice
        if choice.startswith(ROUTE) and choice[len(ROUTE) :] in self._known.places:
            return {"kind": "route", "route": choice[len(ROUTE) :]}
        if choice.startswith(LANGUAGE) and choice[len(LANGUAGE) :] in complete():
            return {"kind": "open", "language": choice[len(LANGUAGE) :]}
        if choice.startswith((RIGHT, WRONG)) and choice[len(RIGHT) :].isalnum():
            return {"kind": "confirm", "yes": choice.startswith(RIGHT), "key": choice[len(RIGHT) :][:16], "aloud": True}
        ours = choice.startswith("~")
        return self.said(choice if ours else message.text or choice, slots)

    def _spoken(self, message: Inbound, slots: Slots) -> Understanding:
        """Nothing is fetched that nobody can hear: not before the language is known, and not in one that nobody knows."""
        if self._can_hear(slots):
            return {"kind": "voice", "media": message.media, "aloud": True}
        return {"kind": "notice", "name": VOICE, "aloud": True}

    def _can_hear(self, slots: Slots) -> bool:
        return bool(slots.get("language")) and self._recordings.hears(str(slots["language"]))

    def _placed(self, text: str, slots: Slots) -> Understanding:
        """A place on the map: its address may have a postcode in it. Coordinates alone say no wijk without a service."""
        parse = self.parse(text, slots) if text.strip() else {}
        if not (parse.get("place") or {}).get("wijken"):
            return {"kind": "notice", "name": PLACE}
        only = {"intent": {"name": "waar_woon_ik", "confidence": 1.0}, "place": parse["place"]}
        return {"kind": "said", "gist": Gist(words=1).as_ids(), "parse": only}


def is_danger(understanding: Understanding) -> bool:
    """Whether it is, or may be, a crisis: no limit holds it back, and no earlier message of the same resident."""
    return danger_of(understanding) is not None


def danger_of(understanding: Understanding) -> str | None:
    """The crisis that was heard, or half heard."""
    parse = understanding.get("parse") or {}
    name = str((parse.get("intent") or {}).get("name", ""))
    return name.removeprefix(CRISIS) if name.startswith(CRISIS) else parse.get("doubt")
