"""Whether a text is plain: short sentences, one question, short to read and to hear, sayable, no word of the counter.

Each check takes a text and the limits of its language, and yields what is wrong with it and how to mend it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.checks.limits import Limits
from bot.checks.steps import PLACEHOLDER
from bot.folding import fold
from bot.i18n.speech import EMOJI, LINK, spoken

SENTENCE_END = re.compile(r"(?<=[.!?…])['\"’”»]?\s+")
UNSAYABLE = re.compile(r"[()\[\]{}<>/\\|*_#&+=~]")
"""Signs that an eye can use and an ear cannot."""


def sentences(text: str) -> list[str]:
    return [sentence for sentence in SENTENCE_END.split(text.strip()) if sentence]


def long_sentences(text: str, limits: Limits) -> Iterator[str]:
    """A placeholder counts as one word: what it brings is not the writer's."""
    for sentence in sentences(text):
        count = len(sentence.split())
        if count > limits.words:
            yield f"a sentence has {count} words, {limits.words} at most; make two of it: {sentence!r}"


def too_long(text: str, limits: Limits) -> Iterator[str]:
    if len(text) > limits.letters:
        yield f"{len(text)} letters, {limits.letters} at most in a turn; say less, or in two turns"


def too_long_aloud(text: str, limits: Limits) -> Iterator[str]:
    letters = len(spoken(text))
    if letters > limits.spoken:
        yield f"{letters} letters when it is said aloud, {limits.spoken} at most in a turn; say less, or in two turns"


def questions(text: str, limits: Limits) -> Iterator[str]:
    """One question a turn, and little before it: who listens forgets the first of two."""
    asked = [number for number, sentence in enumerate(sentences(text)) if "?" in sentence]
    if len(asked) > limits.questions:
        yield f"{len(asked)} questions, {limits.questions} at most in a turn; say one of them as a plain sentence"
    if asked and asked[-1] > limits.before_question:
        yield f"{asked[-1]} sentences before the question, {limits.before_question} at most; leave one out"


def unsayable(text: str, limits: Limits) -> Iterator[str]:
    """Emoji, links, brackets and slashes: `limits` plays no part, a sign is sayable in no language."""
    for what, found in (("an emoji", EMOJI.search(text)), ("a link", LINK.search(text))):
        if found:
            yield f"{what} cannot be said aloud: {found.group()!r}; write what it means"
    sign = UNSAYABLE.search(LINK.sub("", PLACEHOLDER.sub("", text)))
    if sign:
        yield f"{sign.group()!r} cannot be said aloud; write it out"


def banned_words(text: str, limits: Limits) -> Iterator[str]:
    """Words of the counter, whatever their ending; capitals and accents make no difference."""
    folded = fold(text)
    for banned in limits.banned:
        found = banned.pattern.search(folded)
        if found:
            yield f"residents never see {found.group()!r}; write instead: {banned.say}"
