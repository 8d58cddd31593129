"""Invented personal data in messages of five languages, a server on which some turns break down, and a search of every byte."""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
from base64 import b64decode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tests.conftest import ROOT, Site, free_port, wait_for

SYLLABLES = (
    "kwak",
    "zwaan",
    "quis",
    "brem",
    "ozcan",
    "wrzy",
    "pluk",
    "tjar",
    "mbou",
    "fjeld",
    "snuf",
    "gral",
    "xhos",
    "vlem",
)
BREAKS = "val om"
"""What makes a turn break down on this server, with the message in the exception."""
TEMPLATES = {
    "nl": ("ik ben {name} en ik heb schulden, mijn iban is {iban}", "mijn bsn is {bsn}, mail {mail}", "ik woon {address}, bel {phone}"),
    "tr": ("adım {name}, borcum var, iban {iban}", "bsn numaram {bsn}, e-posta {mail}", "adresim {address}, telefon {phone}"),
    "pl": ("nazywam się {name} i mam długi, konto {iban}", "mój bsn to {bsn}, mail {mail}", "mieszkam {address}, tel {phone}"),
    "pap": ("mi nòmber ta {name}, mi tin debe, iban {iban}", "mi bsn ta {bsn}, email {mail}", "mi ta biba na {address}, yama {phone}"),
    "en": ("my name is {name} and I have debts, iban {iban}", "my bsn is {bsn}, mail {mail}", "I live at {address}, call {phone}"),
}  # fmt: skip
BROKEN_SERVER = f"""
from actions.turn import TurnAction
from bot.__main__ import main
heal = TurnAction.run
async def run(self, dispatcher, tracker, domain):
    said = tracker.latest_message.get("text") or ""
    if {BREAKS!r} in said:
        raise RuntimeError(said)
    return await heal(self, dispatcher, tracker, domain)
TurnAction.run = run
main(["serve"])
"""


@dataclass(frozen=True)
class Person:
    """Somebody who does not exist; every value but the form of it is random."""

    name: str
    bsn: str
    iban: str
    phone: str
    mail: str
    address: str

    @classmethod
    def invented(cls, dice: random.Random) -> Person:
        first, last, street = ("".join(dice.choices(SYLLABLES, k=3)) for _ in range(3))
        postcode = f"{dice.randint(6811, 6846)}{''.join(dice.choices('XQWZ', k=2))}"
        return cls(
            name=f"{first.title()} {last.title()}",
            bsn=bsn(dice),
            iban=iban(dice),
            phone=dice.choice(("06{0}", "+316{0}", "06-{0}")).format(dice.randint(10_000_000, 99_999_999)),
            mail=f"{first}.{last}@{street}.example",
            address=f"{street.title()}straat {dice.randint(1, 999)}, {postcode}",
        )

    def secrets(self) -> Iterator[str]:
        """What is looked for: each value, and the parts of it that tell as much."""
        yield from (
            self.name,
            *self.name.split(),
            self.bsn,
            self.iban,
            self.iban[4:],
            self.phone,
            re.sub(r"\D", "", self.phone),
        )
        yield from (self.mail, self.mail.partition("@")[2], self.address, self.address.split()[0])


def bsn(dice: random.Random) -> str:
    """Nine digits that pass the eleven-test."""
    while True:
        digits = [dice.randint(1, 9), *(dice.randint(0, 9) for _ in range(7))]
        last = sum(weight * digit for weight, digit in zip(range(9, 1, -1), digits, strict=True)) % 11
        if last < 10:
            return "".join(map(str, [*digits, last]))


def iban(dice: random.Random) -> str:
    """A Dutch account number with the right check digits."""
    account = f"{dice.choice(('ABNA', 'INGB', 'RABO'))}{dice.randint(10**8, 10**10 - 1):010d}"
    as_number = int("".join(str(int(letter, 36)) for letter in f"{account}NL00"))
    return f"NL{98 - as_number % 97:02d}{account}"


def letters(dice: random.Random, number: int) -> list[tuple[str, str, Person]]:
    """(language, message, who wrote it), three messages a person, the languages in turn."""
    written: list[tuple[str, str, Person]] = []
    while len(written) < number:
        language = list(TEMPLATES)[len(written) // 3 % len(TEMPLATES)]
        person = Person.invented(dice)
        written += [(language, text.format(**vars(person)), person) for text in TEMPLATES[language]]
    return written[:number]


def start_broken_site(var: Path, **settings: str) -> Site:
    """The real server, with everything on that makes programs talk, its temporary files in `var`, and one action that breaks."""
    port = free_port()
    (var / "tmp").mkdir(parents=True, exist_ok=True)
    if not (var / "models").exists():
        (var / "models").symlink_to(ROOT / "var" / "models")
    talkative = {
        "LOG_LEVEL": "DEBUG",
        "LOG_LEVEL_LIBRARIES": "DEBUG",
        "LOG_LEVEL_RASA": "DEBUG",
        "SANIC_DEBUG": "1",
        "PYTHONASYNCIODEBUG": "1",
    }
    ours = {
        "VAR": str(var),
        "PORT": str(port),
        "HOST": "127.0.0.1",
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        **settings,
    }
    environ = {**os.environ, **talkative, "TMPDIR": str(var / "tmp"), "PYTHONPATH": str(ROOT)}
    environ.update({f"DREMPELHULP_{name}": value for name, value in ours.items()})
    log = var / "server.log"
    with log.open("ab") as out:
        command = [sys.executable, "-c", BROKEN_SERVER]
        process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=out, stderr=out)
    site = Site(f"http://127.0.0.1:{port}", var, process, log)
    wait_for(f"{site.url}/health", process, log)
    return site


def written_since(start: float, *folders: Path) -> dict[Path, bytes]:
    """Every file below the folders that changed since a moment, with its bytes; no environment, no model."""
    skipped = {".venv", ".git", "models", "node_modules"}
    found: dict[Path, bytes] = {}
    for folder in folders:
        for place, below, files in os.walk(folder):
            below[:] = [name for name in below if name not in skipped]
            for path in (Path(place, name) for name in files):
                try:
                    if path.is_file() and path.stat().st_mtime >= start:
                        found[path] = path.read_bytes()
                except FileNotFoundError:  # others are at work in the folder too
                    continue
    return found


SHINGLE = 8
"""Bytes by which a secret is first looked for; shorter ones are no secret."""


class Search:
    """Finds any of thousands of secrets in any number of bytes, wherever it begins, in several ways of writing it."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self.needles = {secret.lower().encode(): secret for secret in secrets if len(secret.encode()) >= SHINGLE}
        self._first = np.sort(np.array([int.from_bytes(n[:SHINGLE], "little") for n in self.needles], dtype=np.uint64))
        self._by_first: dict[bytes, list[bytes]] = {}
        for needle in self.needles:
            self._by_first.setdefault(needle[:SHINGLE], []).append(needle)

    def in_bytes(self, raw: bytes) -> set[str]:
        """The secrets in it: as they are, in UTF-16 (every other byte is zero), escaped for a URL or JSON, or in base64."""
        bare = raw.replace(b"\0", b"")
        turned = re.sub(rb"%([0-9A-Fa-f]{2})", lambda hit: bytes([int(hit[1], 16)]), bare.replace(b"+", b" "))
        packed = b"\n".join(_unpacked(word) for word in re.findall(rb"[A-Za-z0-9+/_-]{12,}", raw))
        return {secret for form in {raw, bare, turned, packed} for secret in self._plain(form.lower())}

    def _plain(self, raw: bytes) -> Iterator[str]:
        for shift in range(min(SHINGLE, len(raw) - SHINGLE + 1)):
            words = np.frombuffer(raw[: len(raw) - (len(raw) - shift) % SHINGLE], np.dtype("<u8"), offset=shift)
            places = np.searchsorted(self._first, words).clip(max=len(self._first) - 1)
            for place in np.flatnonzero(self._first[places] == words):
                begin = int(place) * SHINGLE + shift
                for needle in self._by_first[raw[begin : begin + SHINGLE]]:
                    if raw.startswith(needle, begin) and not _part_of_a_longer_number(raw, begin, needle):
                        yield self.needles[needle]


def _part_of_a_longer_number(raw: bytes, begin: int, needle: bytes) -> bool:
    """Whether digits were found within a longer number, such as a moment in microseconds: that is chance."""
    around = raw[max(begin - 1, 0) : begin] + raw[begin + len(needle) : begin + len(needle) + 1]
    return needle.isdigit() and any(chr(byte).isdigit() for byte in around)


def _unpacked(word: bytes) -> bytes:
    """What a word says where it is base64: it may begin at any of four letters."""
    plain = word.replace(b"-", b"+").replace(b"_", b"/")
    parts = (plain[shift:] for shift in range(4))
    return b"\n".join(b64decode(part + b"A" * (-len(part) % 4)) for part in parts)
