"""Reads the folder of a municipality, data/gemeenten/<id>, into a Directory, or refuses it with every mistake in it."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

from bot.directory.agreement import disagreements
from bot.directory.directory import Directory, Gebied, Postcode, Unconfirmed
from bot.directory.entry import Entry
from bot.directory.mistakes import DirectoryErrors, Mistake, NoFolder, nearest
from bot.directory.schema import mistakes_in, schema
from bot.directory.yaml_lines import YamlFile, read_yaml
from bot.model import Service, Source, Wijk

KINDS = {
    "wijkteams": "wijkteam",
    "spreekuren": "spreekuur",
    "voorzieningen": "voorziening",
    "nummers": "voorziening",
    "loketten": "gemeente",
}
"""What the things in a folder are; a number says `kind: crisis` where it answers a crisis."""
WHOLE = ("gemeente", "wijken")
FIELDS = {field.name for field in fields(Service)}


def load(folder: Path) -> Directory:
    """The map of one municipality. Raises DirectoryErrors with all that is wrong; NoFolder: there is none."""
    if not folder.is_dir():
        raise NoFolder(f"{folder}: no such folder; expected that of a municipality, as data/gemeenten/voorbeeldstad")
    mistakes: list[Mistake] = _strangers(folder)
    whole = {name: _read(folder / f"{name}.yml", name, mistakes) for name in WHOLE}
    postcodes = [_read(path, "postcodes", mistakes) for path in sorted(folder.glob("postcodes*.yml"))]
    files = [
        (kind, _read(path, "service", mistakes))
        for sub, kind in KINDS.items()
        for path in sorted(folder.glob(f"{sub}/*.yml"))
    ]
    if mistakes:
        raise DirectoryErrors(mistakes)
    entries = [_entry(kind, file) for kind, file in files]
    mistakes += disagreements(whole["gemeente"], whole["wijken"], postcodes, entries)
    if mistakes:
        raise DirectoryErrors(mistakes)
    return _directory(folder.name, whole["gemeente"].value, whole["wijken"].value, postcodes, entries)


def _strangers(folder: Path) -> list[Mistake]:
    """YAML files that nobody would read: in a folder with another name, or deeper, or ending on .yaml."""
    expected = {"gemeente.yml", "wijken.yml", *(path.name for path in folder.glob("postcodes*.yml"))}
    read = {*(folder / name for name in expected), *(path for sub in KINDS for path in folder.glob(f"{sub}/*.yml"))}
    found = (path for pattern in ("*.yml", "*.yaml") for path in folder.rglob(pattern) if path not in read)
    where = ", ".join(f"{sub}/" for sub in KINDS)
    return [
        Mistake(path, 0, "nobody reads this file", f"a .yml in {where}", nearest(path.parent.name, KINDS))
        for path in found
    ]


def _read(path: Path, name: str, mistakes: list[Mistake]) -> YamlFile:
    """A file checked against its schema; what is wrong is added to `mistakes`."""
    if not path.is_file():
        mistakes.append(
            Mistake(path, 0, "there is no such file", f"{path.name} in each municipality", "see docs/directory.md")
        )
        return YamlFile(path)
    file = read_yaml(path)
    mistakes += mistakes_in(file, schema(name))
    return file


def _entry(kind: str, file: YamlFile) -> Entry:
    """A file of one thing as a Service, with its status where residents do not see it."""
    given: dict[str, Any] = {key: _frozen(value) for key, value in file.value.items() if key in FIELDS}
    given["kind"] = given.get("kind", kind)
    given["sources"] = tuple(Source(**source) for source in file.value["sources"])
    for day in {"checked", "stopped"} & given.keys():
        given[day] = _day(given[day])
    return Entry(file, kind, Service(**given), file.value.get("status"), file.value.get("why_unconfirmed"))


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _day(text: str) -> date:
    """A day of the calendar; 31 February becomes the first day there is, and `disagreements` tells of it."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return date.min


def _directory(name: str, gemeente: Any, map_: Any, postcodes: list[YamlFile], entries: list[Entry]) -> Directory:
    services = {entry.service.id: entry.service for entry in entries if not entry.status}
    kept_apart = [entry for entry in entries if entry.status]
    in_gebied = {
        row["id"]: tuple(w["id"] for w in map_["wijken"] if w["gebied"] == row["id"]) for row in map_["gebieden"]
    }
    bordered = any("neighbours" in row for row in map_["wijken"])
    return Directory(
        id=name,
        name=gemeente["name"],
        cbs_code=gemeente.get("cbs_code"),
        floor=services[gemeente["floor"]],
        services=services,
        wijken={row["id"]: _wijk(row, () if bordered else in_gebied[row["gebied"]]) for row in map_["wijken"]},
        gebieden={
            row["id"]: Gebied(row["id"], row["name"], row["team"], in_gebied[row["id"]]) for row in map_["gebieden"]
        },
        postcodes={
            code: Postcode(code, tuple(row["wijken"]), row.get("ask", False))
            for file in postcodes
            for code, row in file.value["postcodes"].items()
        },
        unconfirmed={e.service.id: Unconfirmed(e.service, str(e.status), str(e.why)) for e in kept_apart},
        fictional=gemeente.get("fictional", False),
    )


def _wijk(row: dict[str, Any], in_gebied: tuple[str, ...]) -> Wijk:
    """A wijk with its neighbours: those that its row names; where the file names none at all, the others of its gebied."""
    neighbours = tuple(row.get("neighbours", [wijk for wijk in in_gebied if wijk != row["id"]]))
    return Wijk(
        row["id"], row["name"], row["gebied"], tuple(row.get("spoken_names", ())), neighbours, row.get("cbs_code")
    )
