"""What a resident typed is nowhere: not in a file, not in a database, not in a log. Searched for, byte by byte.

`python -m bench.statistics.letters` does the same with a thousand messages.
"""

from __future__ import annotations

import os
import random
import re
import sqlite3
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest

from tests.conftest import ROOT
from tests.privacy_fixtures import Person, Search, letters
from tests.privacy_talks import Talks

MESSAGES = 60
MOMENTS = ("success and error", "crash", "expiry")


@pytest.fixture(scope="module")
def talks(model: Any, tmp_path_factory: pytest.TempPathFactory) -> Talks:
    held = Talks(tmp_path_factory.mktemp("privacy"), MESSAGES, random.Random())
    held.run()
    return held


@pytest.mark.parametrize("moment", MOMENTS)
def test_nothing_that_was_typed_is_in_any_byte_that_was_written(talks: Talks, moment: str) -> None:
    assert talks.found[moment] == {}
    assert talks.searched[moment] > 100_000, "an empty search proves nothing"


def test_turns_broke_down_with_the_message_in_the_exception_and_were_told_by_place_only(talks: Talks) -> None:
    log = (talks.var / "server.log").read_text()
    assert talks.broken >= 3
    assert log.count("RuntimeError at ") >= talks.broken, log[-3000:]


def test_the_ids_that_are_kept_are_found_by_the_same_search(talks: Talks) -> None:
    counts = (talks.var / "statistics.db").read_bytes()
    assert Search(["conversations"]).in_bytes(counts) == {"conversations"}


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux' own")
def test_the_server_leaves_no_core_dump(talks: Talks) -> None:
    assert re.search(r"Max core file size +0 +0", talks.limits)


def test_after_expiry_the_tables_are_empty_and_so_are_their_files(talks: Talks) -> None:
    path = talks.var / "conversations.db"
    environ = {**os.environ, "DREMPELHULP_VAR": str(talks.var), "DREMPELHULP_CONVERSATION_HOURS": "0"}
    run = [sys.executable, "-m", "bot", "expire"]
    again = subprocess.run(run, cwd=ROOT, env=environ, capture_output=True, text=True, check=True)
    assert again.stdout.strip() == "0 ended, 0 counted"
    with sqlite3.connect(path) as database:
        for table in ("events", "conversations", "outbox", "answered"):
            assert database.execute(f"select count(*) from {table}").fetchone() == (0,), table
    left = b"".join(file.read_bytes() for file in path.parent.glob("conversations.db*"))
    assert b"hulp_geld" not in left, "an intent is left on a page or in the write-ahead log"


FORMS: dict[str, Callable[[str], bytes]] = {
    "as it is": str.encode,
    "in capitals": lambda text: text.upper().encode(),
    "in UTF-16": lambda text: text.encode("utf-16-le"),
    "in a URL": lambda text: quote(text).encode(),
    "in base64": lambda text: b64encode(b"z" + text.encode()),
}


@pytest.mark.parametrize("form", FORMS)
def test_the_search_finds_every_secret_wherever_it_begins(form: str) -> None:
    dice = random.Random(1)
    people = [Person.invented(dice) for _ in range(5)]
    search = Search(secret for person in people for secret in person.secrets())
    for secret in (secret for person in people for secret in person.secrets()):
        for before in range(9):
            hidden = b"-" * before + b"/" + FORMS[form](secret) + b"=\n" + b"-" * (9 - before)
            assert secret in search.in_bytes(hidden), (secret, before)


def test_the_letters_hold_valid_numbers_in_five_languages() -> None:
    written = letters(random.Random(2), 300)
    assert {language for language, _, _ in written} == {"nl", "tr", "pl", "pap", "en"}
    for _, _, person in written:
        digits = [int(digit) for digit in person.bsn]
        assert (sum(w * d for w, d in zip(range(9, 1, -1), digits, strict=False)) - digits[8]) % 11 == 0
        turned = person.iban[4:] + person.iban[:4]
        assert int("".join(str(int(letter, 36)) for letter in turned)) % 97 == 1
