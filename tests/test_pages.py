"""The pages that people read name what exists: commands, paths, settings; and the data have no words that Rasa would take."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest
import yaml

from bot.__main__ import COMMANDS
from bot.settings import PREFIX, SETTINGS, Settings, SettingsError
from tests.conftest import ROOT

PAGES = ("README.md", "CONTRIBUTING.md")
RASAS_OWN = {"nlu", "responses", "stories", "rules"}


@pytest.mark.parametrize("page", PAGES)
def test_every_make_target_and_path_that_a_page_names_exists(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"`?make ([a-z-]+)", text)) <= targets
    for path in re.findall(r"`((?:bot|data|docs|tests|locales)/[\w./-]*)`", text):
        assert (ROOT / path).exists(), path


def test_the_readme_is_a_page_not_a_book() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) < 120


def test_every_setting_is_in_the_example_with_its_default() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    for setting in SETTINGS:
        assert f"#{PREFIX}{setting.name}={setting.default or ''}\n" in example + "\n", setting.name


def test_a_setting_that_cannot_be_read_says_which_and_what_was_expected() -> None:
    with pytest.raises(SettingsError, match=r"DREMPELHULP_PORT.*port of the site"):
        Settings({"DREMPELHULP_PORT": "many"})


def test_every_command_is_a_module_with_help() -> None:
    for name in COMMANDS:
        assert importlib.import_module(f"bot.commands.{name.replace('-', '_')}").HELP


def test_rasa_takes_nothing_but_the_rules_for_its_own() -> None:
    """Rasa opens every YAML under data/; four words at the top of a file would make it training data."""
    for path in sorted((ROOT / "data").rglob("*.yml")):
        if path.parent.name != "rules":
            raw = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
            assert not (isinstance(raw, dict) and RASAS_OWN & set(raw)), path


def test_class_paths_in_rasas_files_can_be_imported() -> None:
    """A wrong class path is only a warning to Rasa, and the part would be missing in silence."""
    from rasa.shared.utils.common import class_from_module_path

    found = []
    for name in ("config.yml", "endpoints.yml", "credentials.yml"):
        found += re.findall(r"\b(bot\.[\w.]+\.[A-Z]\w+)", (ROOT / name).read_text())
    assert len(found) >= 5
    for path in found:
        assert class_from_module_path(path)


def test_no_page_names_a_place_of_one_machine() -> None:
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        assert not re.search(r"(?<![\w.])/(?:home|work|Users|root)/", Path(path).read_text(encoding="utf-8")), path
