"""What was not checked for 90 or 180 days, what has old sources, and what waits for somebody to call."""

from __future__ import annotations

from collections.abc import Mapping

from bot.dashboard.map_report import GROUPS, stale_columns, stale_rows
from bot.dashboard.map_words import day_name
from bot.dashboard.markup import Html, tag, together
from bot.dashboard.pages.social_map.parts import part_choice, section, text_table, thing_link
from bot.dashboard.social_map import SocialMap
from bot.dashboard.words import word


def stale_page(social_map: SocialMap, query: Mapping[str, str]) -> tuple[str, Html]:
    lead = tag("p", word("map.stale.lead", date=day_name(social_map.today)), class_="lead")
    return word("map.stale.title"), together(
        [part_choice("verouderd"), lead, *(_group(social_map, name) for name in GROUPS)]
    )


def _group(social_map: SocialMap, name: str) -> Html:
    things = getattr(social_map.staleness, name)
    title = word(f"map.stale.groups.{name}.title")
    rows = [
        (thing_link(thing.service.id, row[0]), *row[1:])
        for thing, row in zip(things, stale_rows(social_map.staleness, name, social_map.paths), strict=True)
    ]
    table = text_table(title, stale_columns(name), rows) if rows else tag("p", word("map.stale.nothing"))
    return section(name, f"{title} ({len(rows)})", word(f"map.stale.groups.{name}.text"), table)
