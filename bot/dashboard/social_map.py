"""The social map as an editor sees it: everything in the folder of the municipality, read again when a file changes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path

from bot.dashboard.search import Index
from bot.dashboard.words import id_name, word
from bot.directory import Directory, DirectoryErrors, load
from bot.directory.files import files
from bot.directory.staleness import Aged, Staleness, aged, has_stopped, stale
from bot.folding import fold
from bot.model import Service
from bot.paths import ROOT, gemeente_folder
from bot.settings import Settings

AGES = ("fresh", "ageing", "old", "future", "waiting")
"""How a thing stands: by the days since its last check, or `waiting` where no resident sees it."""

State = tuple[tuple[str, int, int], ...]
"""Of each file: path, moment of its last change, size."""


@dataclass(frozen=True)
class Thing:
    """One file of the map."""

    service: Service
    days: int
    """Since it was checked."""
    age: str
    """One of AGES."""
    path: str
    """Its file, as seen from the folder of the project where it lies inside."""
    status: str | None = None
    """`unconfirmed`, `planned` or `stopped`: why residents do not see it."""
    why: str | None = None


@dataclass(frozen=True)
class SocialMap:
    """The whole map at one moment. `mistakes`: what is wrong in the folder now, while this is the last good map."""

    directory: Directory
    folder: Path
    today: date
    paths: dict[str, Path]
    mistakes: tuple[str, ...] = ()

    @cached_property
    def staleness(self) -> Staleness:
        return stale(self.directory, self.today)

    @cached_property
    def things(self) -> dict[str, Thing]:
        """Everything by id, in the order of its names."""
        return {thing.service.id: thing for thing in sorted(self._things(), key=lambda thing: fold(thing.service.name))}

    @cached_property
    def index(self) -> Index:
        return Index({id_: list(self._said(thing)) for id_, thing in self.things.items()})

    def _things(self) -> Iterator[Thing]:
        stage = self.staleness
        by_age = {one.service.id: age for age in AGES[:-1] for one in getattr(stage, age)}
        for service in self.directory.services.values():
            ended = "stopped" if has_stopped(service, self.today) else None
            yield self._thing(aged(service, self.today), by_age.get(service.id, "waiting"), ended)
        for one in self.directory.unconfirmed.values():
            yield self._thing(aged(one.service, self.today), "waiting", one.status, one.why)

    def _thing(self, one: Aged, age: str, status: str | None, why: str | None = None) -> Thing:
        path = self.paths[one.service.id]
        shown = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
        return Thing(one.service, one.days, age, str(shown), status, why)

    def _said(self, thing: Thing) -> Iterator[tuple[int, str]]:
        """All that a search looks at, each with its weight: the name counts most, then what it is for and where."""
        service, directory = thing.service, self.directory
        yield 3, service.name
        yield 2, service.id
        for text in (service.organisation, service.location, service.address):
            yield 1, text or ""
        yield 1, word(f"map.kinds.{service.kind}")
        for topic in service.topics:
            yield 2, f"{topic} {id_name('topics', topic)}"
        for wijk in service.wijken:
            if wijk in directory.wijken:
                row = directory.wijken[wijk]
                yield 2, " ".join((wijk, row.name, *row.spoken_names))


class Shelf:
    """Where the map lies. A folder with mistakes does not take the last good map away."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.folder = gemeente_folder(settings.gemeente)
        self._state: State | None = None
        self._map: SocialMap | None = None

    def social_map(self) -> SocialMap:
        """The map as it stands in the files now. Raises DirectoryErrors where no good one was ever read."""
        today = self.settings.moment().date()
        state = self._seen()
        if self._map is None or state != self._state:
            self._map = self._read(today)
            self._state = state
        elif self._map.today != today:
            self._map = replace(self._map, today=today)
        return self._map

    def _read(self, today: date) -> SocialMap:
        try:
            return SocialMap(load(self.folder), self.folder, today, files(self.folder))
        except DirectoryErrors as errors:
            if self._map is None:
                raise
            return replace(self._map, today=today, mistakes=tuple(map(str, errors.mistakes)))

    def _seen(self) -> State:
        found = []
        for path in sorted(self.folder.rglob("*.y*ml")):
            with suppress(FileNotFoundError):  # somebody may be putting another map in its place
                about = path.stat()
                found.append((str(path), about.st_mtime_ns, about.st_size))
        return tuple(found)
