"""What wijken, gebieden, wijkteams and postcodes must agree on."""

from __future__ import annotations

from collections.abc import Iterator

from bot.directory.entry import Entry
from bot.directory.mistakes import Mistake, nearest
from bot.directory.yaml_lines import YamlFile


def territory(wijken: YamlFile, postcodes: list[YamlFile], shown: dict[str, Entry]) -> Iterator[Mistake]:
    """Every wijk in one gebied, every gebied with its team, every postcode once and in wijken that exist."""
    yield from _rows(wijken)
    yield from _teams(wijken, shown)
    yield from _postcodes({row["id"] for row in wijken.value["wijken"]}, postcodes)


def _rows(file: YamlFile) -> Iterator[Mistake]:
    gebieden = {row["id"] for row in file.value["gebieden"]}
    wijken = {row["id"] for row in file.value["wijken"]}
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
        for place, neighbour in enumerate(row.get("neighbours", ())):
            if neighbour not in wijken:
                here = ("wijken", number, "neighbours", place)
                yield file.mistake(
                    here, f"unknown wijk {neighbour!r}", "a wijk of this file", nearest(neighbour, wijken)
                )


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


def _postcodes(wijken: set[str], files: list[YamlFile]) -> Iterator[Mistake]:
    first: dict[str, YamlFile] = {}
    for file in files:
        for code, row in file.value["postcodes"].items():
            place = ("postcodes", code)
            other = first.setdefault(code, file)
            if other is not file:
                what = f"postcode {code} is also in {other.path}"
                yield file.mistake(place, what, "each postcode in one file", "leave one of the two out")
            for number, wijk in enumerate(row["wijken"]):
                if wijk not in wijken:
                    here = (*place, "wijken", number)
                    yield file.mistake(here, f"unknown wijk {wijk!r}", "a wijk of wijken.yml", nearest(wijk, wijken))
