"""What holds for every need, in both municipalities, at any moment of three years."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from itertools import product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.directory import Directory
from bot.directory.hours import is_open
from bot.model import Need, Route, Service
from bot.routing import REASONS, route, rules
from bot.routing.plain import Plain
from tests.hours_fixtures import Oracle
from tests.routing_fixtures import CITIES, DREMPELS, LANGUAGES, TOPICS, at, city, moments, strange_map, traits

Case = tuple[str, Need, datetime]
"""(municipality, need, moment)"""
WEEK = timedelta(days=7)


def some(words: list[str], most: int) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(sorted(words)), max_size=most, unique=True)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    name = draw(st.sampled_from(CITIES))
    return name, draw(needs(city(name))), draw(times())


@st.composite
def needs(draw: st.DrawFn, directory: Directory) -> Need:
    return Need(
        topics=tuple(draw(some(TOPICS, 4))),
        wijken=tuple(draw(some([*directory.wijken, "atlantis"], 3))),
        drempels=tuple(draw(some(DREMPELS, 3))),
        language=draw(st.sampled_from(LANGUAGES)),
        traits=frozenset(draw(some(traits(), 3))),
        declined=frozenset(draw(some(list(directory.services), 12))),
    )


def times() -> st.SearchStrategy[datetime]:
    seconds = st.integers(0, 3 * 365 * 86400)
    return st.one_of(st.sampled_from(moments()), seconds.map(lambda n: at("2026-01-01T00:00") + timedelta(seconds=n)))


def routed(case: Case) -> list[Route]:
    name, need, moment = case
    return route(need, city(name), moment)


def ids(routes: list[Route]) -> list[str]:
    return [found.service.id for found in routes]


EVERY = settings(max_examples=100, deadline=None)


@cache
def oracle(name: str, id_: str) -> Oracle:
    return Oracle(city(name).services[id_])


def can_be_turned_to(name: str, found: Route, moment: datetime) -> bool:
    """By telephone or at an address, and open now or within seven days; without known hours only by telephone."""
    if found.service.hours is None:
        return found.phone is not None
    truth = oracle(name, found.service.id)
    here = moment.replace(tzinfo=None)
    soon = truth.is_open(moment) or truth.opens_between(here, here + WEEK)
    return soon and bool(found.phone or found.service.address)


@pytest.mark.parametrize("name", CITIES)
def test_whatever_is_asked_the_first_door_opens(name: str) -> None:
    """Every topic, wijk, drempel and language, each at one of the moments in turn, in Voorbeeldstad at two."""
    directory, times = city(name), moments()
    wijken = [(), *((wijk,) for wijk in directory.wijken)]
    all_ = [*product(TOPICS, wijken, [(), *((drempel,) for drempel in DREMPELS)], LANGUAGES)]
    for row, moment in enumerate(times):
        for turn in range(2 if name == "voorbeeldstad" else 1):
            for topic, wijk, drempels, language in all_[(row + 7 * turn) % len(times) :: len(times)]:
                need = Need((topic,), wijk, drempels, language)
                routes = route(need, directory, moment)
                assert 1 <= len(routes) <= 3, (need, moment)
                assert can_be_turned_to(name, routes[0], moment), (need, moment, ids(routes))
                for found in routes:
                    told_as_it_is(name, found, moment)


def told_as_it_is(name: str, found: Route, moment: datetime) -> None:
    """What is said of a door is so."""
    if found.service.hours is None:
        assert found.open_now is None and found.next_open is None
        return
    truth = oracle(name, found.service.id)
    assert (found.open_now is True) == truth.is_open(moment), (found.service.id, moment)
    expected = None if found.open_now else truth.next_opening(moment)
    told = found.next_open and found.next_open.replace(tzinfo=None)
    assert told == expected, (found.service.id, moment)


@EVERY
@given(cases())
def test_one_to_three_different_places_and_the_first_can_be_turned_to(case: Case) -> None:
    name, _, moment = case
    routes = routed(case)
    assert 1 <= len(routes) <= 3
    assert len(set(ids(routes))) == len(routes)
    assert can_be_turned_to(name, routes[0], moment)
    assert all(found.kind == found.service.kind and found.why for found in routes)
    assert all(set(found.why) <= set(REASONS) for found in routes)


@EVERY
@given(cases())
def test_nothing_is_said_to_be_open_that_is_closed(case: Case) -> None:
    name, _, moment = case
    for found in routed(case):
        told_as_it_is(name, found, moment)
        assert found.open_now is is_open(found.service, moment)
        assert ("open_now" in found.why) == (found.open_now is True)


@settings(max_examples=120, deadline=None)
@given(st.integers(0, 10**6), st.data())
def test_the_quick_way_gives_what_looking_at_every_place_gives(seed: int, data: st.DataObject) -> None:
    """On maps on which a place may be anything; asked again and again, sooner and later, when much is known already."""
    directory = strange_map(seed % 50)
    need = data.draw(needs(directory))
    moment = data.draw(
        st.one_of(times(), st.integers(0, 4 * 86400).map(lambda n: at("2026-11-22T00:00") + timedelta(seconds=n)))
    )
    turned = shuffled(directory, seed)
    for later in (timedelta(), timedelta(milliseconds=1), timedelta(minutes=50), timedelta(hours=-20)):
        plain = route(need, directory, moment + later, ordering=Plain)
        assert route(need, directory, moment + later) == plain
        assert route(need, turned, moment + later) == plain


def shuffled(directory: Directory, seed: int) -> Directory:
    """The same map, written down in another order."""
    listed = list(directory.services.items())
    Random(seed).shuffle(listed)
    return replace(directory, services=dict(listed))


@EVERY
@given(cases())
def test_the_same_need_gives_the_same_places_in_whatever_order_the_map_is_written(case: Case) -> None:
    name, need, moment = case
    turned = replace(city(name), services=dict(reversed(city(name).services.items())))
    assert routed(case) == routed(case) == route(need, turned, moment)


@EVERY
@given(cases())
def test_nobody_is_sent_where_it_was_declined_or_is_not_for_them(case: Case) -> None:
    name, need, _ = case
    directory = city(name)
    joining = {id_ for row in rules().heard(need.drempels, need.traits) for id_ in row.joining(need.topics)}
    for found in routed(case):
        service = found.service
        assert service.id not in directory.unconfirmed
        assert service.id not in need.declined or service is directory.floor
        assert not service.traits or need.traits & set(service.traits) or service.id in joining
        if service.kind == "wijkteam":
            known = [wijk for wijk in need.wijken if wijk in directory.wijken]
            assert known and set(known) <= set(service.wijken)


@EVERY
@given(st.one_of(st.sampled_from(CITIES), st.integers(0, 49)), st.data())
def test_what_stands_beside_the_first_is_more_than_a_name(map_: str | int, data: st.DataObject) -> None:
    """On real maps and on strange ones: where it is, when it is open, its own number, or that it is for this need."""
    directory = city(map_) if isinstance(map_, str) else strange_map(map_)
    need = data.draw(needs(directory))
    rows = [rules().topics[topic] for topic in need.topics]
    named = {id_ for row in rows for id_ in row.first}
    named |= {id_ for row in rules().heard(need.drempels, need.traits) for id_ in row.joining(need.topics)}
    for found in route(need, directory, data.draw(times()))[1:]:
        place = found.service
        known = (place.hours, place.address, place.location, place.phone, place.whatsapp, place.topics)
        assert any(known) or place.kind == "wijkteam" or place is directory.floor or place.id in named, place.id


def team_or_floor(name: str, need: Need) -> Service:
    teams = {team.id: team for wijk in need.wijken if (team := city(name).team_of(wijk))}
    return next(iter(teams.values())) if len(teams) == 1 else city(name).floor


@EVERY
@given(cases())
def test_the_own_wijkteam_or_the_gemeente_is_among_the_places(case: Case) -> None:
    name, need, _ = case
    expected = team_or_floor(name, need).id
    assert expected in need.declined or expected in ids(routed(case))


@EVERY
@given(cases())
def test_urgency_puts_the_wijkteam_first_and_before_a_closed_one_only_what_is_open(case: Case) -> None:
    name, need, moment = case
    urgent = replace(need, traits=frozenset({"dringend"}), declined=frozenset())
    first = route(urgent, city(name), moment)[0]
    team = team_or_floor(name, need)
    assert first.service is team or (is_open(team, moment) is False and first.open_now is True)


@EVERY
@given(cases())
def test_every_language_is_sent_to_the_same_doors_but_for_the_languages_spoken_there(case: Case) -> None:
    name, need, moment = case
    found = {
        language: ids(route(replace(need, language=language), without_languages(name), moment))
        for language in LANGUAGES
    }
    assert len({tuple(places) for places in found.values()}) == 1, found


@cache
def without_languages(name: str) -> Directory:
    """The same map without a word on who speaks what."""
    directory = city(name)
    bare = {id_: replace(service, languages=(), interpreter=None) for id_, service in directory.services.items()}
    return replace(directory, services=bare, floor=bare[directory.floor.id])
