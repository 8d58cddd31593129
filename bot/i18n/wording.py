"""Puts one bot turn into words: from names of texts, ids and facts to the message of the contract."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from bot.choices import Titles, payloads
from bot.i18n.catalogue import Catalogue
from bot.i18n.for_other import NAMED
from bot.i18n.present import present
from bot.i18n.speech import spoken_again
from bot.i18n.why import spoken_why
from bot.model import Route

WHY = "@why"
"""In the place of a text's name: why the first place is named."""
MOST_TITLES = 4096
"""Remembered for a municipality: the words of choices that were offered together, and of each aloud. Ours, of one catalogue."""
MOST_SPOKEN = 3
"""Choices in a spoken turn; the rest is offered in a next step."""


class Wording:
    """Words for one municipality: the catalogue, the names of its wijken, and the long names that are short when said."""

    def __init__(
        self, catalogue: Catalogue, wijken: Mapping[str, str], short_names: Mapping[str, str] | None = None
    ) -> None:
        self.catalogue = catalogue
        self.wijken = wijken
        self.short_names = sorted((short_names or {}).items(), key=lambda names: -len(names[0]))
        self._titles = lru_cache(MOST_TITLES)(self._titles_of)
        self._choice_aloud = lru_cache(MOST_TITLES)(self._choice_aloud_of)

    def message(
        self, say: Mapping[str, Any], language: str, routes: list[Route], moment: datetime, card: str | None = None
    ) -> dict[str, Any]:
        """One message of the contract. `say` has `lines` ([key, variant, values]) and may have `choices`.

        The line WHY is said aloud only, for whoever reads has the card: the reason for the first place.
        """
        other = bool(say.get("other"))

        def worded(key: str, variant: int, values: Mapping[str, Any]) -> str:
            return (
                self._why(values, routes, language, other) if key == WHY else self.line(key, language, variant, values)
            )

        lines = [(line[0], worded(*line)) for line in say.get("lines", ())]
        buttons = self.buttons(say.get("choices") or {}, language)
        text = " ".join([line for key, line in lines if line and key != WHY])
        heard = self.shortened(" ".join([line for _, line in lines if line]))
        message: dict[str, Any] = {"text": text, "spoken": self.aloud(heard, buttons, language), "language": language}
        if buttons:
            message["buttons"] = buttons
        if routes:
            message["routes"] = [present(route, moment, language, self.catalogue, other) for route in routes]
        if card:
            message["card"] = card
        return message

    def _why(self, values: Mapping[str, Any], routes: list[Route], language: str, other: bool) -> str:
        topic = values.get("topic")
        named = self._value(topic, language) if topic else None
        return spoken_why(routes[0].why, named, language, self.catalogue, other) if routes else ""

    def shortened(self, text: str) -> str:
        """The text with the short name of each place that has one."""
        for long, short in self.short_names:
            text = text.replace(long, short)
        return text

    def line(self, key: str, language: str, variant: int, values: Mapping[str, Any]) -> str:
        return self.catalogue.variant(key, language, variant, **self._values(values, language))

    def _values(self, values: Mapping[str, Any], language: str) -> dict[str, str]:
        """Values that begin with @ are names of texts themselves; a list is joined, `names` with "or"."""
        if not values:
            return {}
        return {
            name: self._value(value, language, "or" if name == "names" else "and") for name, value in values.items()
        }

    def _value(self, value: Any, language: str, joined_by: str = "and") -> str:
        if isinstance(value, list):
            parts = [self._value(part, language) for part in value]
            word = self.catalogue.text(f"answers.{joined_by}", language)
            both = f", {word} " if any(f" {word} " in part for part in parts) else f" {word} "
            return both.join(filter(None, [", ".join(parts[:-1]), parts[-1]])) if parts else ""
        text = str(value)
        return self.catalogue.text(text.removeprefix(NAMED), language) if text.startswith(NAMED) else text

    def buttons(self, choices: Mapping[str, Any], language: str) -> list[dict[str, str]]:
        if not choices:
            return []
        titles = self.titles(choices, language)
        pairs = zip(choices["codes"], payloads(choices), strict=True)
        return [{"title": titles[code], "payload": payload} for code, payload in pairs]

    def titles(self, choices: Mapping[str, Any], language: str) -> Titles:
        """The words on each button; `group` says where they stand: topics, drempels, wijken, or a question's id."""
        codes, group = tuple(choices.get("codes", ())), choices.get("group", "")
        return self._titles(codes, group, language, bool(choices.get("other")))

    def _titles_of(self, codes: tuple[str, ...], group: str, language: str, other: bool) -> Titles:
        return Titles({code: self.title(code, group, language, other) for code in codes})

    def title(self, code: str, group: str, language: str, other: bool = False) -> str:
        """The words of one choice; `other`: as they are for who asks for somebody else."""
        if group == "wijken" and code in self.wijken:
            return self.wijken[code]
        for key in (f"{group}.{code}.title", f"{group}.answers.{code}", f"answers.choices.{code}"):
            if self.catalogue.has(key, language):
                return self.catalogue.text(self.catalogue.for_other(key, language) if other else key, language)
        return code

    def aloud(
        self, text: str, buttons: list[dict[str, str]], language: str, spoken: Callable[[str], str] = spoken_again
    ) -> str:
        """The text for the ear, its choices numbered, three at most. Where a resident's words are in it: `spoken` itself."""
        said = spoken(text)
        for number, button in enumerate(buttons[:MOST_SPOKEN], 1):
            said += self._choice_aloud(number, button["title"], language)
        if len(buttons) > MOST_SPOKEN:
            said += " " + self.catalogue.text("answers.spoken_more", language)
        return said

    def _choice_aloud_of(self, number: int, title: str, language: str) -> str:
        """ " Eén: geld en schulden.", behind what was said before."""
        counted = self.catalogue.text(f"answers.counting.{number}.0", language)
        choice = self.catalogue.text("answers.spoken_choice", language, number=counted, title=title)
        return f" {spoken_again(choice)}."
