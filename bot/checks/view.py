"""The translator's view: each text beside its source, where it is said and what is wrong with it, as an HTML page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from itertools import groupby
from pathlib import Path
from string import Template

from bot.checks.book import Book, Finding
from bot.checks.reading import SOURCE, Text
from bot.checks.steps import GEMEENTE, OWN, PLACEHOLDER

TEMPLATE = Path(__file__).with_name("view.html")


def render_view(book: Book, language: str, findings: Iterable[Finding], rare: Mapping[str, list[str]]) -> str:
    """The page for one language. `rare`: the rare words of each key. Of Dutch itself, only the source is shown."""
    wrong: dict[str, list[str]] = {}
    for finding in findings:
        if finding.language == language:
            wrong.setdefault(finding.key, []).append(finding.what)
    keys = _in_order(book, language)
    worded = [key for key in keys if book.has_words(key)]
    values = {
        "lang": escape(language),
        "name": escape(book.states[language].name),
        "state": escape(book.states[language].state),
        "texts": str(len(worded)),
        "confirmed": str(sum(not book.is_behind(language, key) for key in worded)),
        "wrong": str(sum(key in wrong for key in keys)),
        "steps": "".join(
            _step(book, language, step, list(some), wrong, rare)
            for step, some in groupby(keys, lambda key: book.steps[key].step)
        ),
    }
    return Template(TEMPLATE.read_text(encoding="utf-8")).substitute(values)


def _in_order(book: Book, language: str) -> list[str]:
    """Keys as they stand in the Dutch files, those of one step together; what only the translation has comes last."""
    kinds = (GEMEENTE, OWN)
    keys = [key for key in {**book.texts[SOURCE], **book.texts[language]} if book.kind(key) not in kinds]
    first: dict[str, int] = {}
    for number, key in enumerate(keys):
        first.setdefault(book.steps[key].step, number)
    return sorted(keys, key=lambda key: first[book.steps[key].step])  # sorting keeps the files' order within a step


def _step(
    book: Book, language: str, step: str, keys: list[str], wrong: Mapping[str, list[str]], rare: Mapping[str, list[str]]
) -> str:
    rows = "".join(_row(book, language, key, wrong.get(key, []), rare.get(key, [])) for key in keys)
    head = f'<tr><th colspan="4" scope="rowgroup" class="step">{escape(step or "elsewhere")}</th></tr>'
    return f"<tbody>{head}{rows}</tbody>"


def _row(book: Book, language: str, key: str, wrong: list[str], rare: list[str]) -> str:
    source, own = book.texts[SOURCE].get(key), book.texts[language].get(key)
    direction = "rtl" if book.states[language].rtl else "ltr"
    notes = [f'<li class="wrong">{escape(what)}</li>' for what in wrong]
    notes += [f"<li>rare: {escape(', '.join(rare))}</li>"] if rare else []
    behind = ' class="behind"' if book.is_behind(language, key) else ""
    where = own or source
    place = f"{where.path}:{where.line}" if where else ""
    return (
        f'<tr{behind} id="{escape(key)}">'
        f'<th scope="row"><code>{escape(key)}</code><br><small>{escape(place)}</small></th>'
        f'<td lang="{SOURCE}">{_marked(source)}</td><td lang="{escape(language)}" dir="{direction}">{_marked(own)}</td>'
        f"<td><ul>{''.join(notes)}</ul></td></tr>"
    )


def _marked(text: Text | None) -> str:
    """The text with its placeholders set apart; a dash where it is missing."""
    return PLACEHOLDER.sub(lambda found: f"<mark>{found.group()}</mark>", escape(text.text)) if text else "–"
