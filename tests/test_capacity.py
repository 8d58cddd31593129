"""The arithmetic by which a city's servers are counted."""

from __future__ import annotations

import pytest

from bench.capacity.needs import Costs, Crowd, needs

COSTS = Costs(turn_ms=10, database_ms=2, megabytes=400)


def test_a_small_city_needs_one_assistant_and_a_spare_one() -> None:
    assert needs(Crowd(100), COSTS).processes == 2


def test_twice_as_many_people_need_less_than_twice_as_much_for_chance_evens_out() -> None:
    once, twice = (needs(Crowd(day), COSTS, spare=0) for day in (500_000, 1_000_000))
    assert once.processes < twice.processes <= 2 * once.processes
    assert once.cores < twice.cores < 2 * once.cores


def test_what_is_counted_is_what_was_measured_times_how_often() -> None:
    crowd = Crowd(conversations_a_day=36_000, turns=10, busiest=0.1)
    assert crowd.turns_a_second == 10
    assert crowd.at_the_worst == 13
    found = needs(crowd, Costs(turn_ms=100, database_ms=10, megabytes=1024), load=0.5, spare=1)
    assert (found.processes, round(found.cores, 2), round(found.database_cores, 2), found.gigabytes) == (
        4,
        1.3,
        0.13,
        4,
    )


@pytest.mark.parametrize("load", [0, 1, -0.5])
def test_a_load_that_no_core_can_have_is_refused(load: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        needs(Crowd(100), COSTS, load=load)
