"""What a Rasa engineer tries first: `rasa run --debug` beside `rasa run actions --debug`, from the same files."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from tests.conftest import ROOT, free_port, wait_for
from tests.privacy_fixtures import Person, Search, letters, written_since

RASA = Path(sys.executable).with_name("rasa")


@dataclass
class Running:
    """Rasa's two servers, which print all they can."""

    web: httpx.Client
    folder: Path

    def say(self, *lines: str, language: str = "nl") -> list[dict[str, Any]]:
        """A talk of its own; the last answer."""
        said: list[dict[str, Any]] = []
        session = self.web.post("/session", json={"language": language}).json()["session"]
        for line in lines:
            answer = self.web.post("/message", json={"session": session, "message": line})
            said = answer.json()["messages"]
        return said


@pytest.fixture(scope="module")
def running(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("rasa")
    port, actions_port = free_port(), free_port()
    endpoints = yaml.safe_load((ROOT / "endpoints.yml").read_text())
    endpoints["action_endpoint"]["url"] = f"http://127.0.0.1:{actions_port}/webhook"
    (folder / "endpoints.yml").write_text(yaml.safe_dump(endpoints))
    (folder / "tmp").mkdir()
    environ = {
        **os.environ, "DREMPELHULP_VAR": str(folder / "var"), "TMPDIR": str(folder / "tmp"), "PYTHONASYNCIODEBUG": "1",
        "LOG_LEVEL": "DEBUG", "LOG_LEVEL_LIBRARIES": "DEBUG",
    }  # fmt: skip
    log = folder / "rasa.log"
    with log.open("wb") as out:
        servers = [
            subprocess.Popen([RASA, "run", "actions", "--debug", "--port", str(actions_port)], cwd=ROOT, env=environ, stdout=out, stderr=out),
            subprocess.Popen(
                [RASA, "run", "--debug", "--model", str(model), "--endpoints", str(folder / "endpoints.yml"),
                 "-i", "127.0.0.1", "--port", str(port)],
                cwd=ROOT, env=environ, stdout=out, stderr=out,
            ),
        ]  # fmt: skip
    try:
        wait_for(f"http://127.0.0.1:{actions_port}/health", servers[0], log)
        wait_for(f"http://127.0.0.1:{port}/", servers[1], log)
        with httpx.Client(base_url=f"http://127.0.0.1:{port}/webhooks/web", timeout=30) as http:
            yield Running(http, folder)
    finally:
        for server in servers:
            server.terminate()
            server.wait(20)


def test_the_assistant_answers_under_rasas_own_servers(running: Running) -> None:
    said = running.say("nie chcę już żyć", language="pl")
    assert said[0]["language"] == "pl" and "0800-0113" in said[0]["text"]


def test_rasas_own_servers_print_and_keep_no_message_however_much_they_are_asked_to(running: Running) -> None:
    people: dict[Person, str] = {}
    for language, text, person in letters(random.Random(3), 15):
        people[person] = language
        running.say(text, f"{person.name} {person.mail} {person.phone}", language=language)
    printed = (running.folder / "rasa.log").read_text()
    assert len(people) == 5 and "DEBUG" in printed, "nothing was printed, so that nothing was proved"
    search = Search(secret for person in people for secret in person.secrets())
    found = {str(path): search.in_bytes(raw) for path, raw in written_since(0, running.folder).items()}
    assert {path: secrets for path, secrets in found.items() if secrets} == {}
