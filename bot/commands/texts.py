"""The texts as a writer or translator needs them: mistakes, the worst, a page beside the Dutch, and confirming."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bot.languages import languages
from bot.paths import LOCALES
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.checks.book import Book, Finding

HELP = "what is wrong with the texts, and the worst; a translator's page; --confirm: this translation is right"
MISTAKES, BAD_INPUT = 1, 2
WORST = 10
STANDARD_OUTPUT = "-"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    known = sorted(languages())
    parser.add_argument("--lang", nargs="+", metavar="LANG", choices=known, help=f"only these: {', '.join(known)}")
    parser.add_argument("--worst", type=int, default=WORST, metavar="N", help="how many of the worst texts (10)")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--html", metavar="FILE", help="write the page of one language beside Dutch; - prints it")
    what.add_argument("--confirm", nargs="+", metavar="KEY", help="these translations say what the Dutch of now says; "
                      "a beginning (`topics`) names all under it")  # fmt: skip


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    from bot.checks.book import read_book
    from bot.checks.texts import all_findings

    book = read_book()
    chosen = arguments.lang or list(book.texts)
    if arguments.confirm:
        return _confirm(book, arguments)
    found = list(all_findings(book, chosen))
    if arguments.html:
        return _page(book, arguments, found)
    for mistake in book.unreadable:
        print(mistake)
    for language in chosen:
        _list(book, language, [finding for finding in found if finding.language == language], arguments.worst)
    return MISTAKES if found or book.unreadable else 0


def _list(book: Book, language: str, found: list[Finding], many: int) -> None:
    """One language: how it stands, its mistakes, its worst texts, its rare words."""
    from bot.checks.frequency import frequency_in
    from bot.checks.worst import rare, worst

    state = book.states[language]
    print(f"\n{language}  {state.name} ({state.state}): {len(book.texts[language])} texts, {len(found)} mistakes")
    print("".join(f"  {book.told(finding)}\n" for finding in found), end="")
    if language not in book.limits:
        return
    print("  Nearest to a limit:")
    for row in worst(book, language, many):
        print(f"  {row.share:5.2f}  {row.what:28}  {row.text}: {row.text.text}")
    frequency = frequency_in(language)
    if frequency is None or book.limits[language].rare_below is None:
        print("  Rare words: nobody has counted this language, or wordfreq is not installed")
        return
    words = rare(book, language, frequency)
    print(f"  Rare words: {len(words)}; find a commoner one, or allow it in data/plain/{language}.yml with the reason")
    for word in words[:many]:
        print(f"  {word.frequency:5.2f}  {word.word:28}  {word.text}")


def _page(book: Book, arguments: argparse.Namespace, found: list[Finding]) -> int:
    from bot.checks.frequency import frequency_in, rare_words
    from bot.checks.view import render_view

    if len(arguments.lang or ()) != 1:
        print("--html needs one language: --lang pl", file=sys.stderr)
        return BAD_INPUT
    (language,) = arguments.lang
    frequency, limits = frequency_in(language), book.limits_of(language)
    rare: dict[str, list[str]] = {}
    if frequency and limits:
        words = book.words(language).items()
        rare = {key: [word for word, _ in rare_words(text, limits, frequency)] for key, text in words}
    page = render_view(book, language, found, rare)
    if arguments.html == STANDARD_OUTPUT:
        sys.stdout.write(page)
    else:
        Path(arguments.html).write_text(page, encoding="utf-8")
    return 0


def _confirm(book: Book, arguments: argparse.Namespace) -> int:
    """Notes from which Dutch text each translation was made. All or nothing: an unknown key refuses them all."""
    from bot.checks.freshness import confirmed, named_by, write_marks
    from bot.checks.reading import SOURCE

    if not arguments.lang or SOURCE in arguments.lang:
        print(f"--confirm needs --lang, and not {SOURCE}, which is the source itself", file=sys.stderr)
        return BAD_INPUT
    source = book.source()
    named = {language: named_by(arguments.confirm, book.translated(language)) for language in arguments.lang}
    unknown = [f"{language}: no translation of {name!r}; `--html` shows all keys"
               for language, names in named.items() for name, keys in names.items() if not keys]  # fmt: skip
    if unknown:
        print("\n".join(unknown), file=sys.stderr)
        return BAD_INPUT
    for language, names in named.items():
        own = book.translated(language)
        keys = [key for name, some in names.items() for key in some if key == name or own[key] != source[key]]
        left = sum(len(some) for some in names.values()) - len(keys)
        write_marks(LOCALES, language, confirmed(book.marks[language], keys, source, own))
        print(f"{language}: {len(keys)} confirmed" + (f"; {left} still read as the Dutch: confirm each by its full key,"
              " if it is the same in this language" if left else ""))  # fmt: skip
    return 0
