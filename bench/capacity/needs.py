"""The arithmetic of docs/capacity.md: from how many people talk, and what a turn costs, to processes, cores and memory."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, sqrt

WINDOW = 10
"""Seconds over which a crowd is felt: what comes together for longer is waited for."""
DEVIATIONS = 3
"""How far above the mean such a window may be: people come by chance, and one window in seven hundred is fuller."""


@dataclass(frozen=True)
class Costs:
    """What was measured on one core of the machine it will run on."""

    turn_ms: float
    """Milliseconds of one core that an assistant needs for a turn."""
    database_ms: float
    """The same of the database's processes."""
    megabytes: float
    """Resident memory of one assistant after a soak."""


@dataclass(frozen=True)
class Crowd:
    """How people come."""

    conversations_a_day: float
    turns: float = 8
    """Turns of one conversation, its opening among them."""
    busiest: float = 0.15
    """The share of the day's conversations that falls in its busiest hour."""

    @property
    def turns_a_second(self) -> float:
        """In the busiest hour."""
        return self.conversations_a_day * self.turns * self.busiest / 3600

    @property
    def at_the_worst(self) -> float:
        """Turns a second in the fullest window of that hour."""
        expected = self.turns_a_second * WINDOW
        return (expected + DEVIATIONS * sqrt(expected)) / WINDOW


@dataclass(frozen=True)
class Needs:
    """What has to stand there. `processes` holds the spare ones, `cores` is what is used at the worst."""

    processes: int
    cores: float
    database_cores: float
    gigabytes: float


def needs(crowd: Crowd, costs: Costs, load: float = 0.6, spare: int = 1) -> Needs:
    """`load`: how busy a process may be before its queue is felt; `spare`: processes that may fall out at the worst moment.

    A process uses one core, so it carries `load` of what its core can do, whatever else the machine has.
    """
    if not 0 < load < 1:
        raise ValueError(f"load is {load}; expected a share between 0 and 1")
    busy = crowd.at_the_worst * costs.turn_ms / 1000
    processes = max(1, ceil(busy / load)) + spare
    return Needs(processes, busy, crowd.at_the_worst * costs.database_ms / 1000, processes * costs.megabytes / 1024)
