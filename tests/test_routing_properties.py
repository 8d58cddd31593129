"""What holds for every need, in both municipalities, at any moment of three years."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.directory import Directory, load
from bot.directory.hours import is_open
from bot.model import Need, Route
from bot.paths import DATA, GEMEENTEN
from bot.routing import REASONS, route
from bot.settings import AMSTERDAM

TAXONOMY = yaml.safe_load((DATA / "taxonomy.yml").read_text(encoding="utf-8"))
TRAITS = yaml.safe_load((DATA / "schema" / "service.json").read_text(encoding="utf-8"))["properties"]["traits"][
    "items"
]["enum"]
LANGUAGES = list(TAXONOMY["languages"])


@cache
def city(name: str) -> Directory:
    return load(GEMEENTEN / name)


def some(words: list[str], most: int) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(sorted(words)), max_size=most, unique=True)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Need, Directory, datetime]:
    directory = city(draw(st.sampled_from(["arnhem", "voorbeeldstad"])))
    need = Need(
        topics=tuple(draw(some(list(TAXONOMY["topics"]), 4))),
        wijken=tuple(draw(some([*directory.wijken, "atlantis"], 3))),
        drempels=tuple(draw(some(list(TAXONOMY["drempels"]), 3))),
        language=draw(st.sampled_from(LANGUAGES)),
        traits=frozenset(draw(some(TRAITS, 3))),
        declined=frozenset(draw(some(list(directory.services), 12))),
    )
    minutes = draw(st.integers(0, 3 * 366 * 24 * 60))
    return need, directory, datetime(2025, 1, 1, tzinfo=AMSTERDAM) + timedelta(minutes=minutes)


def ids(routes: list[Route]) -> list[str]:
    return [found.service.id for found in routes]


EVERY = settings(max_examples=250, deadline=None)


@EVERY
@given(cases())
def test_one_to_three_different_places_and_the_first_can_be_reached(case: tuple[Need, Directory, datetime]) -> None:
    routes = route(*case)
    assert 1 <= len(routes) <= 3
    assert len(set(ids(routes))) == len(routes)
    assert routes[0].phone or routes[0].service.address
    assert all(found.kind == found.service.kind and found.why for found in routes)
    assert all(set(found.why) <= set(REASONS) for found in routes)


@EVERY
@given(cases())
def test_the_same_need_gives_the_same_places(case: tuple[Need, Directory, datetime]) -> None:
    assert route(*case) == route(*case)


@EVERY
@given(cases())
def test_nothing_is_said_to_be_open_that_is_closed(case: tuple[Need, Directory, datetime]) -> None:
    _, _, moment = case
    for found in route(*case):
        assert found.open_now is is_open(found.service, moment)
        assert ("open_now" in found.why) == (found.open_now is True)
        assert not (found.open_now and found.next_open)
        if found.service.hours is None:
            assert found.open_now is None and found.next_open is None
        if found.next_open:
            assert found.next_open > moment and is_open(found.service, found.next_open) is True


@EVERY
@given(cases())
def test_nobody_is_sent_where_it_was_declined_or_is_not_for_them(case: tuple[Need, Directory, datetime]) -> None:
    need, directory, _ = case
    for found in route(*case):
        service = found.service
        assert service.id not in directory.unconfirmed
        assert service.id not in need.declined or service is directory.floor
        assert not service.traits or need.traits & set(service.traits)
        if service.kind == "wijkteam":
            known = [wijk for wijk in need.wijken if wijk in directory.wijken]
            assert known and set(known) <= set(service.wijken)


@EVERY
@given(cases())
def test_the_own_wijkteam_or_the_gemeente_is_among_the_places(case: tuple[Need, Directory, datetime]) -> None:
    need, directory, _ = case
    teams = {team.id for wijk in need.wijken if (team := directory.team_of(wijk))}
    expected = teams.pop() if len(teams) == 1 else directory.floor.id
    assert expected in need.declined or expected in ids(route(*case))


@EVERY
@given(cases())
def test_urgency_puts_the_wijkteam_first(case: tuple[Need, Directory, datetime]) -> None:
    need, directory, moment = case
    urgent = replace(need, traits=frozenset({"dringend"}), declined=frozenset())
    teams = {team.id for wijk in need.wijken if (team := directory.team_of(wijk))}
    expected = teams.pop() if len(teams) == 1 else directory.floor.id
    assert ids(route(urgent, directory, moment))[0] == expected


@EVERY
@given(cases())
def test_every_language_is_sent_to_the_same_doors_but_for_the_languages_spoken_there(
    case: tuple[Need, Directory, datetime],
) -> None:
    need, directory, moment = case
    bare = without_languages(directory.id)
    found = {language: ids(route(replace(need, language=language), bare, moment)) for language in LANGUAGES}
    assert len({tuple(places) for places in found.values()}) == 1, found


@cache
def without_languages(name: str) -> Directory:
    """The same map without a word on who speaks what."""
    directory = city(name)
    bare = {id_: replace(service, languages=(), interpreter=None) for id_, service in directory.services.items()}
    return replace(directory, services=bare, floor=bare[directory.floor.id])
