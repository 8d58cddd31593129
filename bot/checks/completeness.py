"""Whether every text is there that the code asks for, in every language, and no text that nobody asks for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from bot.checks.reading import SOURCE
from bot.conversation.script import read_script
from bot.routing import REASONS
from bot.taxonomy import taxonomy

WORDS_OF_ITS_OWN = ("answers.yes", "answers.no", "answers.counting")
"""How many words mean yes is each language's own affair; that there is one is not."""
NAME_ON_THE_PAGE = "website.language_"


def needed() -> Iterator[str]:
    """Keys that the code asks for by an id: topics, drempels, reasons, the questions of the intake."""
    for topic in taxonomy().topics:
        yield from (f"topics.{topic}.{part}" for part in ("title", "name", "heard"))
    for drempel in taxonomy().drempels:
        yield from (f"drempels.{drempel}.{part}" for part in ("title", "heard"))
    for question in read_script().questions.values():
        yield f"questions.{question.id}.ask.0"
        yield from (f"questions.{question.id}.answers.{code}" for code in question.answers)


def not_there(source: Collection[str]) -> Iterator[tuple[str, str]]:
    """What the code needs and the source does not have."""
    for key in needed():
        if key not in source:
            yield key, "is missing; the code asks for it"
    for reason in REASONS:
        if not {f"facts.why.{reason}", f"facts.why.{reason.split('_')[0]}"} & set(source):
            yield f"facts.why.{reason}", "is missing; routes are given with this reason"


def differing_keys(source: Iterable[str], translated: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Keys that a translation lacks, and keys that its source does not have."""
    wanted, own = set(source), set(translated)
    for key in sorted(wanted - own):
        if not key.startswith(WORDS_OF_ITS_OWN) or (key.endswith(".0")):
            yield key, f"is missing; locales/{SOURCE} has it"
    for key in sorted(own - wanted):
        if not key.startswith(WORDS_OF_ITS_OWN):
            yield key, f"is not in locales/{SOURCE}; take it out, or add it there"


def offered(keys: Collection[str], complete: Collection[str], known: Collection[str]) -> Iterator[tuple[str, str]]:
    """The page offers the languages whose names stand in website.yml: those that are complete, and no draft."""
    for code in complete:
        if f"{NAME_ON_THE_PAGE}{code}" not in keys:
            yield f"{NAME_ON_THE_PAGE}{code}", "is missing; without it the page does not offer this language"
    for code in known:
        if code not in complete and f"{NAME_ON_THE_PAGE}{code}" in keys:
            yield f"{NAME_ON_THE_PAGE}{code}", "offers a draft to residents; take it out until the language is complete"
