"""Where the map has nothing, gaps that are alike in one row, and what single things and wijken lack."""

from __future__ import annotations

from collections.abc import Mapping

from bot.dashboard.map_report import SINGLE, gap_columns, gap_row, single_columns
from bot.dashboard.markup import Html, tag, together
from bot.dashboard.pages.social_map.parts import part_choice, section, text_table
from bot.dashboard.social_map import SocialMap
from bot.dashboard.words import word
from bot.directory.gap_groups import grouped
from bot.directory.gaps import MISSING, Gaps, gaps


def gaps_page(social_map: SocialMap, query: Mapping[str, str]) -> tuple[str, Html]:
    found = gaps(social_map.directory, social_map.today)
    parts = [part_choice("gaten"), tag("p", word("map.gaps.lead"), class_="lead")]
    parts += _needs(social_map, found)
    for name, rows_of in SINGLE.items():
        parts.append(_table(f"map.gaps.{name}", name, single_columns(name), rows_of(found, social_map.directory)))
    parts.append(tag("p", word("map.gaps.all_command"), class_="intro"))
    return word("map.gaps.title"), together(parts)


def _needs(social_map: SocialMap, found: Gaps) -> list[Html]:
    groups = grouped(found.needs, social_map.directory)
    return [
        _table(
            f"map.gaps.missing.{missing}",
            missing,
            gap_columns(missing),
            [gap_row(group, social_map.directory) for group in groups if group.missing == missing],
        )
        for missing in MISSING
    ]


def _table(key: str, id_: str, columns: list[str], rows: list) -> Html:
    title = word(f"{key}.title")
    table = text_table(title, columns, rows) if rows else tag("p", word("map.gaps.nothing"))
    return section(id_, f"{title} ({len(rows)})", word(f"{key}.text"), table)
