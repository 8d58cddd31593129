"""Between the ids of a WhatsApp message and Rasa: taken into the conversation, and what is said to it."""

from __future__ import annotations

import json
from typing import Any, Protocol

from rasa.core.channels.channel import UserMessage

from bot.channels.web import OPENING, Collected
from bot.channels.whatsapp.address import Address
from bot.channels.whatsapp.gist import Gist, stand_in
from bot.channels.whatsapp.hearing import Hearing, Understanding, danger_of
from bot.channels.whatsapp.known import NAME, Known
from bot.channels.whatsapp.layout import laid_out, plain
from bot.channels.whatsapp.listener import Recordings
from bot.channels.whatsapp.notices import Notices
from bot.channels.whatsapp.reply import ROUTE, Answer, Composer, Message, Reply
from bot.channels.whatsapp.unconfirmed import Unconfirmed
from bot.channels.whatsapp.waiting import Waiting
from bot.languages import complete, languages, supported


class Switch(Protocol):
    """What the gemeente can switch for bad days: bot.engine.switch."""

    def closed(self, language: str, crisis: str | None) -> Message | None: ...
    def notice(self, language: str) -> list[Message]: ...


class Collecting(Collected):
    """Collects one turn's messages under this channel's own name."""

    @classmethod
    def name(cls) -> str:
        return NAME


class Talk:
    """The conversations of one municipality, as WhatsApp has them."""

    def __init__(
        self, agent: Any, known: Known, hearing: Hearing, recordings: Recordings, switch: Switch, site: str
    ) -> None:  # fmt: skip
        self._agent, self._known, self._hearing = agent, known, hearing
        self._switch, self._texts = switch, known.texts
        self._composer = Composer(known.texts, site)
        self._notices = Notices(known, self._composer, recordings)
        self._unconfirmed = Unconfirmed()

    async def prepare(self, row: Waiting, address: Address) -> Understanding:
        """The row's understanding; of a voice message what is heard in it, which stays in memory."""
        understanding: Understanding = json.loads(row.understanding)
        if understanding["kind"] != "voice":
            return understanding
        return await self._hearing.recording(row, understanding["media"], address.who)

    async def answer(self, row: Waiting, address: Address, understanding: Understanding) -> Answer:
        """Takes a message into the conversation: what to send."""
        sender = self._known.pseudonym(address.who)
        understanding = self._unconfirmed.settled(address.who, understanding)
        closed = self._switch.closed(self._language(understanding, sender), danger_of(understanding))
        if closed:
            reply = self._composer.reply([closed])
        else:
            reply = await self._reply(understanding, address.who, sender, row.message)
        if closed or understanding["kind"] != "heard":  # that has just been kept
            self._unconfirmed.let_go(address.who)
        spoken = reply.messages if understanding.get("aloud") else ()
        return Answer(
            laid_out(reply, self._texts), plain(reply, self._texts), spoken, ours=understanding["kind"] != "heard"
        )

    def failed(self, address: Address) -> Answer:
        """A kind sentence with a number, where a turn breaks down each time."""
        self._unconfirmed.let_go(address.who)
        slots = self._known.slots(self._known.pseudonym(address.who))
        reply = self._composer.reply([self._known.failed(supported(slots.get("language")))])
        return Answer(laid_out(reply, self._texts), plain(reply, self._texts))

    def forget(self) -> None:
        """Drops what was heard so long ago that no yes is one to it."""
        self._unconfirmed.forget()

    def _language(self, understanding: Understanding, sender: str) -> str:
        code = ((understanding.get("parse") or {}).get("language") or {}).get("code")
        return code if code in complete() else supported(self._known.slots(sender).get("language"))

    async def _reply(self, understanding: Understanding, who: str, sender: str, mark: str) -> Reply:
        kind, new = understanding["kind"], self._known.is_new(sender)
        heard = await self._known.said_to(sender, mark)
        if heard is not None:  # a crash came between hearing and answering
            return self._composer.reply(heard)
        if kind == "said":
            return await self._turn(understanding, sender, mark, new)
        if kind == "open":
            return await self._opening(understanding["language"], sender, mark, new)
        slots = self._known.slots(sender)
        if kind == "heard":
            yes, no = self._unconfirmed.keep(who, understanding["said"])
            return self._composer.heard(understanding["words"], yes, no, supported(slots.get("language")))
        return self._notices.reply(understanding, slots)

    async def _turn(self, understanding: Understanding, sender: str, mark: str, new: bool) -> Reply:
        """What was said, taken into the conversation; in a first answer it is said that this is a computer."""
        left, parse = Gist(**understanding["gist"]), understanding["parse"]
        language = supported(parse.get("language", {}).get("code"))
        if new and left.number and left.number <= len(complete()):  # the number of a language in a first notice
            return await self._opening(complete()[left.number - 1], sender, mark, new)
        if new and parse["intent"]["name"] == "groet":
            return await self._opening(language, sender, mark, new)
        slots = self._known.slots(sender)
        said = self._known.said(slots)
        before = self._composer.reply(said) if said else None
        picked = before.picked(left.number) if before and left.number else None
        if picked and picked.startswith(ROUTE):
            return self._composer.reply(said, show=picked[len(ROUTE) :])
        text = stand_in(left, self._known.offer(slots))
        full = {"entities": [], "intent_ranking": [], **parse, "text": text}
        messages = await self._hear(UserMessage(text, Collecting(), sender, full), mark, language)
        beside = [self._texts.text("whatsapp.picture", messages[-1]["language"])] if understanding.get("beside") else []
        return self._composer.reply(messages, *beside, *(self._first(messages) if new else ()))

    async def _opening(self, language: str | None, sender: str, mark: str, new: bool) -> Reply:
        """A new conversation is opened; in a running one a language is only changed."""
        if new:
            message = UserMessage(OPENING, Collecting(), sender)
            opened = await self._hear(message, mark, supported(language))
            return self._composer.reply([*self._switch.notice(supported(language)), *opened])
        name = languages()[supported(language)].name
        parse = self._hearing.parse(name, self._known.slots(sender))
        full = {"entities": [], "intent_ranking": [], **parse, "intent": {"name": "taal_kiezen", "confidence": 1.0}}
        message = UserMessage(name, Collecting(), sender, {**full, "text": name})
        return self._composer.reply(await self._hear(message, mark, supported(language)))

    async def _hear(self, message: UserMessage, mark: str, language: str) -> list[Message]:
        """One turn of Rasa's. Where an action broke down, a number is said, for nobody may be left without answer."""
        message.input_channel = NAME
        message.metadata = {"answers": mark, "channel": NAME, "language": language}
        await self._agent.handle_message(message)
        if message.output_channel.messages:
            return list(message.output_channel.messages)
        return [self._known.failed(supported(self._known.slots(message.sender_id).get("language") or language))]

    def _first(self, messages: list[Message]) -> list[str]:
        """Before a first answer: that this is a computer, and what the gemeente has to say; not where somebody is in danger."""
        language = messages[-1]["language"]
        danger = any(route["kind"] == "crisis" for message in messages for route in message.get("routes", ()))
        said = [str(notice["text"]) for notice in self._switch.notice(language)]
        return [] if danger else [*said, self._texts.text("conversation.open.computer", language)]
