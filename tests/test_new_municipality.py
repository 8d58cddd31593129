"""A third municipality, made by the very commands and files of docs/adding-a-municipality.md, in the order of the page."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.checks.map import map_mistakes
from bot.directory import load
from bot.directory.scaffold import TEMPLATE
from bot.directory.yaml_lines import read_yaml
from bot.paths import GEMEENTEN
from tests.conftest import ROOT, start_site

PAGE = ROOT / "docs" / "adding-a-municipality.md"
BLOCK = re.compile(r"^```(sh|yaml|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SERVED = "kaarten/nergenshuizen"
NEW = ("new", "dorp", "--name", "Dorp", "--source", "telefoongids")


@dataclass
class Afternoon:
    """Somebody at a terminal of their own, who does what the page says and nothing else."""

    home: Path
    settings: dict[str, str]
    said: str = ""
    """What the last command printed."""

    @property
    def folder(self) -> Path:
        return self.home / SERVED

    def run(self, line: str) -> subprocess.CompletedProcess[str]:
        """One line of the page in a shell, with the home of this test."""
        if line.startswith("export "):
            name, value = line.removeprefix("export ").split("=", 1)
            self.settings[name] = value.replace("~", str(self.home), 1)
            return subprocess.CompletedProcess(line, 0, "", "")
        line = line.replace(".venv/bin/python", sys.executable)
        environ = {**os.environ, "HOME": str(self.home), **self.settings}
        ran = subprocess.run(["bash", "-c", line], cwd=ROOT, env=environ, capture_output=True, text=True)
        self.said = ran.stdout + ran.stderr
        return ran

    def bot(self, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
        environ = {**os.environ, "HOME": str(self.home), **self.settings}
        command = [sys.executable, "-m", "bot", *arguments]
        return subprocess.run(command, cwd=ROOT, env=environ, input=given, capture_output=True, text=True)

    def write(self, text: str) -> None:
        """A file of the page: its first line says where it comes."""
        path = Path(text.splitlines()[0].removeprefix("# ").replace("~", str(self.home), 1))
        path.write_text(text, encoding="utf-8")


def blocks() -> list[tuple[str, str]]:
    return [(kind, text) for kind, text in BLOCK.findall(PAGE.read_text(encoding="utf-8"))]


@pytest.fixture(scope="module")
def answers() -> dict[str, subprocess.CompletedProcess[str]]:
    """What each command of the page came to, the last time that it stands there."""
    return {}


@pytest.fixture(scope="module")
def afternoon(
    tmp_path_factory: pytest.TempPathFactory, answers: dict[str, subprocess.CompletedProcess[str]]
) -> Afternoon:
    """The page, done from top to bottom. `make run` alone is left to the test that starts the server."""
    somebody = Afternoon(tmp_path_factory.mktemp("home"), {})
    for kind, text in blocks():
        if kind == "yaml":
            somebody.write(text)
        elif kind == "text":
            told(somebody, text)
        else:
            for line in text.splitlines():
                answers[line] = somebody.run(line) if line != "make run" else subprocess.CompletedProcess(line, 0)
    return somebody


def told(somebody: Afternoon, text: str) -> None:
    """Each line of the page was printed, by the home of this test."""
    for line in text.splitlines():
        assert line.replace("…", str(somebody.home)) in somebody.said, f"{line!r} is not in\n{somebody.said}"


def test_every_command_of_the_page_does_what_it_says(
    afternoon: Afternoon, answers: dict[str, subprocess.CompletedProcess[str]]
) -> None:
    assert len(answers) == 8
    for line, ran in answers.items():
        assert ran.returncode == 0, f"{line}\n{ran.stdout}{ran.stderr}"
    routes = {line: json.loads(ran.stdout) for line, ran in answers.items() if " route " in line}
    offered = [[route["id"] for route in found] for found in routes.values()]
    assert offered[0][0] == "buurtpot" and "wijkteam-dorp" in offered[0]
    assert "wijkteam-zilver" in offered[1]
    (heard,) = [json.loads(ran.stdout) for line, ran in answers.items() if line.endswith("parse")]
    assert [entity["value"] for entity in heard["entities"]] == ["brinkdorp"]


def test_the_map_is_that_of_the_page(afternoon: Afternoon) -> None:
    directory = load(afternoon.folder)
    assert (directory.id, directory.name, directory.fictional) == ("nergenshuizen", "Nergenshuizen", True)
    assert [service.id for service in map(directory.team_of, directory.wijken) if service] == [
        "wijkteam-dorp", "wijkteam-dorp", "wijkteam-zilver",
    ]  # fmt: skip
    assert directory.wijken_of_postcode("0042ab") == ("zilverhof",)


def test_a_place_is_heard_by_its_spoken_names_misspelt_and_in_another_language(afternoon: Afternoon) -> None:
    lines = {"ik woon in de zilverflat": "zilverhof", "Molenfeld": "molenveld", "Brinkdorp'ta oturuyorum": "brinkdorp"}
    ran = afternoon.bot("parse", given="\n".join([*lines, "ik woon in Klarendal"]) + "\n")
    heard = [[entity["value"] for entity in json.loads(line)["entities"]] for line in ran.stdout.splitlines()]
    assert heard == [*([wijk] for wijk in lines.values()), []], ran.stderr


def test_nothing_was_trained_anew(afternoon: Afternoon, model: Path) -> None:
    before = sorted(model.parent.iterdir())
    assert afternoon.bot("parse", given="Zilverhof\n").returncode == 0
    assert sorted(model.parent.iterdir()) == before


@pytest.fixture(scope="module")
def chat(afternoon: Afternoon, model: Path) -> Iterator[httpx.Client]:
    site = start_site(afternoon.home / "var", GEMEENTE=str(afternoon.folder))
    with httpx.Client(base_url=site.url, timeout=30) as client:
        yield client
    site.stop()


def test_a_resident_is_led_to_the_places_of_the_new_map(chat: httpx.Client, afternoon: Afternoon) -> None:
    session = chat.post("/webhooks/web/session", json={"language": "nl"}).json()["session"]
    offered: list[dict[str, Any]] = []
    for text in ("ik kan mijn rekeningen niet betalen", "Brinkdorp", "nee", "nee", "nee", "nee", "nee"):
        answer = chat.post("/webhooks/web/message", json={"session": session, "message": text}).json()
        offered = [route for message in answer["messages"] for route in message.get("routes", ())]
        if offered:
            break
    ids = [route["id"] for route in offered]
    assert {"buurtpot", "wijkteam-dorp"} <= set(ids) <= set(load(afternoon.folder).services), ids


def test_an_editor_adds_a_service_with_a_text_editor_and_make_check(
    afternoon: Afternoon, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Path(shutil.copytree(afternoon.folder, tmp_path / "nergenshuizen"))
    monkeypatch.setenv("DREMPELHULP_GEMEENTE", str(folder))
    editor = Afternoon(tmp_path, {})
    one_file = folder / "voorzieningen" / "wasbar.yml"
    one_file.write_text(
        'id: wasbar\nname: Wasbar\ntopics: [etten]\nphone: "0999-000 04"\naccess: [phone]\n'
        'sources: [{title: "Voorbeeld"}]\nchecked: "2026-11-21"\nchecked_by: gebeld\n',
        encoding="utf-8",
    )
    assert "\n\t@$(PYTHON) -m bot check\n" in (ROOT / "Makefile").read_text(encoding="utf-8"), (
        "it is what make check runs"
    )
    checked = editor.bot("check")
    (mistake,) = [line for line in checked.stderr.splitlines() if str(folder) in line]
    assert checked.returncode == 1
    assert mistake.startswith(f"{one_file}:3: ") and mistake.endswith("did you mean 'eten'?")
    one_file.write_text(one_file.read_text(encoding="utf-8").replace("etten", "eten"), encoding="utf-8")
    assert list(map_mistakes()) == []
    routes = json.loads(editor.bot("route", "--topic", "eten", "--wijk", "zilverhof").stdout)
    assert "wasbar" in [route["id"] for route in routes]


def test_a_new_folder_is_read_at_once_and_a_check_tells_what_is_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DREMPELHULP_GEMEENTE", str(tmp_path / "dorp"))
    somebody = Afternoon(tmp_path, {})
    ran = somebody.bot("directory", *NEW, "--phone", "0800-1234", "--cbs-code", "GM9999", "--in", str(tmp_path))
    assert ran.returncode == 0, ran.stderr
    directory = load(tmp_path / "dorp")
    assert (directory.name, directory.cbs_code, directory.floor.phone) == ("Dorp", "GM9999", "0800-1234")
    checked = somebody.bot("directory", "check")
    assert checked.returncode == 1
    to_do = [line for line in (checked.stdout + checked.stderr).splitlines() if "to do: " in line]
    assert len(to_do) == 7 and all(line.startswith(f"{tmp_path}/dorp/gemeente.yml:") for line in to_do)
    assert [line for line in map_mistakes() if "to do: " in line] == to_do


@pytest.mark.parametrize(
    ("given", "told_why"),
    [
        (("--phone", "12"), "phone is '12'"),
        (("--phone", "0999-000 01"), "a number that exists"),
        (("--phone", "0800-1234", "--cbs-code", "0202"), "cbs_code is '0202'"),
        (("--phone", "0800-1234", "--url", "arnhem"), "url is 'arnhem'"),
        ((), "--phone"),
    ],
)
def test_what_cannot_be_right_is_refused_and_nothing_is_made(
    tmp_path: Path, given: tuple[str, ...], told_why: str
) -> None:
    ran = Afternoon(tmp_path, {}).bot("directory", *NEW, *given, "--in", str(tmp_path / "kaarten"))
    assert ran.returncode == 2 and told_why in ran.stderr
    assert not list((tmp_path / "kaarten").glob("*")) and not list((tmp_path / "kaarten").glob(".*"))


def test_a_folder_that_is_there_is_never_written_over(afternoon: Afternoon) -> None:
    before = {path: path.read_bytes() for path in afternoon.folder.rglob("*.yml")}
    ran = afternoon.bot(
        "directory", "new", "nergenshuizen", "--name", "Anders", "--phone", "0800-1234", "--source", "x",
        "--in", str(afternoon.folder.parent),
    )  # fmt: skip
    assert ran.returncode == 2 and "is there already" in ran.stderr
    assert {path: path.read_bytes() for path in afternoon.folder.rglob("*.yml")} == before


@pytest.mark.parametrize("id_", ["112", "113", "veilig-thuis"])
def test_a_new_folder_begins_with_the_numbers_of_the_country_as_arnhem_has_them(id_: str) -> None:
    """But for who answers in that region."""
    regional = {"organisation", "url"} if id_ == "veilig-thuis" else set()
    template = read_yaml(TEMPLATE / "nummers" / f"{id_}.yml").value
    arnhem = read_yaml(GEMEENTEN / "arnhem" / "nummers" / f"{id_}.yml").value
    assert template.items() <= arnhem.items()
    assert {"phone", "crisis", "sources"} <= template.keys()
    assert not regional & template.keys()


def test_a_new_folder_invents_no_number() -> None:
    written = "".join(path.read_text(encoding="utf-8") for path in TEMPLATE.rglob("*.yml"))
    numbers = re.findall(r'phone(?:_alt)?: "([^%"]+)"', written)
    assert sorted(numbers) == ["0800-0113", "0800-2000", "112", "113"]
