"""Checks the texts of every language: all there, up to date, alike in what they fill in, plain, and sayable."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from bot.checks import freshness
from bot.checks.book import Book, Finding, read_book
from bot.checks.buttons import long_title, twins
from bot.checks.completeness import differing_keys, not_there, offered
from bot.checks.dutch_style import noun_style, passive
from bot.checks.limits import Limits
from bot.checks.map import folders
from bot.checks.numbers_in_texts import numbers_on_the_maps, strange_numbers
from bot.checks.placeholders import differing
from bot.checks.plain import banned_words, long_sentences, questions, too_long, too_long_aloud, unsayable
from bot.checks.reading import SOURCE
from bot.checks.steps import BUTTON, FORM, GEMEENTE, OWN, PAGE, PART, SAID, filled
from bot.checks.turns import turn_mistakes, unknown_patterns

Check = Callable[[str, Limits], Iterator[str]]
WORDS: tuple[Check, ...] = (long_sentences, banned_words, passive, noun_style)
"""Checks of the text as it is written; placeholders stay."""
CHECKS: dict[str, tuple[Check, ...]] = {
    SAID: (*WORDS, unsayable),
    PAGE: WORDS,
    PART: (banned_words, unsayable),
    BUTTON: (banned_words, unsayable, long_title),
    FORM: (),
    OWN: (),
    GEMEENTE: (),
}
WHOLE: dict[str, tuple[Check, ...]] = {SAID: (questions, too_long, too_long_aloud), PAGE: (too_long,)}
"""Checks of the text as somebody gets it, placeholders filled in."""


def text_mistakes() -> Iterator[str]:
    book = read_book()
    yield from book.unreadable
    yield from (book.told(finding) for finding in all_findings(book, book.texts))
    for turn in book.turns:
        yield from unknown_patterns(turn, book.words(SOURCE))


def all_findings(book: Book, languages: Iterable[str]) -> Iterator[Finding]:
    """Everything that is wrong with any text of these languages."""
    known = numbers_on_the_maps(folders())
    for language in languages:
        if language == SOURCE:
            yield from (Finding(SOURCE, key, what) for key, what in not_there(book.texts[SOURCE]))
        yield from findings(book, language, known)


def findings(book: Book, language: str, known_numbers: frozenset[str]) -> Iterator[Finding]:
    """What is wrong with one language. Of a draft, only what is confirmed is held to more than its form."""
    found = [*_form(book, language)]
    if book.limits_of(language) is None:
        found.append((f"data/plain/{language}.yml", "is missing; copy that of another language: docs/writing.md"))
    else:
        found += [row for row in _words(book, language, known_numbers) if book.is_held(language, row[0])]
    if not book.is_draft(language):
        found += differing_keys(book.for_residents(SOURCE), book.for_residents(language))
        found += freshness.behind(book.source(), book.translated(language), book.marks[language], language)
    yield from (Finding(language, key, what) for key, what in found)


def _form(book: Book, language: str) -> Iterator[tuple[str, str]]:
    """What would break the conversation, in a draft too."""
    yield from differing(book.source(), book.translated(language))
    yield from offered(book.texts[language], book.complete(), book.states)


def _words(book: Book, language: str, known_numbers: frozenset[str]) -> Iterator[tuple[str, str]]:
    limits = book.limits_of(language)
    assert limits is not None
    values = book.values(language)
    words = book.words(language)
    for key, text in words.items():
        kind = book.kind(key)
        for check in CHECKS[kind]:
            yield from ((key, what) for what in check(text, limits))
        for check in WHOLE.get(kind, ()):
            yield from ((key, what) for what in check(filled(text, values), limits))
        if kind not in (OWN, FORM, GEMEENTE):
            yield from ((key, what) for what in strange_numbers(text, known_numbers))
    yield from twins({key: text for key, text in words.items() if book.kind(key) == BUTTON})
    whole = {key: filled(text, values) for key, text in words.items()}
    for turn in book.turns:
        yield from turn_mistakes(turn, whole, limits)
