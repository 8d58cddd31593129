"""How fast the dashboard is on the counters of ten million conversations: python bench/statistics/scale.py [--postgresql]

The counters are those of thirteen months, 24 wijken and five languages, as ten million conversations leave them, put there by
SQL. Then one conversation is added a thousand times, and every page is asked for as a browser does, from the running dashboard.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import httpx

from bot.dashboard.layout import MENU
from bot.model import FinishedConversation
from bot.settings import AMSTERDAM, Settings
from bot.statistics.counting import open_store
from bot.statistics.measures import MEASURES
from bot.statistics.periods import period_of, week_of
from bot.statistics.publication import publish
from bot.statistics.schema import COUNTERS
from bot.statistics.store import Store
from tests.dashboard_fixtures import NOW, TOKEN, serve, stopped
from tests.statistics_fixtures import postgresql_url

CONVERSATIONS = 10_000_000
WEEKS = 57
"""Thirteen months of them."""
EACH = 15
"""How often a page is asked for; the median is told, and the slowest."""
ADDED = 1000
LIMIT = 300
"""Milliseconds that a page may take."""
PATHS = (*MENU.values(), "/wijken?tabel=topics", "/api/v1/tables")
EXPORTS = ("/api/v1/tables/wijk_topics?format=csv", "/api/v1/tables/wijk_topics?format=ods")
"""The largest table as a file. Files are no pages, and may take longer."""


def fill(store: Store, now: datetime) -> int:
    """The counters, each about what the ids of its table share; how many rows that are."""
    dice, rows = random.Random(1), 0
    weeks = [week_of(now - timedelta(weeks=number)) for number in range(1, WEEKS + 1)]
    with store.engine.begin() as connection:
        for measure in MEASURES:
            periods: dict[str, int] = {}
            for week in weeks:
                period = period_of(week, measure.grain)
                periods[period] = periods.get(period, 0) + CONVERSATIONS // WEEKS
            keys = store.known.keys(measure)
            counters = [
                {"period": period, "side": side, "id": id_, "n": max(0, round(dice.gauss(many, many / 4) / len(keys)))}
                for period, many in periods.items() for side, id_ in keys
            ]  # fmt: skip
            connection.execute(COUNTERS[measure.name].insert(), counters)
            rows += len(counters)
    return rows


def adding(store: Store, now: datetime) -> list[float]:
    """Milliseconds that each of a thousand conversations takes to be counted."""
    dice, took = random.Random(2), []
    wijken, topics, drempels = list(store.known.wijken), store.known.ids["topics"], store.known.ids["drempels"]
    for number in range(ADDED):
        talk = FinishedConversation(
            ended=now, language=dice.choice(store.known.languages), channel="web", wijk=dice.choice(wijken),
            topics=tuple(dice.sample(topics, 2)), drempels=((dice.choice(drempels), "heard"),), routes=("wijkteam",),
            unmet=("hour",), outcome="ja", turns_to_route=3, not_understood=1,
        )  # fmt: skip
        took.append(timed(lambda talk=talk, number=number: store.count(talk, f"bench-{number}")))  # type: ignore[misc]
    return took


def timed(do: Callable[[], object]) -> float:
    began = time.perf_counter()
    do()
    return (time.perf_counter() - began) * 1000


@contextmanager
def dashboard(var: Path, url: str) -> Iterator[httpx.Client]:
    process, address = serve(var, DREMPELHULP_DASHBOARD_TOKEN=TOKEN, DREMPELHULP_DATABASE_URL=url)
    with httpx.Client(base_url=address, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=120) as http:
        yield http
    stopped(process)


def line(what: str, took: list[float]) -> None:
    slow = sorted(took)[int(len(took) * 0.95)]
    print(f"{what:48} {median(took):9.1f} {slow:9.1f} {max(took):9.1f}")


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--postgresql", action="store_true", help="on a PostgreSQL of its own instead of SQLite")
    given = arguments.parse_args()
    now = datetime.fromisoformat(NOW).replace(tzinfo=AMSTERDAM)
    slowest = 0.0
    with tempfile.TemporaryDirectory(prefix="drempelhulp-scale-") as folder:
        url = postgresql_url() if given.postgresql else f"sqlite:///{folder}/statistics.db"
        store = open_store(Settings({"DREMPELHULP_VAR": folder, "DREMPELHULP_DATABASE_URL": url}))
        rows = fill(store, now)
        print(f"{CONVERSATIONS:,} conversations, {rows:,} counters, {store.engine.dialect.name}")
        print(f"{'milliseconds':48} {'median':>9} {'95 %':>9} {'slowest':>9}")
        line("publishing thirteen months, once", [timed(lambda: publish(store, now))])
        line("adding one conversation", adding(store, now))
        with dashboard(Path(folder), url) as http:
            for path in (*PATHS, *EXPORTS):
                took = [
                    timed(lambda path=path: http.get(path).raise_for_status())
                    for _ in range(EACH if path in PATHS else 3)
                ]  # type: ignore[misc]
                line(path, took)
                slowest = max(slowest, median(took)) if path in PATHS else slowest
    print(f"the slowest page: {slowest:.0f} ms, of {LIMIT} at most")
    return int(slowest > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
