"""The command line, as other programs use it."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.conftest import ROOT

KEYS = {"text", "intent", "intent_ranking", "entities", "language", "drempels", "topics"}


def bot(*arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments], cwd=ROOT, input=given, capture_output=True, text=True
    )


def routes(*arguments: str) -> list[dict[str, Any]]:
    ran = bot("route", *arguments)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.count("\n") == 1, "one array on one line"
    return list(json.loads(ran.stdout))


def test_parse_answers_each_line_in_the_contracts_shape(model: Any) -> None:
    lines = ["ik kan mijn rekeningen niet betalen", "", "😀", "أحتاج إلى مساعدة", "x" * 10_000, "Klarendal"]
    ran = bot("parse", given="\n".join(lines) + "\n")
    assert ran.returncode == 0, ran.stderr
    answers = [json.loads(line) for line in ran.stdout.splitlines()]
    assert [answer["text"] for answer in answers] == lines
    assert all(set(answer) >= KEYS for answer in answers)
    assert answers[0]["intent"]["name"] == "hulp_geld"
    assert answers[0]["topics"] == ["geld"]
    assert answers[0]["language"]["code"] == "nl"
    assert answers[3]["language"]["code"] == "und"
    assert answers[5]["entities"][0]["value"] == "klarendal"


def test_parse_stays_in_the_conversations_language_on_one_word(model: Any) -> None:
    ran = bot("parse", "--lang", "tr", given="ok\nschulden\n")
    assert [json.loads(line)["language"]["code"] for line in ran.stdout.splitlines()] == ["tr", "tr"]


def test_route_names_the_wijkteam_of_the_wijk() -> None:
    found = routes("--topic", "geld", "--wijk", "klarendal", "--at", "2026-11-23T09:00")
    assert "wijkteam-noordwest" in [route["id"] for route in found]
    assert all(set(route) >= {"kind", "id", "name", "why", "why_text", "checked"} for route in found)


def test_route_takes_more_topics_a_postcode_and_drempels() -> None:
    found = routes("--topic", "geld", "--topic", "wonen", "--postcode", "6811", "--drempel", "schaamte", "--lang", "tr")
    assert 1 <= len(found) <= 3


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--topic", "dept"), "geld"),
        (("--topic", "geld", "--drempel", "x"), "schaamte"),
        (("--topic", "geld", "--wijk", "nergens"), "klarendal"),
        (("--topic", "geld", "--lang", "xx"), "pap"),
        (("--topic", "geld", "--postcode", "1234"), "6822"),
        ((), "geld"),
    ],
)
def test_an_unknown_id_ends_with_two_and_what_is_known(arguments: tuple[str, ...], told: str) -> None:
    ran = bot("route", *arguments)
    assert ran.returncode == 2
    assert told in ran.stderr
    assert ran.stdout == ""


def test_help_names_every_command() -> None:
    ran = bot("--help")
    for name in ("parse", "route", "statistics", "expire", "check", "run", "serve"):
        assert name in ran.stdout


def test_all_data_are_in_order() -> None:
    ran = bot("check")
    assert ran.returncode == 0, ran.stderr
