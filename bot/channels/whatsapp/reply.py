"""One WhatsApp message of one turn: what the dialogue said, the best route whole, and all there is to choose."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.i18n.catalogue import Catalogue
from bot.languages import complete, languages

ROUTE = "+"
"""Begins the id of a choice that shows another place; what follows is the place's id in the municipality's folder."""
LANGUAGE = "="
"""Begins the id of a choice of language."""
CRISIS = "crisis"
VOICE, UNCLEAR, WHICH, FAST, STALE = "voice", "unclear", "which", "fast", "stale"
"""Notices: nobody listens; it could not be made out; which language first; too many at once; a choice of long ago."""
ELSEWHERE = {UNCLEAR: "voice.unclear", STALE: "conversation.repair.stale"}
"""Notices whose text other channels have too."""
SPOKEN_NOTICES = frozenset({VOICE, UNCLEAR, WHICH})
"""Those that answer a voice message: who sent one may not read easily."""
FACTS = (
    ("phone", "card.phone"), ("address", None), ("hours_text", None), ("call_first", None), ("why_text", "whatsapp.why"),
    ("bring", "card.bring"), ("say", "card.say"), ("cost", "card.price"), ("languages_text", "card.languages"),
)  # fmt: skip
"""What is told of the best place: field of the contract's route, and the text that stands before it."""
Message = Mapping[str, Any]


@dataclass(frozen=True)
class Choice:
    """One thing to press."""

    id: str
    title: str


@dataclass(frozen=True)
class Reply:
    """What is sent, before it is known in which form it fits."""

    text: str
    language: str
    choices: tuple[Choice, ...] = ()
    others: tuple[Choice, ...] = ()
    """Other places, which may be looked at."""
    numbered: bool = False
    """To be read out or heard: choices as numbers, never behind a button."""
    messages: tuple[Message, ...] = ()
    """The same as the contract's messages: what a voice reads of it."""

    def picked(self, number: int) -> str | None:
        """The id behind a number that stands before a choice."""
        every = (*self.choices, *self.others)
        return every[number - 1].id if 1 <= number <= len(every) else None


@dataclass(frozen=True)
class Answer:
    """What is sent: as it fits best, as plain text where that is refused, and what is said after it, if anything."""

    payload: dict[str, Any]
    plain: dict[str, Any]
    spoken: tuple[Message, ...] = ()
    ours: bool = True
    """Whether all that is said are our own words: only those are kept as sound."""


class Composer:
    """Makes replies of the contract's messages. `site`: the address under which residents see the hulpkaart."""

    def __init__(self, catalogue: Catalogue, site: str) -> None:
        self._texts = catalogue
        self._site = site.rstrip("/")

    def reply(self, messages: Sequence[Message], *before: str, show: str | None = None) -> Reply:
        """The turn as one message. `before`: texts that come first. `show`: the place that is shown, instead of the best."""
        language = str(messages[-1]["language"])
        paragraphs = [*before, *(part for message in messages for part in self._paragraphs(message, show))]
        choices = messages[-1].get("buttons", ())  # those of an earlier message are void: one question waits
        places = [route for message in messages for route in message.get("routes", ()) if route["kind"] != CRISIS]
        shown = show or (places[0]["id"] if places else None)
        return Reply(
            text="\n\n".join(filter(None, paragraphs)),
            language=language,
            choices=tuple(Choice(button["payload"], button["title"]) for button in choices),
            others=tuple(Choice(ROUTE + route["id"], route["name"]) for route in places if route["id"] != shown),
            messages=(*({"text": part, "language": language} for part in before), *messages),
        )

    def notice(self, name: str, messages: Sequence[Message]) -> Reply:
        """Why a voice message or a picture does not help, and the question that waits once more, with its choices."""
        asked = {name: value for name, value in messages[-1].items() if name not in ("routes", "card")}
        said = self.reply([asked], self._notice(name, str(asked["language"])))
        return replace(said, numbered=name in SPOKEN_NOTICES)

    def first_notice(self, name: str, understood: Collection[str] = ()) -> Reply:
        """The same to somebody whose language is not known yet: in all of them, with the languages to choose.

        `understood`: languages in which a voice message would be heard, once it is known that it is theirs.
        """
        names = {code: WHICH if name == VOICE and code in understood else name for code in complete()}
        texts = {code: self._notice(of, code) for code, of in names.items()}
        choices = tuple(Choice(LANGUAGE + code, languages()[code].name) for code in complete())
        messages = tuple({"text": f"{texts[code]} {self._counted(code)}", "language": code} for code in complete())
        return Reply("\n\n".join(texts.values()), complete()[0], choices, (), name in SPOKEN_NOTICES, messages)

    def heard(self, words: str, yes: str, no: str, language: str) -> Reply:
        """ "Ik hoorde: … Klopt dat?", with the ids of its two answers."""
        text = self._texts.text("voice.heard", language, heard=words.rstrip(".?! "))
        choices = (
            Choice(yes, self._texts.text("voice.right", language)),
            Choice(no, self._texts.text("voice.wrong", language)),
        )
        said = ". ".join((text.rstrip("."), *(self._choice(n, c.title, language) for n, c in enumerate(choices, 1))))
        return Reply(text, language, choices, messages=({"text": text, "spoken": said, "language": language},))

    def _notice(self, name: str, language: str) -> str:
        return self._texts.text(ELSEWHERE.get(name, f"whatsapp.{name}"), language)

    def _counted(self, code: str) -> str:
        """ "Drie, Polski." — what is said of a language in itself."""
        return f"{self._choice(complete().index(code) + 1, languages()[code].name, code)}."

    def _choice(self, number: int, title: str, language: str) -> str:
        counted = self._texts.text(f"answers.counting.{number}.0", language)
        return self._texts.text("answers.spoken_choice", language, number=counted, title=title)

    def _paragraphs(self, message: Message, show: str | None) -> Iterator[str]:
        """A message's text, with the facts of its best place below; of a crisis the text alone, which has the numbers."""
        routes = [route for route in message.get("routes", ()) if route["kind"] != CRISIS]
        route = next((route for route in routes if route["id"] == show), None) if show else next(iter(routes), None)
        if routes and show:
            yield "\n".join((route["name"], *self._facts(route, "", message["language"]))) if route else ""
        else:
            yield str(message["text"])
            yield "\n".join(self._facts(route, message["text"], message["language"])) if route else ""
        if message.get("card"):
            yield f"{self._texts.text('whatsapp.card', message['language'])} {self._site}{message['card']}"

    def _facts(self, route: Mapping[str, Any], said: str, language: str) -> Iterator[str]:
        """Each fact that is known and was not said already, one a line."""
        for field, label in FACTS:
            fact = route.get(field)
            if fact and fact not in said:
                yield f"{self._texts.text(label, language)}: {fact}" if label else str(fact)
        if route.get("free") and "cost" not in route:
            yield f"{self._texts.text('card.price', language)}: {self._texts.text('facts.free', language)}"
