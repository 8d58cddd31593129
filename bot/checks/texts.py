"""Checks the texts of every language: complete, alike in what they fill in, short, and sayable."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.conversation.script import read_script
from bot.i18n.catalogue import Catalogue
from bot.i18n.speech import EMOJI, LINK
from bot.languages import complete
from bot.routing import REASONS
from bot.taxonomy import taxonomy

PLACEHOLDER = re.compile(r"%\{(\w+)\}")
SENTENCE = re.compile(r"(?<=[.!?])\s+")
MOST_IN_A_TITLE = 20
"""Letters on a WhatsApp button."""
MOST_IN_A_TEXT = 300
MOST_WORDS = {"tr": 15, "pl": 15}
"""Of one sentence; Turkish and Polish need their suffixes. All others: 12."""
FEWER = 12
SOURCE = "nl"
ONLY_SOURCE = ("dashboard",)
"""Files for the gemeente alone, in Dutch."""
SAID = ("conversation", "questions", "drempels", "topics")


def text_mistakes() -> Iterator[str]:
    catalogue = Catalogue()
    yield from _needed(catalogue)
    for language in complete():
        yield from _complete(catalogue, language)
        yield from _placeholders(catalogue, language)
        yield from _titles(catalogue, language)
        yield from _plain(catalogue, language)


def _path(key: str, language: str) -> str:
    return f"locales/{language}/{key.split('.', 1)[0]}.yml: {key.split('.', 1)[1]}"


def _for_residents(catalogue: Catalogue) -> set[str]:
    return {key for key in catalogue.texts[SOURCE] if key.split(".", 1)[0] not in ONLY_SOURCE}


def _needed(catalogue: Catalogue) -> Iterator[str]:
    """What the code asks for by an id must be there."""
    wanted = [f"topics.{topic}.{part}" for topic in taxonomy().topics for part in ("title", "name", "heard")]
    wanted += [f"drempels.{drempel}.{part}" for drempel in taxonomy().drempels for part in ("title", "heard")]
    wanted += [f"facts.why.{'drempel' if reason.startswith('drempel_') else reason}" for reason in REASONS]
    for question in read_script().questions.values():
        wanted += [
            f"questions.{question.id}.ask.0",
            *(f"questions.{question.id}.answers.{code}" for code in question.answers),
        ]
    yield from (f"{_path(key, SOURCE)} is missing" for key in wanted if key not in catalogue.texts[SOURCE])


def _complete(catalogue: Catalogue, language: str) -> Iterator[str]:
    own = {key for key in catalogue.texts[language] if key.split(".", 1)[0] not in ONLY_SOURCE}
    wanted = _for_residents(catalogue)
    lists = {key.removesuffix(".count") for key in wanted if key.endswith(".count") and key.startswith("answers.")}
    free = tuple(f"{name}." for name in lists)  # how many words mean yes is each language's own affair
    for key in sorted(wanted - own):
        if not key.startswith(free):
            yield f"{_path(key, language)} is missing; locales/{SOURCE} has it"
    for key in sorted(own - wanted):
        if not key.startswith(free):
            yield f"{_path(key, language)} is not in locales/{SOURCE}; take it out, or add it there"


def _placeholders(catalogue: Catalogue, language: str) -> Iterator[str]:
    for key in sorted(_for_residents(catalogue) & set(catalogue.texts[language])):
        own = set(PLACEHOLDER.findall(str(catalogue.texts[language][key])))
        source = set(PLACEHOLDER.findall(str(catalogue.texts[SOURCE][key])))
        if own != source and not key.startswith("answers.") and not _variant_of(catalogue, key, own):
            yield f"{_path(key, language)} fills in {sorted(own)}; locales/{SOURCE} fills in {sorted(source)}"


def _variant_of(catalogue: Catalogue, key: str, own: set[str]) -> bool:
    """A variant may use less than its source where some other variant uses as much: the words differ, the facts are known."""
    base, _, last = key.rpartition(".")
    if not last.isdigit():
        return False
    known = {name for other, text in catalogue.texts[SOURCE].items() if other.startswith(f"{base}.")
             for name in PLACEHOLDER.findall(str(text))}  # fmt: skip
    return own <= known


def _titles(catalogue: Catalogue, language: str) -> Iterator[str]:
    groups: dict[str, dict[str, str]] = {}
    for key, text in catalogue.texts[language].items():
        if re.fullmatch(r"(topics|drempels)\.\w+\.title|questions\.\w+\.answers\.\w+|answers\.choices\.\w+", key):
            if len(text) > MOST_IN_A_TITLE:
                yield f"{_path(key, language)} has {len(text)} letters; a button holds {MOST_IN_A_TITLE}: {text!r}"
            group = ".".join(key.split(".")[:2]) if key.startswith("questions") else key.split(".")[0]
            twin = groups.setdefault(group, {}).setdefault(text.lower(), key)
            if twin != key:
                yield f"{_path(key, language)} says the same as {twin}: {text!r}"


def _plain(catalogue: Catalogue, language: str) -> Iterator[str]:
    most = MOST_WORDS.get(language, FEWER)
    for key, text in catalogue.texts[language].items():
        if key.split(".")[0] not in SAID or key.endswith(".count"):
            continue
        if len(str(text)) > MOST_IN_A_TEXT:
            yield f"{_path(key, language)} has {len(str(text))} letters; a turn holds {MOST_IN_A_TEXT}"
        if EMOJI.search(str(text)) or LINK.search(str(text)):
            yield f"{_path(key, language)} holds an emoji or a link; it must be sayable"
        for sentence in SENTENCE.split(str(text)):
            if len(sentence.split()) > most:
                yield f"{_path(key, language)} has a sentence of {len(sentence.split())} words, {most} at most: {sentence!r}"
