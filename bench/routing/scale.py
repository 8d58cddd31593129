"""How long a route takes on maps of ten to ten thousand places: python bench/routing/scale.py [HOW_OFTEN]

The maps are Voorbeeldstad's places under new ids: `alike`, all with the same topics and for the whole city; `spread`, over
topics, wijken and languages; `own hours`, alike, but no two open and close together.
Milliseconds of processor time, so that other work on the machine does not count, median and p99:
  another minute   each route at another moment, so that no hours are known yet
  same minute      as when many people ask at once
  first            the very first route on a map
  plain            the definition of the order, bot/routing/plain.py, which looks at every place
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bot.directory import Directory, load
from bot.model import Need, Service
from bot.paths import GEMEENTEN
from bot.routing import route
from bot.routing.plain import Plain
from bot.routing.quick import Quick
from bot.settings import AMSTERDAM
from bot.taxonomy import taxonomy

SIZES = (10, 50, 100, 1_000, 10_000)
TOPICS = ("geld", "wonen", "opvoeding")
START = datetime(2026, 11, 23, 9, 0, tzinfo=AMSTERDAM)
STEP = timedelta(minutes=97)
NEEDS = {
    "one topic": Need(("geld",), ("dorpskern",)),
    "three topics": Need(TOPICS, ("dorpskern",)),
    "and three drempels, urgent": Need(
        TOPICS, ("dorpskern",), ("taal", "schaamte", "bereik"), "tr", frozenset({"dringend"})
    ),
}
HEAD = f"{'map':<10}{'places':>7}  {'need':<28}{'another minute':>16}{'same minute':>16}{'first':>8}{'plain':>9}"


def alike(service: Service, chance: random.Random, town: Directory) -> Service:
    return replace(service, topics=TOPICS, wijken=(), traits=())


def spread(service: Service, chance: random.Random, town: Directory) -> Service:
    return replace(
        service,
        topics=tuple(chance.sample(taxonomy().topics, 2)),
        wijken=tuple(chance.sample(sorted(town.wijken), chance.randint(0, 2))),
        languages=tuple(chance.sample(("nl", "tr", "pl", "pap", "en"), 2)),
        checked=service.checked - timedelta(days=chance.randint(0, 400)),
    )


def own_hours(service: Service, chance: random.Random, town: Directory) -> Service:
    times = (f"{hour + chance.randint(0, 3):02}:{chance.randint(0, 59):02}" for hour in (8, 14))
    return replace(alike(service, chance, town), hours=f"Mo-Fr {'-'.join(times)}; PH off")


MAPS: dict[str, Callable[[Service, random.Random, Directory], Service]] = {
    "alike": alike,
    "spread": spread,
    "own hours": own_hours,
}


def copies(kind: str, size: int) -> Directory:
    """A town with so many places, its teams, its own number and the crisis numbers among them."""
    town, chance = load(GEMEENTEN / "voorbeeldstad"), random.Random(size)
    stay = {id_: s for id_, s in town.services.items() if s.kind in ("crisis", "wijkteam") or s is town.floor}
    models = [service for id_, service in town.services.items() if id_ not in stay]
    made = (replace(models[n % len(models)], id=f"copy-{n:05}") for n in range(max(0, size - len(stay))))
    return replace(town, services=stay | {s.id: MAPS[kind](s, chance, town) for s in made})


def spent(directory: Directory, need: Need, order: type, step: timedelta, times: int) -> list[float]:
    """Milliseconds of so many routes."""
    found = []
    for number in range(times):
        began = time.thread_time()
        route(need, directory, START + number * step, ordering=order)
        found.append((time.thread_time() - began) * 1000)
    return found


def row(kind: str, size: int, name: str, times: int) -> str:
    directory, need = copies(kind, size), NEEDS[name]
    (first,) = spent(directory, need, Quick, STEP, 1)
    cold = _figures(spent(directory, need, Quick, STEP, times + 1)[1:])
    warm = _figures(spent(directory, need, Quick, timedelta(), times + 1)[1:])
    plain = statistics.median(spent(directory, need, Plain, STEP, max(1, 2000 // size)))
    return f"{kind:<10}{size:>7}  {name:<28}{cold:>16}{warm:>16}{first:>8.1f}{plain:>9.2f}"


def _figures(found: list[float]) -> str:
    return f"{statistics.median(found):.2f} {sorted(found)[int(len(found) * 0.99)]:>7.2f}"


def table(times: int) -> Iterator[str]:
    yield HEAD
    for kind in MAPS:
        yield from (row(kind, size, name, times) for size in SIZES for name in NEEDS)


if __name__ == "__main__":
    for line in table(int(sys.argv[1]) if len(sys.argv) > 1 else 500):
        print(line, flush=True)
