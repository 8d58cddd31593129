"""How long a turn, or the clock's own work, holds the loop up: how late a task comes that asks for it every five milliseconds.

`.venv/bin/python -m bench.turns.stalls`, from the project's folder. One resident at a time, for several wait for each other
besides. Lateness counts what other programs take from the machine, too: compare with an idle server, which is measured first.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import sys
import tempfile
import time
from pathlib import Path

from bench.stores import stores
from bench.turns.load import measured
from bench.turns.servers import ours
from bench.turns.talks import Ours

EVERY = 0.005
"""Seconds between two looks."""
TOO_LONG = 20
"""Milliseconds that nothing may hold the loop up."""
TURNS, IDLE = 3000, 10.0


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--serve", type=Path, help="serve, and write what was late into this file")
    given = options.parse_args()
    if given.serve:
        serve(given.serve)
        return 0
    print("| the loop was late, ms | median | p99 | p99.9 | longest | over 20 ms |\n|" + " --- |" * 6)
    var = Path(tempfile.mkdtemp(prefix="drempelhulp-stalls-"))
    try:
        print(row("nobody talks", late_of(var / "idle", 0)), flush=True)
        print(row("one at a time, SQLite", late_of(var / "sqlite", TURNS)), flush=True)
        with stores(var, redis=False) as beside:
            print(row("one at a time, PostgreSQL", late_of(var / "pg", TURNS, TRACKER_URL=beside.url)), flush=True)
    finally:
        shutil.rmtree(var, ignore_errors=True)
    return 0


def late_of(var: Path, turns: int, **settings: str) -> list[float]:
    var.mkdir(parents=True)
    found = var / "late.json"
    with ours(var, workload=("-m", "bench.turns.stalls", "--serve", str(found)), **settings) as server:
        if turns:
            asyncio.run(measured(server.port, Ours(), 1, turns))
        else:
            time.sleep(IDLE)
    return sorted(json.loads(found.read_text()))


def row(name: str, late: list[float]) -> str:
    cells = [late[min(len(late) - 1, int(len(late) * share))] for share in (0.5, 0.99, 0.999, 1)]
    over = sum(moment > TOO_LONG for moment in late)
    return f"| {name} | {' | '.join(f'{cell:.1f}' for cell in cells)} | {over} of {len(late)} |"


def serve(found: Path) -> None:
    """Our server, with a task that looks how late it is called; the first second is the start's."""
    from bot.engine.unused import leave_out_what_is_unused
    from bot.settings import Settings

    settings, late = Settings(), list[float]()
    leave_out_what_is_unused(settings)
    from bot.engine.manners import BoundedProtocol
    from bot.engine.server import create_app

    async def look() -> None:
        while app.ctx.agent is None:
            await asyncio.sleep(EVERY)
        await asyncio.sleep(1)
        while True:
            before = time.perf_counter()
            await asyncio.sleep(EVERY)
            late.append(max(0.0, (time.perf_counter() - before - EVERY) * 1000))

    async def write(*_: object) -> None:
        found.write_text(json.dumps(late))

    app = create_app(settings)
    app.add_task(look())
    app.register_listener(write, "before_server_stop")
    app.run(settings.host, settings.port, access_log=False, motd=False, protocol=BoundedProtocol)


if __name__ == "__main__":
    sys.exit(main())
