"""The conversation without Rasa: what is heard, what is asked next, which choice a message takes, what was missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.choices import chosen, offer, payloads
from bot.conversation.agenda import next_slot
from bot.conversation.answering import Words
from bot.conversation.hear import hear
from bot.conversation.heard import Heard
from bot.conversation.meaning import meaning
from bot.conversation.script import read_script
from bot.conversation.state import State
from bot.conversation.turning import back
from bot.conversation.unmet import unmet
from bot.model import Need, Route, Service
from bot.taxonomy import taxonomy

SCRIPT = read_script()
WORDS = Words(yes=frozenset({"ja"}), no=frozenset({"nee"}), counting={"eerste": 1, "twee": 2})
AT_HOME = {"erop_uit": "thuis"}
TITLES = {"geld": "Geld en schulden", "wonen": "Wonen", "schaamte": "Wstydzę się"}


def after(state: State, heard: Heard, words: Words = WORDS) -> State:
    return hear(state, heard, meaning(state, heard, words), SCRIPT, words)


def told(state: State, **heard: Any) -> State:
    return after(state, Heard(id="x", **heard))


@pytest.mark.parametrize(
    ("said", "taken"),
    [
        ("1", "geld"),
        ("twee", "wonen"),
        ("Eerste!", "geld"),
        ("geld en schulden", "geld"),
        ("geld en schulde", "geld"),
        ("schulden", "geld"),
        ("wstydze sie", "schaamte"),
        ("9", None),
        ("iets heel anders", None),
        ("", None),
        ("ik heb zorgen over geld en schulden en nog veel meer dingen die lang zijn", None),
    ],
)
def test_a_choice_is_taken_by_number_ordinal_words_or_nearly(said: str, taken: str | None) -> None:
    assert chosen(said, offer(["geld", "wonen", "schaamte"]), TITLES, WORDS.counting) == taken


def test_a_button_holds_for_its_own_turn_only() -> None:
    before, now = offer(["geld", "wonen"]), offer(["geld", "wonen"])
    assert chosen(payloads(now)[1], now, TITLES, {}) == "wonen"
    assert before["key"] == now["key"] or chosen(payloads(before)[1], now, TITLES, {}) is None


@pytest.mark.parametrize(
    ("state", "asked"),
    [
        (State(), "topic"),
        (State(topic="geld"), "answer"),
        (State(topic="eenzaam", answers=AT_HOME), "place"),
        (State(topic="eenzaam", answers=AT_HOME, place="known"), "drempel"),
        (State(topic="eenzaam", answers=AT_HOME, place="known", drempels={"schaamte": "heard"}), "outcome"),
        (State(topic="eenzaam", answers=AT_HOME, place="refused", drempel="skipped"), "outcome"),
        (State(done=("geld",)), "more"),
        (State(done=("geld",), more="ja"), "topic"),
        (State(more="nee"), None),
        (State(topic="geld", safe="ask"), "safe"),
        (State(topic="geld", safe="stays"), "topic"),
    ],
)
def test_what_is_known_or_refused_is_not_asked(state: State, asked: str | None) -> None:
    assert next_slot(state, SCRIPT) == asked


def test_everything_in_the_first_message_is_heard_at_once() -> None:
    state = told(State(), intent="hulp_geld", topics=("geld", "wonen"), drempels=("schaamte",), wijken=("klarendal",))
    assert (state.topic, state.topics, state.place) == ("geld", ("geld", "wonen"), "known")
    assert state.drempels == {"schaamte": "heard"}


@pytest.mark.parametrize(
    ("topic", "heard", "answers"),
    [
        ("wonen", {"answers": {"moet_eruit": "ja"}}, {"moet_eruit": "ja"}),
        ("wonen", {"answers": {"anoniem_praten": "ja"}}, {}),
        ("opvoeding", {"age": 15}, {"leeftijd": "van_12_tot_18"}),
        ("zorg", {"topics": ("zorg", "mantelzorg")}, {"voor_wie": "ander"}),
        ("geld", {"topics": ("geld", "eten")}, {}),
    ],
)
def test_what_was_said_unasked_is_not_asked(topic: str, heard: dict[str, Any], answers: dict[str, str]) -> None:
    state = told(State(), **{"intent": f"hulp_{topic}", "topics": (topic,), **heard})
    assert state.answers == answers


def test_a_question_about_help_is_answered_and_nothing_else_happens() -> None:
    waiting = State(topic="geld", topics=("geld",), asked="place")
    after = told(waiting, text="kost het geld?", intent="hulp_geld", topics=("werk",), question="gratis")
    assert after == waiting.but(heard_id="x", turns=1)


def test_somebody_may_come_back_to_a_need_that_waits() -> None:
    state = told(State(), intent="hulp_geld", topics=("geld", "wonen"))
    assert told(state, text="eerst wonen", intent="hulp_wonen", topics=("wonen",)).topic == "wonen"
    assert told(state, text="ik heb geen werk", intent="hulp_werk", topics=("werk",)).topic == "geld"


def test_a_wish_brings_the_routes_again_and_goes_with_the_need() -> None:
    state = told(State(topic="eten", topics=("eten",), routed=True, asked="outcome"), traits=("halal",))
    assert not state.routed
    assert "halal" in state.need(frozenset()).traits


def test_a_correction_of_the_place_brings_the_routes_again() -> None:
    state = State(topic="geld", wijken=("klarendal",), place="known", routed=True, asked="outcome")
    assert told(state, intent="waar_woon_ik", wijken=("presikhaaf-west",)).routed is False


def test_no_food_today_makes_a_money_worry_urgent() -> None:
    offered = {**offer(["ja", "nee", "overslaan"]), "for": ["eten_op"]}
    state = told(State(topic="geld", topics=("geld",), asked="answer", offered=offered), text="nee", intent="ontken")
    assert "dringend" in SCRIPT.traits(state)
    assert state.topics == ("geld", "eten")


@pytest.mark.parametrize("text", ["No. He is here", "nee! hij staat buiten", "eh", "misschien", ""])
def test_only_a_clear_yes_is_safe(text: str) -> None:
    state = told(State(safe="asked", doubt="geweld", asked="safe"), text=text)
    assert state.safe == "crisis"
    assert told(State(safe="asked", doubt="geweld", asked="safe"), text="Ja, hoor.").safe == "ja"


@pytest.mark.parametrize(
    ("said", "answer"), [("15", "van_12_tot_18"), ("ze is 3", "tot_4"), ("21 jaar", "boven_18"), ("4", "van_4_tot_12")]
)
def test_an_age_is_an_answer_in_figures(said: str, answer: str) -> None:
    offered = {**offer(["tot_4", "van_4_tot_12", "van_12_tot_18", "boven_18"]), "for": ["leeftijd"]}
    state = told(State(topic="opvoeding", asked="answer", offered=offered), text=said)
    assert state.answers == {"leeftijd": answer}


def test_an_age_is_not_read_in_the_sign_of_a_button() -> None:
    offered = {"key": "f069", "codes": ["tot_4", "van_4_tot_12", "van_12_tot_18", "boven_18"], "for": ["leeftijd"]}
    state = State(topic="opvoeding", asked="answer", offered=offered)
    assert told(state, text="~f069.3").answers == {"leeftijd": "van_12_tot_18"}


@pytest.mark.parametrize("word", ["nee", "ja", "Nee!"])
def test_in_a_plain_yes_or_no_nothing_else_is_read(word: str) -> None:
    offered = {**offer(["eigen_huis", "bij_anderen"]), "for": ["slaapplek"]}
    state = State(topic="wonen", topics=("wonen",), asked="answer", offered=offered)
    heard = told(state, text=word, intent="crisis_geweld", drempels=("geen_netwerk",), topics=("taal",), doubt="geweld")
    assert (heard.drempels, heard.topics, heard.safe) == ({}, ("wonen",), None)


def test_what_was_offered_is_an_answer_also_where_it_sounds_like_danger() -> None:
    offered = {**offer(["mij", "ander"]), "for": ["voor_wie"]}
    words = Words(titles={"mij": "Voor mezelf", "ander": "Voor iemand anders"})
    state = State(topic="zorg", topics=("zorg",), asked="answer", offered=offered)
    heard = Heard(id="x", text="voor mezelf", intent="crisis_zelfdoding")
    assert after(state, heard, words).answers == {"voor_wie": "mij"}


def test_who_goes_on_after_the_question_of_safety_is_not_told_of_a_crisis_again() -> None:
    state = State(safe="asked", doubt="geweld", asked="safe", topics=("geld",))
    assert told(state, text="klarendal", intent="waar_woon_ik", wijken=("klarendal",)).safe == "ja"
    assert told(state, text="eh", intent="buiten_bereik").safe == "crisis"


def test_a_question_that_is_not_answered_twice_is_let_go() -> None:
    offered = {**offer(["met_werk", "zonder_werk"]), "for": ["werk_en_huis"]}
    state = told(State(topic="nieuw", asked="answer", offered=offered), text="tja")
    assert state.answers == {}
    assert told(state, text="hm").answers == {"werk_en_huis": "overslaan"}
    assert told(State(topic="nieuw", asked="answer", offered=offered), text="nee").answers == {
        "werk_en_huis": "zonder_werk"
    }


@pytest.mark.parametrize(("asked", "slot", "value"), [("place", "place", "refused"), ("drempel", "drempel", "skipped")])
def test_no_question_is_a_dead_end(asked: str, slot: str, value: str) -> None:
    state = told(told(State(topic="geld", asked=asked), text="tja"), text="hm")
    assert getattr(state, slot) == value


def test_thanks_after_the_routes_is_an_answer() -> None:
    assert told(State(topic="geld", asked="outcome"), intent="dank", text="dank je").outcomes == ("ja",)
    assert told(State(topic="geld", asked="drempel"), intent="dank", text="dank je").drempel == "skipped"


def test_nowhere_to_sleep_is_a_crisis_also_as_an_answer() -> None:
    offered = {**offer(["eigen_huis", "bij_anderen", "nergens"]), "for": ["slaapplek"]}
    state = told(State(topic="wonen", asked="answer", offered=offered), text="3")
    assert state.safe == "crisis"
    assert state.crisis == ("dakloos",)


def test_back_opens_the_question_before() -> None:
    state = State(topic="geld", answers={"eten_op": "ja"}, trail=("answer:eten_op",))
    assert back(state).answers == {}
    assert back(State(topic="geld", topics=("geld",))).topic is None


def test_what_is_not_understood_is_counted_and_forgiven() -> None:
    once = told(State(asked="topic"))
    assert (once.unclear, once.not_understood) == (1, 1)
    assert told(replace(once), intent="hulp_geld", topics=("geld",)).unclear == 0


def test_a_need_that_is_told_again_is_not_called_unclear() -> None:
    state = State(topic="eenzaam", topics=("eenzaam",), asked="answer")
    assert told(state, text="ik voel me zo alleen", intent="hulp_eenzaam", topics=("eenzaam",)).unclear == 0


ANYTHING = st.builds(
    Heard,
    text=st.sampled_from(["ja", "nee", "1", "2", "~0000.1", "x", "", "Ja."]),
    id=st.just("x"),
    intent=st.sampled_from(taxonomy().intents),
    topics=st.lists(st.sampled_from(taxonomy().topics), max_size=2, unique=True).map(tuple),
    drempels=st.lists(st.sampled_from(taxonomy().drempels), max_size=2, unique=True).map(tuple),
    wijken=st.lists(st.sampled_from(["a", "b"]), max_size=2, unique=True).map(tuple),
    which_wijk=st.booleans(),
    elsewhere=st.booleans(),
    doubt=st.sampled_from([None, "geweld"]),
)


@given(st.lists(ANYTHING, max_size=12))
def test_whatever_is_said_there_is_a_next_question_or_an_end(messages: list[Heard]) -> None:
    state = State(asked="topic")
    for heard in messages:
        state = after(state, heard)
        slot = next_slot(state, SCRIPT)
        assert slot is not None or state.more == "nee"
        assert State.from_slots({**state.changes_since(State())}) == state, "slots hold the whole state"
        question = SCRIPT.next_question(state) if slot == "answer" else None
        choices = [*question.answers, "overslaan"] if question else ["ja", "nee"]
        state = state.but(asked=slot, offered={**offer(choices), "for": [question.id] if question else []})


def place(**facts: Any) -> Route:
    service = Service("x", "voorziening", "X", (), date(2026, 1, 1), "y", **facts.pop("service", {}))
    return Route("voorziening", service, facts.pop("why", ("topic",)), **facts)


@pytest.mark.parametrize(
    ("need", "route", "missing"),
    [
        (Need(("geld",)), place(), ()),
        (Need(("geld",)), place(why=("vangnet",)), ("service",)),
        (Need(("geld",), drempels=("taal",), language="pl"), place(), ("language",)),
        (Need(("geld",), drempels=("taal",), language="pl"), place(service={"languages": ("pl",)}), ()),
        (Need(("geld",), drempels=("bereik",)), place(open_now=False), ("hour",)),
        (Need(("geld",), wijken=("a",)), place(), ("place",)),
        (Need(("geld",), wijken=("a",)), place(service={"address": "Straat 1"}), ()),
        (Need(("eten",), traits=frozenset({"halal"})), place(), ("halal",)),
        (Need(("eten",), traits=frozenset({"halal"})), place(service={"suits": ("halal",)}), ()),
    ],
)
def test_what_was_missing_is_counted(need: Need, route: Route, missing: tuple[str, ...]) -> None:
    assert unmet(need, [route]) == missing
