"""The papers say how long each datum lives; here the program is asked whether that is so."""

from __future__ import annotations

import importlib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.checks.retention import FOLDER, PAGE, Datum, page, read
from bot.engine.conversations import Conversations
from bot.engine.tables import DAY_KEYS, open_engine
from bot.settings import SETTINGS

ROWS = read()
UNITS = {
    "seconden": timedelta(seconds=1),
    "minuten": timedelta(minutes=1),
    "uur": timedelta(hours=1),
    "dagen": timedelta(days=1),
}
BY = {"setting", "constant", "days"}


def in_the_program(row: Datum, tmp_path: Path) -> timedelta | int:
    """The term that the program keeps, as a duration or a number of months."""
    assert row.by
    if name := row.by.get("setting"):
        [setting] = [setting for setting in SETTINGS if setting.name == name]
        return timedelta(hours=setting.read(str(setting.default)))
    if "days" in row.by:
        return longest_day_key(tmp_path)
    module, _, constant = row.by["constant"].rpartition(".")
    value: Any = getattr(importlib.import_module(module), constant)
    if row.by.get("unit") == "maanden":
        return int(value)
    if row.by.get("unit") == "dagen":
        return timedelta(days=value)
    return value if isinstance(value, timedelta) else timedelta(seconds=value)


def longest_day_key(tmp_path: Path) -> timedelta:
    """How many days' keys are there at most when somebody talks every day."""
    conversations = Conversations(open_engine(f"sqlite:///{tmp_path}/conversations.db"))
    most = 0
    for day in range(5):
        conversations.pseudonym("somebody", date(2026, 11, 1) + timedelta(days=day))
        with conversations.engine.connect() as connection:
            most = max(most, connection.execute(sa.select(sa.func.count()).select_from(DAY_KEYS)).scalar_one())
    return timedelta(days=most)


@pytest.mark.parametrize("row", [row for row in ROWS if row.kept], ids=lambda row: row.id)
def test_a_term_in_the_papers_is_the_one_that_the_program_keeps(row: Datum, tmp_path: Path) -> None:
    assert row.kept and row.by and len(BY & set(row.by)) == 1
    number, unit = row.kept["number"], row.kept["unit"]
    assert in_the_program(row, tmp_path) == (number if unit == "maanden" else number * UNITS[unit])


def test_the_terms_of_the_contract_are_all_there() -> None:
    terms = {row.id: (row.kept["number"], row.kept["unit"]) for row in ROWS if row.kept}
    assert terms["conversation"] == (24, "uur") and terms["day_keys"] == terms["nonce"] == (48, "uur")
    assert terms["whatsapp_inbox"] == (8, "dagen") and terms["whatsapp_address"] == (24, "uur")
    assert terms["card"] == (40, "dagen") and terms["counters"] == (13, "maanden")


def test_the_page_is_the_one_that_the_data_make() -> None:
    assert (FOLDER / PAGE).read_text(encoding="utf-8") == page(), "run: python -m bot.checks.retention"


def test_every_row_is_whole() -> None:
    assert len({row.id for row in ROWS}) == len(ROWS)
    assert [row.id for row in ROWS if ("%{kept}" in row.term) and not row.kept] == []
    assert [row.id for row in ROWS if bool(row.kept) != bool(row.by)] == []
