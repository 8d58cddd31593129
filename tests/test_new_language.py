"""A new language, from the command to the last text: invented, in a copy of the project."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.checks.steps import PLACEHOLDER
from tests.conftest import ROOT
from tests.texts_fixtures import Copy

CODE, NAME = "xho", "Íñventado"
OFFERED = "from bot.languages import complete, supported; print(complete(), supported('xho'), supported('xho-NL'))"


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """The project with the new language started, and nothing else done."""
    copy = Copy(tmp_path_factory.mktemp("language"), "data/nlu", "data/rules", "data/places", "tests/conversations")
    ran = copy.command("language", "--code", CODE, "--name", NAME)
    assert ran.returncode == 0, ran.stderr
    return copy


def mistakes(copy: Copy) -> list[str]:
    """What is wrong with the texts of the new language."""
    told = copy.command("texts", "--lang", CODE, "--worst", "0").stdout
    return [line for line in told.splitlines() if line.startswith(("  locales/", "  data/"))]


def checked(copy: Copy) -> list[str]:
    """What `make check` tells about the new language, or about its name on the page of another."""
    return [line for line in copy.python("-m", "bot", "check").stderr.splitlines() if CODE in line]


def translated(value: Any) -> Any:
    """Words of a language that nobody speaks, as long as the Dutch: each e becomes an ë; placeholders stay."""
    if isinstance(value, dict):
        return {name: translated(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [translated(inner) for inner in value]
    kept = PLACEHOLDER.findall(str(value))
    words = PLACEHOLDER.split(str(value))[::2]
    return "".join(word.replace("e", "ë").replace("a", "à") + (f"%{{{kept[n]}}}" if n < len(kept) else "")
                   for n, word in enumerate(words))  # fmt: skip


def test_a_draft_passes_the_check_and_no_resident_sees_it(copy: Copy) -> None:
    assert checked(copy) == []
    assert copy.python("-c", OFFERED).stdout == "['nl', 'tr', 'pl', 'pap', 'en'] nl nl\n"
    assert not [path for path in (copy.folder / "locales").glob("*/website.yml")
                if f"language_{CODE}" in path.read_text(encoding="utf-8")]  # fmt: skip


def test_the_draft_holds_the_dutch_texts_that_residents_read_and_a_place_for_the_rest(copy: Copy) -> None:
    texts = {path.name for path in (copy.folder / "locales" / CODE).iterdir()}
    assert texts == {path.name for path in (copy.folder / "locales" / "en").iterdir()}
    assert copy.read(f"locales/{CODE}/topics.yml").startswith("# Draft")
    assert yaml.safe_load(copy.read(f"locales/{CODE}/topics.yml")) == yaml.safe_load(copy.read("locales/nl/topics.yml"))
    assert yaml.safe_load(copy.read(f"data/plain/{CODE}.yml"))["limits"]["title"] == 20
    for place in (f"data/nlu/{CODE}", f"tests/conversations/{CODE}"):
        assert NAME in copy.read(f"{place}/README.md")
    page = copy.command("texts", "--lang", CODE, "--html", "-").stdout
    assert f"{NAME} beside Dutch" in page and " texts, 0 confirmed" in page


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--code", CODE, "--name", "Anders"), "there already"),
        (("--code", "pl", "--name", "Anders"), "Polski"),
        (("--code", "UK", "--name", "Українська"), "small letters"),
        (("--code", "../x", "--name", "Українська"), "small letters"),
        (("--code", "uk", "--name", " "), "empty"),
        (("--code", "uk", "--name", "Polski"), "there already"),
    ],
)
def test_what_cannot_be_started_is_refused_and_nothing_is_written(
    copy: Copy, arguments: tuple[str, ...], told: str
) -> None:
    before = copy.read("locales/languages.yml")
    ran = copy.command("language", *arguments)
    assert ran.returncode == 2
    assert told in ran.stderr
    assert copy.read("locales/languages.yml") == before
    assert not (copy.folder / "locales" / "uk").exists()


def test_what_lies_there_already_is_not_written_over(copy: Copy) -> None:
    (copy.folder / "data" / "nlu" / "ti").mkdir()
    ran = copy.command("language", "--code", "ti", "--name", "ትግርኛ")
    assert (ran.returncode, "data/nlu/ti" in ran.stderr) == (2, True)


def test_a_draft_is_held_to_the_limits_where_it_is_confirmed_and_to_its_placeholders_everywhere(copy: Copy) -> None:
    topics, talk = f"locales/{CODE}/topics.yml", f"locales/{CODE}/conversation.yml"
    kept = copy.read(topics), copy.read(talk)
    copy.change(topics, "title: Geld en schulden", "title: Gëld ën ook nog schuldën")
    assert mistakes(copy) == []
    assert copy.command("texts", "--confirm", "topics", "--lang", CODE).stdout.startswith(f"{CODE}: 1 confirmed; ")
    (told,) = mistakes(copy)
    assert "topics.yml" in told and "a button holds 20" in told
    copy.change(talk, '  several: "Ik hoor: %{topics}."', '  several: "Ik hoor: %{alles}."')
    assert any("%{alles}" in told for told in mistakes(copy))
    copy.write(topics, kept[0])
    copy.write(talk, kept[1])


def test_a_language_is_complete_when_the_check_asks_for_nothing_more(copy: Copy) -> None:
    copy.change(
        "locales/languages.yml", f"{CODE}:\n  name: {NAME}\n  also: []\n  state: draft\n", f"{CODE}: {{name: {NAME}}}\n"
    )
    asked = "\n".join(checked(copy))
    for what in ("not confirmed yet", f"website.yml: language_{CODE}: is missing", f"data/nlu/{CODE}: hulp_geld has 0"):
        assert what in asked, what
    finish(copy)
    dutch = {
        line.split(": ")[1]
        for line in copy.command("texts", "--lang", "nl", "--worst", "0").stdout.splitlines()[2:]
        if ": " in line
    }
    assert {line.split(": ")[1] for line in checked(copy)} <= dutch, "it is as plain as the Dutch of which it was made"
    assert f"'{CODE}'" in copy.python("-c", OFFERED).stdout


def finish(copy: Copy) -> None:
    """What a translator and those who know the language do, in the order of docs/writing.md."""
    folder = copy.folder / "locales" / CODE
    for path in folder.glob("*.yml"):
        texts = translated(yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader))
        path.write_text(yaml.dump(texts, allow_unicode=True, width=1000), encoding="utf-8")
    website = yaml.safe_load((folder / "website.yml").read_text(encoding="utf-8"))
    dutch = yaml.safe_load(copy.read("locales/nl/website.yml"))
    website |= {name: text for name, text in dutch.items() if name == "direction" or name.startswith("language_")}
    (folder / "website.yml").write_text(yaml.dump(website, allow_unicode=True), encoding="utf-8")
    for path in (copy.folder / "locales").glob("*/website.yml"):
        path.write_text(f"{path.read_text(encoding='utf-8').rstrip()}\nlanguage_{CODE}: {NAME}\n", encoding="utf-8")
    files = sorted({path.stem for path in folder.glob("*.yml")} - {"speech"})  # each language says numbers its own way
    assert copy.command("texts", "--confirm", *files, "--lang", CODE).returncode == 0
    same = [line.split("--confirm ")[1].split()[0] for line in mistakes(copy) if "--confirm" in line]
    if same:  # what has neither an e nor an a reads as the Dutch: confirmed by its full key
        copy.command("texts", "--confirm", *same, "--lang", CODE)
    for path in (copy.folder / "data" / "nlu" / "nl").glob("*.txt"):
        copy.write(f"data/nlu/{CODE}/{path.name}", path.read_text(encoding="utf-8"))


def test_make_hands_code_and_name_over() -> None:
    make = ["make", "-n", "-o", ".venv/.ready", "language", "code=uk", "name=Українська мова", "rtl=yes"]
    alone = {name: value for name, value in os.environ.items() if not name.startswith("MAKE") and name != "MFLAGS"}
    ran = subprocess.run(make, cwd=Path(ROOT), capture_output=True, text=True, env=alone)
    assert ran.stdout.split("-m ")[1].strip() == 'bot language --code "uk" --name "Українська мова" --rtl'
