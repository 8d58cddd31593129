"""A running dashboard with a year of figures, and a reader of its pages."""

from __future__ import annotations

import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest

from bot.model import FinishedConversation
from bot.paths import ROOT
from bot.settings import Settings
from bot.statistics.counting import open_store
from bot.statistics.known import Known
from bot.statistics.tables import Table, tables
from tests.statistics_fixtures import fill as fill_store
from tests.statistics_fixtures import tally

TOKEN = "a token of the gemeente"
NOW = "2027-01-12T10:00"
SERVE = """
import argparse
from bot.commands import dashboard
from bot.settings import Settings
dashboard.run(argparse.Namespace(), Settings())
"""


@dataclass(frozen=True)
class Site:
    """A running dashboard, and somebody who has the token."""

    url: str
    http: httpx.Client
    tables: dict[str, Table]

    def get(self, path: str, **headers: str) -> httpx.Response:
        return self.http.get(self.url + path, headers={"Authorization": f"Bearer {TOKEN}", **headers})


def a_year(known: Known) -> Iterator[FinishedConversation]:
    """Two thousand conversations of 2026, the same ones each time."""
    dice = random.Random(2026)
    wijken, topics, drempels = list(known.wijken)[:7], known.ids["topics"], known.ids["drempels"]
    for _ in range(2000):
        routed = dice.random() < 0.9
        yield FinishedConversation(
            ended=datetime(2026, 1, 5) + timedelta(days=dice.random() * 362),
            language=dice.choices(known.languages, (60, 15, 12, 5, 8))[0],
            channel=dice.choices(("web", "whatsapp"), (3, 1))[0],
            wijk=dice.choice([None, *wijken]),
            topics=tuple(dice.sample(topics, dice.choice((1, 1, 2)))),
            drempels=tuple((drempel, "heard") for drempel in dice.sample(drempels, dice.choice((0, 1, 2)))),
            routes=tuple(dice.sample(known.ids["routes"][1:], dice.choice((1, 2, 3)))) if routed else (),
            unmet=("language",) if dice.random() < 0.1 else (),
            outcome=dice.choice((None, "ja", "ja", "beetje", "nee")) if routed else None,
            turns_to_route=dice.choice((2, 3, 4, 5, 7)) if routed else None,
            not_understood=dice.choices((0, 1, 2, 4), (70, 20, 6, 4))[0],
            crisis=("geweld",) if dice.random() < 0.02 else (),
        )


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def serve(var: Path, **settings: str) -> tuple[subprocess.Popen[str], str]:
    """Starts a dashboard and waits until it answers."""
    port = free_port()
    environment = {
        "DREMPELHULP_VAR": str(var),
        "DREMPELHULP_NOW": NOW,
        "DREMPELHULP_HOST": "127.0.0.1",
        "DREMPELHULP_DASHBOARD_PORT": str(port),
        "PYTHONPATH": str(ROOT),
        "PATH": "",
        **settings,
    }
    process = subprocess.Popen([sys.executable, "-c", SERVE], env=environment, stdout=subprocess.PIPE, text=True)
    url = f"http://127.0.0.1:{port}"
    for _ in range(200):
        try:
            httpx.get(f"{url}/health", timeout=5)
            return process, url
        except httpx.TransportError:
            assert process.poll() is None, "the dashboard stopped"
            time.sleep(0.05)
    raise AssertionError("the dashboard does not answer")


def stopped(process: subprocess.Popen[str]) -> str:
    process.terminate()
    return process.communicate(timeout=10)[0]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    var = tmp_path_factory.mktemp("dashboard")
    store = open_store(Settings({"DREMPELHULP_VAR": str(var)}))
    fill_store(store, tally(a_year(store.known)))
    process, url = serve(var, DREMPELHULP_DASHBOARD_TOKEN=TOKEN)
    with httpx.Client(timeout=20) as http:
        yield Site(url, http, tables(store, datetime.fromisoformat(NOW)))
    stopped(process)


class Page(HTMLParser):
    """What a test wants to know of a page: its elements, each with the names of the elements around it."""

    VOID = ("meta", "link", "input", "rect", "line")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.around: list[int] = []
        self.elements: list[tuple[str, dict[str, str | None], list[int]]] = []
        self.words: list[tuple[str, list[int]]] = []
        self.feed(text)

    def handle_starttag(self, name: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((name, dict(attrs), list(self.around)))
        if name not in self.VOID:
            self.around.append(len(self.elements) - 1)

    def handle_startendtag(self, name: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((name, dict(attrs), list(self.around)))

    def handle_endtag(self, name: str) -> None:
        closed = self.elements[self.around.pop()][0]
        assert closed == name, f"<{closed}> is closed by </{name}>"

    def handle_data(self, data: str) -> None:
        self.words.append((data.strip(), list(self.around)))

    def of(self, name: str) -> list[int]:
        return [number for number, element in enumerate(self.elements) if element[0] == name]

    def inside(self, outer: int, name: str) -> list[int]:
        return [number for number in self.of(name) if outer in self.elements[number][2]]

    def text(self, outer: int) -> str:
        return " ".join(text for text, around in self.words if outer in around and text)
