"""A server that is killed in the middle: nothing is answered twice, and no word is left behind."""

from __future__ import annotations

import random
import sqlite3
import time
from collections import Counter
from pathlib import Path

import httpx
import pytest

from tests.conftest import start_site
from tests.whatsapp_fixtures import PATH, FakeMeta, Phone, envelope, post

SECRETS = ("Zwaanhildis Quackelbeen", "NL91ABNA0417164300", "6822XQ", "Kwakkelstraat 1234")


def test_after_a_crash_what_waited_is_answered_and_nothing_twice(model: Path, tmp_path: Path) -> None:
    """60 messages with duplicates, out of order, and the server killed in the middle of them."""
    fake = FakeMeta(slow=0.01)
    site = start_site(tmp_path / "var", **fake.settings())
    phones = [Phone(site.url, fake) for _ in range(60)]
    rows = [phone.text("ik heb schulden") for phone in phones]
    some = rows + rows[::10]
    random.Random(7).shuffle(some)
    for start in range(0, len(some), 6):
        assert post(site.url, envelope(some[start : start + 6])).status_code == 200
    fake.wait_for(10)
    site.process.kill()
    site.process.wait(10)
    site = start_site(tmp_path / "var", **fake.settings())
    try:
        fake.wait_for(59)
        Phone(site.url, fake).say("ik heb schulden")  # comes behind all that waited
        got = Counter(str(payload["to"]) for payload in fake.sent)
        assert max(got.values()) == 1
        assert sum(phone.number not in got for phone in phones) <= 1
    finally:
        site.stop()
        fake.stop()


@pytest.fixture(scope="module")
def left(model: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, Path, str]:
    """All bytes that a server leaves after messages that were answered, that wait, and that broke."""
    fake = FakeMeta()
    site = start_site(tmp_path_factory.mktemp("left"), **fake.settings())
    phone, waits = Phone(site.url, fake), Phone(site.url, fake)
    for text in (
        f"ik ben {SECRETS[0]}, ik heb schulden, {SECRETS[1]}",
        f"{SECRETS[3]} {SECRETS[2]}",
        f"ja {SECRETS[0]}",
    ):
        phone.say(text)
    fake.refuse = lambda payload: (503, 0)
    waits.write(f"ik heb schulden {SECRETS[0]}, {SECRETS[2]}, {SECRETS[3]}")
    phone.post([phone.message("image", {"id": "1", "caption": SECRETS[0]})])
    post(site.url, f"{{broken {SECRETS[0]}".encode())
    httpx.post(site.url + PATH, content=SECRETS[0].encode())
    time.sleep(0.5)
    site.process.kill()
    site.process.wait(10)
    fake.stop()
    files = [path for path in site.var.rglob("*") if path.is_file() and "models" not in path.parts]
    return b"\n".join(path.read_bytes() for path in files), site.var, waits.number


@pytest.mark.parametrize("secret", SECRETS)
def test_nothing_that_was_typed_is_on_disk_or_in_a_log(left: tuple[bytes, Path, str], secret: str) -> None:
    for form in (secret.encode(), secret.lower().encode(), secret.split()[0].encode(), secret.encode("utf-16-le")):
        assert form not in left[0]


def test_no_number_and_no_id_of_metas_is_on_disk(left: tuple[bytes, Path, str]) -> None:
    """A message's id at Meta has the telephone number in it."""
    found, _, number = left
    assert b"wamid" not in found
    assert number.encode() not in found
    assert b"hulp_geld" in found, "a control: what is kept is found"


def test_what_waits_keeps_an_address_and_what_is_answered_only_its_id(left: tuple[bytes, Path, str]) -> None:
    with sqlite3.connect(left[1] / "conversations.db") as database:
        rows = database.execute("select state, understanding, address from whatsapp_inbox").fetchall()
    assert {state for state, _, _ in rows} == {"done", "waiting"}
    for state, understanding, address in rows:
        assert (understanding is None) == (address is None) == (state == "done")
