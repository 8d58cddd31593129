"""Whether every text is there that the code asks for, in every language, and no text that nobody asks for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from bot.checks.reading import SOURCE
from bot.conversation.script import Question, read_script
from bot.i18n.catalogue import OTHER
from bot.routing import REASONS
from bot.taxonomy import taxonomy

WORDS_OF_ITS_OWN = ("answers.yes", "answers.no", "answers.counting")
"""How many words mean yes is each language's own affair; that there is one is not."""
NAME_ON_THE_PAGE = "website.language_"


ASKED = "conversation.ask.", "conversation.crisis.check.", "conversation.crisis.safe_now", "questions."
"""What is asked of a resident; each needs a wording for who asks for somebody else."""
OF_WHO_IS_TALKING = "conversation.ask.maybe.", "conversation.ask.more.", "conversation.ask.next."
"""But these: they ask what the one who is talking means or wants next."""


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
    yield from for_somebody_else(source)


def for_somebody_else(source: Collection[str]) -> Iterator[tuple[str, str]]:
    """Questions without a wording for who asks for somebody else, and wordings of no text. Variants count each."""
    questions = read_script().questions
    for key in source:
        if f"{OTHER}{key}" not in source and _asked_of_helpers(key, questions):
            yield f"{OTHER}{key}", "is missing; without it, who asks for somebody else is asked about themself"
        if key.startswith(OTHER) and key.removeprefix(OTHER) not in source:
            yield key, f"is a wording of {key.removeprefix(OTHER)}, which is not there"


def _asked_of_helpers(key: str, questions: Mapping[str, Question]) -> bool:
    """Whether the text is a question that is also asked where the help is for somebody else."""
    if not key.startswith(ASKED) or key.startswith(OF_WHO_IS_TALKING):
        return False
    file, name, part, *_ = key.split(".")
    return file != "questions" or (part == "ask" and name in questions and questions[name].only_for is None)


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
