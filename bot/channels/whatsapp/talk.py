"""Between a WhatsApp message and Rasa: the message understood as ids, and later those ids taken into the conversation."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from rasa.core.channels.channel import UserMessage

from bot.channels.web import OPENING, Collected
from bot.channels.whatsapp.address import Address
from bot.channels.whatsapp.gist import Gist, Offer, gist, stand_in
from bot.channels.whatsapp.inbound import CHOSEN, PICTURE, PLACE, SAID, VOICE, WELCOME, Inbound
from bot.channels.whatsapp.layout import laid_out, plain
from bot.channels.whatsapp.listener import Listener
from bot.channels.whatsapp.reply import LANGUAGE, ROUTE, Composer, Reply
from bot.channels.whatsapp.waiting import Waiting
from bot.directory import load
from bot.i18n.catalogue import catalogue
from bot.i18n.wording import Wording
from bot.languages import complete, languages, supported
from bot.paths import gemeente_folder
from bot.settings import AMSTERDAM, Settings

NAME = "whatsapp"
UNDERSTOOD = ("intent", "language", "drempels", "topics", "place", "maybe", "doubt", "hints")
"""What is kept of Rasa's understanding: ids and how sure they are. Not the entities: a postcode has become a wijk."""
MOST_COUNTED = 7
"""One, two, three … as words, as far as locales/<language>/answers.yml counts."""
Understanding = dict[str, Any]
Parse = Callable[[str, Any], dict[str, Any]]
"""What Rasa's graph understands in a text, for the conversation's language, without Rasa's graph: bot.nlu.understanding."""


class Collecting(Collected):
    """Collects one turn's messages under this channel's own name."""

    @classmethod
    def name(cls) -> str:
        return NAME


class Talk:
    """The conversations of one municipality, as WhatsApp has them."""

    def __init__(self, agent: Any, parse: Parse, settings: Settings, listener: Listener) -> None:
        self._agent = agent
        self._understanding = parse
        self._listener = listener
        self._texts = catalogue()
        self._composer = Composer(self._texts, settings.public_url)
        directory = load(gemeente_folder(settings.gemeente))
        self._wording = Wording(self._texts, {wijk.id: wijk.name for wijk in directory.wijken.values()})
        self._places = frozenset(directory.services)

    async def understand(self, message: Inbound) -> Understanding:
        """The message as ids. Its words are gone when this returns."""
        slots = self._slots(self._pseudonym(message.who))
        if message.kind == CHOSEN:
            return self._chosen(message, slots)
        if message.kind == SAID or (message.kind == PICTURE and message.text.strip()):
            return {**self._said(message.text, slots), "beside": message.kind == PICTURE}
        if message.kind == PLACE:
            return self._placed(message.text, slots)
        if message.kind == VOICE:
            heard = await self._listener.listen(message.media, slots.get("language"))
            return self._said(heard, slots) if heard else {"kind": "notice", "name": VOICE}
        if message.kind == WELCOME:
            return {"kind": "open", "language": slots.get("language")}
        return {"kind": "notice", "name": message.kind}

    async def answer(self, row: Waiting, address: Address) -> tuple[dict[str, Any], dict[str, Any]]:
        """Takes a row into the conversation: what to send, and the same as plain text."""
        understanding = json.loads(row.understanding)
        reply = await self._reply(understanding, self._pseudonym(address.who), row.message)
        return laid_out(reply, self._texts), plain(reply, self._texts)

    def _chosen(self, message: Inbound, slots: Mapping[str, Any]) -> Understanding:
        choice = message.choice
        if choice.startswith(ROUTE) and choice[len(ROUTE) :] in self._places:
            return {"kind": "route", "route": choice[len(ROUTE) :]}
        if choice.startswith(LANGUAGE) and choice[len(LANGUAGE) :] in complete():
            return {"kind": "open", "language": choice[len(LANGUAGE) :]}
        ours = choice.startswith("~")
        return self._said(choice if ours else message.text or choice, slots)

    def _said(self, text: str, slots: Mapping[str, Any]) -> Understanding:
        """Words, as their gist and as what is understood. A slash in front would be a command to Rasa."""
        harmless = text.strip().lstrip("/").strip() or "…"
        parse = self._parse(harmless, slots)
        left = gist(harmless, parse["intent"]["name"], self._offer(slots))
        return {"kind": "said", "gist": left.as_ids(), "parse": parse}

    def _placed(self, text: str, slots: Mapping[str, Any]) -> Understanding:
        """A place on the map: its address may have a postcode in it. Coordinates alone say no wijk without a service."""
        parse = self._parse(text, slots) if text.strip() else {}
        if not (parse.get("place") or {}).get("wijken"):
            return {"kind": "notice", "name": PLACE}
        only = {"intent": {"name": "waar_woon_ik", "confidence": 1.0}, "place": parse["place"]}
        return {"kind": "said", "gist": Gist(words=1).as_ids(), "parse": only}

    def _parse(self, text: str, slots: Mapping[str, Any]) -> Understanding:
        parsed = self._understanding(text, slots.get("language"))
        return {key: parsed[key] for key in UNDERSTOOD if key in parsed}

    async def _reply(self, understanding: Understanding, sender: str, mark: str) -> Reply:
        kind, new = understanding["kind"], not self._conversations.length(sender)
        heard = self._conversations.said_to(sender, mark)
        if heard is not None:  # a crash came between hearing and answering
            return self._composer.reply([self._worded(content) for content in json.loads(heard)])
        if kind == "said":
            return await self._turn(understanding, sender, mark, new)
        if kind == "open":
            return await self._opening(understanding["language"], sender, mark, new)
        said = [self._worded(content) for content in self._slots(sender).get("said") or ()]
        if not said:
            return self._composer.first_notice(understanding.get("name", "other"))
        if kind == "route":
            return self._composer.reply(said, show=understanding["route"])
        return self._composer.notice(understanding["name"], said)

    async def _turn(self, understanding: Understanding, sender: str, mark: str, new: bool) -> Reply:
        """What was said, taken into the conversation; in a first answer it is said that this is a computer."""
        left, parse = Gist(**understanding["gist"]), understanding["parse"]
        language = supported(parse.get("language", {}).get("code"))
        if new and parse["intent"]["name"] == "groet":
            return await self._opening(language, sender, mark, new)
        slots = self._slots(sender)
        said = [self._worded(content) for content in slots.get("said") or ()]
        before = self._composer.reply(said) if said else None
        picked = before.picked(left.number) if before and left.number else None
        if picked and picked.startswith(ROUTE):
            return self._composer.reply(said, show=picked[len(ROUTE) :])
        text = stand_in(left, self._offer(slots))
        full = {"entities": [], "intent_ranking": [], **parse, "text": text}
        messages = await self._hear(UserMessage(text, Collecting(), sender, full), mark, language)
        beside = [self._texts.text("whatsapp.picture", messages[-1]["language"])] if understanding.get("beside") else []
        return self._composer.reply(messages, *beside, *(self._computer(messages) if new else ()))

    async def _opening(self, language: str | None, sender: str, mark: str, new: bool) -> Reply:
        """A new conversation is opened; in a running one a language is only changed."""
        if new:
            message = UserMessage(OPENING, Collecting(), sender)
            return self._composer.reply(await self._hear(message, mark, supported(language)))
        name = languages()[supported(language)].name
        parse = self._parse(name, self._slots(sender))
        full = {"entities": [], "intent_ranking": [], **parse, "intent": {"name": "taal_kiezen", "confidence": 1.0}}
        message = UserMessage(name, Collecting(), sender, {**full, "text": name})
        return self._composer.reply(await self._hear(message, mark, supported(language)))

    async def _hear(self, message: UserMessage, mark: str, language: str) -> list[dict[str, Any]]:
        """One turn of Rasa's. Where an action broke down, a number is said, for nobody may be left without answer."""
        message.input_channel = NAME
        message.metadata = {"answers": mark, "channel": NAME, "language": language}
        await self._agent.handle_message(message)
        if message.output_channel.messages:
            return list(message.output_channel.messages)
        known = supported(self._slots(message.sender_id).get("language") or language)
        return [self._agent.processor.nlg.worder.failed(known)]

    def _computer(self, messages: list[dict[str, Any]]) -> list[str]:
        """Before a first answer; not where somebody is in danger."""
        danger = any(route["kind"] == "crisis" for message in messages for route in message.get("routes", ()))
        return [] if danger else [self._texts.text("conversation.open.computer", messages[-1]["language"])]

    def _offer(self, slots: Mapping[str, Any]) -> Offer:
        language, offered = supported(slots.get("language")), slots.get("offered") or {}
        counting = {
            word: number
            for number in range(1, MOST_COUNTED + 1)
            for word in self._texts.words(f"answers.counting.{number}", language)
        }
        titles = self._wording.titles(offered, language)
        yes, no = (self._texts.words(f"answers.{name}", language) for name in ("yes", "no"))
        return Offer(offered, slots.get("asked"), titles, counting, yes, no)

    def _worded(self, content: dict[str, Any]) -> dict[str, Any]:
        message: dict[str, Any] = self._agent.processor.nlg.worder.message(content)
        return message

    @property
    def _conversations(self) -> Any:
        return self._agent.tracker_store.conversations

    def _pseudonym(self, who: str) -> str:
        name: str = self._conversations.pseudonym(f"{NAME}:{who}", datetime.now(AMSTERDAM).date())
        return name

    def _slots(self, sender: str) -> dict[str, Any]:
        """The conversation's slots from its rows: reading the tracker would disturb a turn that is under way."""
        return {row["k"]: row["v"] for row in self._conversations.rows(sender) if row["e"] == "slot"}
