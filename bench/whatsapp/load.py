"""A thousand messages through the real server, as Meta sends them: some twice, out of order, while the server is killed.

Run it from the project's folder: `.venv/bin/python -m bench.whatsapp.load`. It counts what a resident would see (answered, twice,
never) and measures how fast Meta gets its receipt, while turns are taken and after each start. A message that got no receipt is
sent again, as Meta does.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.conftest import SECRET, Site, start_site
from tests.whatsapp_fixtures import FakeMeta, Phone, envelope, post

TEXTS = ("ik heb schulden", "ja", "nee", "Klarendal", "ik schaam me")
"""What each resident writes, in this order."""
RETRY = 0.5
"""Seconds before a message without a receipt is sent again."""


@dataclass
class Load:
    """One run. `receipts`: seconds that each receipt took."""

    fake: FakeMeta
    var: Path
    site: Site
    receipts: list[float] = field(default_factory=list)
    again: int = 0
    over: bool = False

    def deliver(self, batch: list[dict[str, Any]]) -> None:
        """Until there is a receipt, as Meta does."""
        while True:
            try:
                begun = time.perf_counter()
                if post(self.site.url, envelope(batch)).status_code == 200:
                    self.receipts.append(time.perf_counter() - begun)
                    return
            except httpx.HTTPError:
                pass
            self.again += 1
            time.sleep(RETRY)

    def kill(self, times: int, every: float) -> None:
        """Kills the server, and starts it again on the same folder."""
        for _ in range(times):
            time.sleep(every)
            if self.over:
                return
            self.site.process.kill()
            self.site.process.wait(10)
            self.site = start_site(self.var, **self.fake.settings())


def batches(messages: list[dict[str, Any]], rng: random.Random) -> Iterator[list[dict[str, Any]]]:
    """One to three messages a request."""
    while messages:
        many = rng.randint(1, 3)
        yield messages[:many]
        messages = messages[many:]


def disorder(rows: list[dict[str, Any]], rng: random.Random, share: float) -> list[dict[str, Any]]:
    """A tenth twice, and every message up to twenty places from its own."""
    twice = rows + rng.sample(rows, int(len(rows) * share))
    return [row for _, row in sorted(enumerate(twice), key=lambda pair: pair[0] % len(rows) + rng.uniform(-20, 20))]


def run(given: argparse.Namespace) -> dict[str, Any]:
    rng = random.Random(given.seed)
    fake = FakeMeta(slow=given.slow)
    var = Path(tempfile.mkdtemp(prefix="whatsapp-load-")) / "var"
    load = Load(fake, var, start_site(var, **fake.settings()))
    phones = [Phone(load.site.url, fake) for _ in range(given.messages // len(TEXTS))]
    now = int(time.time()) - 60
    rows = [phone.text(text, timestamp=str(now + n)) for n, text in enumerate(TEXTS) for phone in phones]
    killer = threading.Thread(target=load.kill, args=(given.kills, given.every))
    begun = time.perf_counter()
    killer.start()
    many = list(batches(disorder(rows, rng, 0.1), rng))
    with ThreadPoolExecutor(given.at_once) as pool:
        for number, batch in enumerate(many):
            time.sleep(max(0.0, begun + given.over * number / len(many) - time.perf_counter()))
            pool.submit(load.deliver, batch)
    told = time.perf_counter() - begun
    _until_quiet(fake)
    load.over = True
    killer.join()
    _until_quiet(fake)
    got = Counter(str(payload["to"]) for payload in fake.sent)
    took = sorted(load.receipts)
    load.site.stop()
    fake.stop()
    return {
        "messages": len(rows),
        "answered": sum(min(got[phone.number], len(TEXTS)) for phone in phones),
        "too often": sum(max(0, got[phone.number] - len(TEXTS)) for phone in phones),
        "never": sum(max(0, len(TEXTS) - got[phone.number]) for phone in phones),
        "kills": given.kills,
        "load of the machine (processes that want a core, of so many cores)": [
            round(os.getloadavg()[0], 1),
            os.cpu_count(),
        ],
        "requests without a receipt, sent again": load.again,
        "receipts": len(took),
        "receipt ms, median": round(took[len(took) // 2] * 1000, 1),
        "receipt ms, 99 %": round(took[int(len(took) * 0.99)] * 1000, 1),
        "seconds until all had a receipt": round(told, 1),
        "seconds until all was answered": round(time.perf_counter() - begun - 2 * QUIET, 1),
    }


QUIET = 3.0
"""Seconds without a new answer after which there will be none."""


def _until_quiet(fake: FakeMeta) -> None:
    last, since = -1, time.monotonic()
    while time.monotonic() - since < QUIET:
        if len(fake.sent) != last:
            last, since = len(fake.sent), time.monotonic()
        time.sleep(0.05)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--messages", type=int, default=1000)
    options.add_argument("--kills", type=int, default=5)
    options.add_argument(
        "--over", type=float, default=40.0, help="seconds over which the messages are spread; 0: at once"
    )
    options.add_argument("--every", type=float, default=8.0, help="seconds between two kills")
    options.add_argument("--at-once", type=int, default=4, help="requests that are under way at the same time")
    options.add_argument("--slow", type=float, default=0.005, help="seconds that Meta takes with each answer")
    options.add_argument("--seed", type=int, default=1)
    os.environ.setdefault("DREMPELHULP_NOW", "2026-11-24T10:30")
    os.environ.setdefault("DREMPELHULP_SECRET_KEY", SECRET)
    found = run(options.parse_args())
    print(json.dumps(found, indent=1))
    return 1 if found["too often"] or found["never"] > found["kills"] else 0


if __name__ == "__main__":
    sys.exit(main())
