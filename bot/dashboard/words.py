"""The names of periods, tables and ids as a civil servant reads them, from locales/nl/dashboard.yml."""

from __future__ import annotations

from typing import Any

from bot.i18n.catalogue import catalogue
from bot.statistics.known import Known
from bot.statistics.measures import MEASURE, UNKNOWN_WIJK
from bot.statistics.periods import grain_of

LANGUAGE = "nl"


def word(key: str, **values: Any) -> str:
    """A text of the dashboard."""
    return catalogue().text(f"dashboard.{key}", LANGUAGE, **values)


def has(key: str) -> bool:
    return catalogue().has(f"dashboard.{key}", LANGUAGE)


def period_name(period: str) -> str:
    """`2026-10` as "oktober 2026", `2026-Q4` as "het vierde kwartaal van 2026"."""
    year, _, rest = period.partition("-")
    grain = grain_of(period)
    if grain == "week":
        return word("grains.week_name", week=int(rest[1:]), year=year)
    if grain == "quarter":
        return word("grains.quarter_name", ordinal=word(f"grains.ordinal.{rest[1:]}"), year=year)
    return word("grains.month_name", month=word(f"grains.months.{rest}"), year=year) if rest else year


def period_short(period: str) -> str:
    """The same for a narrow place: `2026-10` as "okt 26", `2026-Q4` as "4e kwartaal 2026", a week as "W44"."""
    year, _, rest = period.partition("-")
    if grain_of(period) == "quarter":
        return word("grains.quarter_short", quarter=rest[1:], year=year)
    return f"{word(f'grains.months_short.{rest}')} {year[2:]}" if grain_of(period) == "month" else rest or year


def base_of(name: str) -> str:
    """`topics` of `wijk_topics`: the ids are the same."""
    return name.removeprefix(f"{MEASURE[name].by}_")


def id_name(name: str, id_: str) -> str:
    """An id of a table; one that is newer than the words is shown as it is."""
    key = f"ids.{base_of(name)}.{id_ or 'all'}"
    return word(key) if has(key) else id_


def side_name(by: str, id_: str, known: Known) -> str:
    """A wijk or a language."""
    if by == "wijk":
        return word("wijk_unknown") if id_ == UNKNOWN_WIJK else known.wijken.get(id_, id_)
    return word(f"languages.{id_}") if has(f"languages.{id_}") else id_
