"""One server, asked one thing at a time: what its turns took, by the clock and by its own processor time."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from bench.turns.load import Measured, Talks, measured
from bench.turns.servers import Server

WARM, TURNS = 150, 600


def measured_on(server: Server, talks: Talks, turns: int = TURNS) -> dict[str, float]:
    """Milliseconds (median, p99, processor time a turn), megabytes, seconds until it was ready."""
    asyncio.run(measured(server.port, talks, 1, min(WARM, turns)))
    before = seconds_of(server)
    found: Measured = asyncio.run(measured(server.port, talks, 1, turns))
    cpu = (seconds_of(server) - before) * 1000 / len(found.took)
    times = {"median": found.ms(0.5), "p99": found.ms(0.99), "cpu": cpu}
    return {**times, "megabytes": server.megabytes(), "ready": server.ready}


def seconds_of(server: Server) -> float:
    """Processor time that the server has used so far."""
    fields = Path(f"/proc/{server.process.pid}/stat").read_text().rpartition(")")[2].split()
    user, system = int(fields[11]), int(fields[12])
    return (user + system) / os.sysconf("SC_CLK_TCK")
