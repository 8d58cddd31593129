"""All texts of all languages, with what each is, how plain it must be, and what it was translated from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.checks.freshness import mark_of, read_marks
from bot.checks.limits import PLAIN, Limits, read_limits
from bot.checks.reading import SOURCE, Text, read_texts
from bot.checks.steps import FORM, GEMEENTE, OWN, PLACEHOLDER, Step, read_steps, read_values, step_of, values_in
from bot.checks.turns import Turn, read_turns
from bot.languages import Language, languages
from bot.paths import LOCALES

LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong with one text, and how to mend it."""

    language: str
    key: str
    what: str


@dataclass(frozen=True)
class Book:
    """What the checks, the list of the worst and the translator's view look at."""

    texts: Mapping[str, Mapping[str, Text]]
    unreadable: tuple[str, ...]
    states: Mapping[str, Language]
    limits: Mapping[str, Limits]
    steps: Mapping[str, Step]
    """For each key, what it is and where it is said."""
    turns: tuple[Turn, ...]
    marks: Mapping[str, Mapping[str, str]]
    """For each language: of what Dutch text each translation was confirmed."""
    examples: Mapping[str, str]

    def kind(self, key: str) -> str:
        return self.steps[key].kind

    def words(self, language: str) -> dict[str, str]:
        return {key: text.text for key, text in self.texts[language].items()}

    def values(self, language: str) -> dict[str, str]:
        return values_in(self.words(language), self.examples)

    def limits_of(self, language: str) -> Limits | None:
        return self.limits.get(language)

    def for_residents(self, language: str) -> set[str]:
        return {key for key in self.texts[language] if self.kind(key) != GEMEENTE}

    def source(self) -> dict[str, str]:
        """The Dutch texts that are translated."""
        return {key: text for key, text in self.words(SOURCE).items() if self.kind(key) not in (GEMEENTE, OWN)}

    def has_words(self, key: str) -> bool:
        """Whether there is anything to translate: not in a code, in how a date is written, in placeholders alone."""
        source = self.texts[SOURCE].get(key)
        return source is not None and self.kind(key) != FORM and bool(LETTER.search(PLACEHOLDER.sub("", source.text)))

    def translated(self, language: str) -> dict[str, str]:
        """The texts of a language that are translations, and so can fall behind."""
        if language == SOURCE:
            return {}
        source = self.source()
        words = self.words(language)
        return {key: text for key, text in words.items() if key in source and self.has_words(key)}

    def is_behind(self, language: str, key: str) -> bool:
        """Whether somebody must look at the translation again, or it is still to be made."""
        if language == SOURCE or not self.has_words(key):
            return False
        return self.marks[language].get(key) != mark_of(self.texts[SOURCE][key].text)

    def is_draft(self, language: str) -> bool:
        return self.states[language].state != "complete"

    def complete(self) -> list[str]:
        return [code for code in self.states if not self.is_draft(code)]

    def is_held(self, language: str, key: str) -> bool:
        """Whether a text must be plain: always, but in a draft only once it is translated and confirmed."""
        if not self.is_draft(language):
            return True
        return key in self.texts[SOURCE] and self.has_words(key) and not self.is_behind(language, key)

    def told(self, finding: Finding) -> str:
        """The finding as one line, by path."""
        text = self.texts[finding.language].get(finding.key)
        file, _, rest = finding.key.partition(".")
        place = str(text) if text else f"locales/{finding.language}/{file}.yml: {rest}"
        return f"{finding.key if '/' in finding.key else place}: {finding.what}"


def read_book(locales: Path = LOCALES, plain: Path = PLAIN) -> Book:
    """Everything from disk, now."""
    texts, unreadable = read_texts(locales)
    steps = read_steps(plain)
    with_limits = [language for language in texts if (plain / f"{language}.yml").is_file()]
    return Book(
        texts=texts,
        unreadable=tuple(unreadable),
        states=languages(locales / "languages.yml"),
        limits={language: read_limits(language, plain) for language in with_limits},
        steps={key: step_of(key, steps) for key in {key for own in texts.values() for key in own}},
        turns=read_turns(plain),
        marks={language: read_marks(locales, language) for language in texts},
        examples=read_values(plain),
    )
