"""What each quick part brings alone: processor time of a turn with it left as Rasa has it, in processes by turns.

Run it from the project's folder: `.venv/bin/python -m bench.turns.parts`. Processor time, and the least of several short
stretches, because other programs on the machine spoil clock time first.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.turns.talks import LANGUAGES, situations, words_of
from bot.paths import ROOT

PARTS = ("graph", "actions", "policy", "tracker", "logs", "processor")
CASES = {"all quick": "", **{f"without {part}": part for part in PARTS}, "Rasa's own": ",".join(PARTS)}
STRETCH = 12
"""Conversations between two looks at the processor's clock."""


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--conversations", type=int, default=120)
    options.add_argument("--here", action="store_true", help="measure in this process, and print milliseconds alone")
    given = options.parse_args()
    if given.here:
        print(asyncio.run(_least(given.conversations)))
        return 0
    found: dict[str, list[float]] = {name: [] for name in CASES}
    for _ in range(given.rounds):
        for name, left in CASES.items():
            found[name].append(_in_a_process(left, given.conversations))
    print("| case | ms of processor a turn | x all quick |\n| --- | --- | --- |")
    for name, took in found.items():
        print(f"| {name} | {min(took):.2f} | {min(took) / min(found['all quick']):.2f} |")
    return 0


def _in_a_process(left: str, conversations: int) -> float:
    with tempfile.TemporaryDirectory() as var:
        (Path(var) / "models").symlink_to(ROOT / "var" / "models")
        chosen = {"STOCK_RASA": left, "VAR": var, "NOW": "2026-11-24T10:30", "SECRET_KEY": "for the measurement only"}
        environ = {**os.environ, **{f"DREMPELHULP_{name}": value for name, value in chosen.items()}}
        command = [sys.executable, "-m", "bench.turns.parts", "--here", "--conversations", str(conversations)]
        done = subprocess.run(
            command, cwd=ROOT, env=environ, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        return float(done.stdout.split()[-1])


async def _least(conversations: int) -> float:
    """Milliseconds of processor a turn: of each stretch the best of four, after it was said once."""
    from bot.engine.logs import withhold

    withhold()
    from bot.engine.server import load
    from bot.settings import Settings

    agent = await load(Settings())
    known = situations(LANGUAGES)[:conversations]
    stretches = [known[n : n + STRETCH] for n in range(0, len(known), STRETCH)]
    least = []
    for stretch in stretches:
        await _stretch(agent, stretch)
        least.append(min([await _stretch(agent, stretch) for _ in range(4)]))
    return sum(least) / len(least)


async def _stretch(agent: object, talks: list[tuple[str, list[dict[str, object]]]]) -> float:
    from tests.talk import Talk

    turns, begun = 0, time.process_time()
    for language, said in talks:
        talk = Talk(agent, language)
        await talk.begin()
        for turn in said:
            await talk.say(words_of(turn, talk.messages))
        turns += 1 + len(said)
    return (time.process_time() - begun) * 1000 / turns


if __name__ == "__main__":
    sys.exit(main())
