"""What wijken, gebieden, wijkteams and postcodes must agree on."""

from __future__ import annotations

from collections.abc import Iterator

from bot.directory.entry import Entry
from bot.directory.mistakes import Mistake, nearest
from bot.directory.postcodes import postcode_mistakes
from bot.directory.yaml_lines import YamlFile


def territory(wijken: YamlFile, postcodes: list[YamlFile], shown: dict[str, Entry]) -> Iterator[Mistake]:
    """Every wijk in one gebied, neighbours on both sides, every gebied with its team, every postcode in its wijken."""
    yield from _rows(wijken)
    yield from _neighbours(wijken)
    yield from _teams(wijken, shown)
    yield from postcode_mistakes({row["id"]: row["gebied"] for row in wijken.value["wijken"]}, postcodes)


def _rows(file: YamlFile) -> Iterator[Mistake]:
    gebieden = {row["id"] for row in file.value["gebieden"]}
    for part in ("gebieden", "wijken"):
        ids = [row["id"] for row in file.value[part]]
        for number, id_ in enumerate(ids):
            if id_ in ids[:number]:
                yield file.mistake((part, number, "id"), f"{id_!r} stands here twice", "each id once", "rename one")
    for number, row in enumerate(file.value["wijken"]):
        if row["gebied"] not in gebieden:
            mend = nearest(row["gebied"], gebieden)
            yield file.mistake(
                ("wijken", number, "gebied"), f"unknown gebied {row['gebied']!r}", "a gebied above", mend
            )


def _neighbours(file: YamlFile) -> Iterator[Mistake]:
    """A border has two sides: each of the two wijken names the other, and none itself."""
    named = {row["id"]: row.get("neighbours", ()) for row in file.value["wijken"]}
    for number, row in enumerate(file.value["wijken"]):
        for place, neighbour in enumerate(row.get("neighbours", ())):
            here = ("wijken", number, "neighbours", place)
            if neighbour not in named:
                mend = nearest(neighbour, named)
                yield file.mistake(here, f"unknown wijk {neighbour!r}", "a wijk of this file", mend)
            elif neighbour == row["id"]:
                yield file.mistake(here, f"{neighbour!r} is its own neighbour", "another wijk", "leave it out")
            elif row["id"] not in named[neighbour]:
                what = f"{neighbour!r} does not name {row['id']!r}"
                yield file.mistake(here, what, "neighbours that name each other", f"add it there: {row['id']}")


def _teams(file: YamlFile, shown: dict[str, Entry]) -> Iterator[Mistake]:
    teams = {id_: entry for id_, entry in shown.items() if entry.service.kind == "wijkteam"}
    for number, row in enumerate(file.value["gebieden"]):
        team = teams.get(row["team"])
        if team is None:
            mend = nearest(row["team"], teams)
            yield file.mistake(
                ("gebieden", number, "team"), f"unknown wijkteam {row['team']!r}", "an id of wijkteams/", mend
            )
            continue
        wijken = {wijk["id"] for wijk in file.value["wijken"] if wijk["gebied"] == row["id"]}
        if set(team.service.wijken) != wijken:
            expected = f"those of gebied {row['id']}: {', '.join(sorted(wijken))}"
            yield team.mistake("wijken", "wijken differ from wijken.yml", expected, "make the two the same")
    in_use = {row["team"] for row in file.value["gebieden"]}
    for id_ in teams.keys() - in_use:
        yield teams[id_].mistake(
            "id", f"no gebied has {id_!r}", "a gebied of wijken.yml with this team", "name it there"
        )
