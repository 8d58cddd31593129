"""What is understood the short way is what the long way says: our own words, pressed buttons, and each step that skips something."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.choices import is_pressed, offer, payloads
from bot.folding import SPECIAL, fold
from bot.languages import languages
from bot.nlu.local import understanding_for
from bot.nlu.model import Model
from bot.nlu.numbers import NumberReader
from bot.nlu.own_words import MOST, Memory, as_typed, words_to_choose_by
from bot.nlu.place_words import place_words
from bot.nlu.sound import sound, sounds
from bot.nlu.store import learned
from bot.nlu.text import grams
from bot.nlu.tokens import tokens_of
from bot.nlu.understanding import UNCLEAR, Understanding
from bot.paths import NLU
from bot.settings import Settings

OURS = ("ja", "Nee", "hayır", "nie", "sí", "Klarendal", "klarendal", "Weet ik niet", "Ik ben bang", "wstydzę się")
A_RESIDENTS = (
    "ik heb schulden",
    "ja hoor",
    "JA",
    "nee!",
    "ik woon in Klarendal",
    "6822 AB",
    "",
    "~ik wil dood",
    "~1234",
)
LETTERS = st.text(alphabet="aeinoszycjkghwtşłıçń 'ﬁﷺ½٦2\u0301İ", max_size=30)
SOME_NUMBERS = (
    "achtenzestig",
    "acht",
    "sixty",
    "zestigste",
    "dubbel",
    "double",
    "altmış",
    "sesenta",
    "bel",
    "n",
    "en",
    "wijk",
)


@pytest.fixture(scope="module")
def known(model: Path) -> Model:
    return learned(NLU, Settings().var / "models")


@pytest.fixture(scope="module")
def understanding(known: Model) -> Understanding:
    return understanding_for(known, Settings().gemeente)


@pytest.mark.parametrize("text", [*OURS, *A_RESIDENTS])
def test_the_first_and_the_second_time_it_is_understood_as_it_reads(understanding: Understanding, text: str) -> None:
    for language in (None, *languages(), "xx"):
        read = understanding._read(text, language)
        assert [understanding.of(text, language), understanding.of(text, language)] == [read, read]


def test_our_words_are_remembered_and_what_a_resident_writes_is_not(known: Model) -> None:
    fresh = understanding_for(known, Settings().gemeente)
    for text in A_RESIDENTS:
        fresh.of(text, "nl")
        fresh.of("ja", "a language that is none")
    assert fresh._memory._kept.cache_info().currsize == 0
    for text in OURS[:9]:
        fresh.of(text, "nl")
    assert fresh._memory._kept.cache_info().currsize == 9


def test_what_was_understood_may_be_changed(understanding: Understanding) -> None:
    before = understanding.of("klarendal", "nl")
    again = understanding.of("klarendal", "nl")
    again["place"]["wijken"].clear()
    again["intent"]["name"] = "other"
    again["entities"][0]["value"] = "other"
    assert understanding.of("klarendal", "nl") == before != again


def test_memory_is_bounded() -> None:
    words = [f"word {number}" for number in range(MOST + 100)]
    memory = Memory(words, lambda text, language: {"text": text})
    assert [memory.of(word, "nl")["text"] for word in words] == words
    assert memory._kept.cache_info().currsize == MOST


def test_two_municipalities_do_not_share_what_they_know(known: Model) -> None:
    here = understanding_for(known, Settings().gemeente)
    there = Understanding(known, type(here.places)({}, {}), here.own_words)
    assert here.of("Klarendal", "nl")["place"]["wijken"] == ["klarendal"]
    assert there.of("Klarendal", "nl")["place"]["wijken"] == []
    assert here.of("Klarendal", "nl")["place"]["wijken"] == ["klarendal"]


def test_own_words_are_titles_and_words_to_choose_by_and_no_sentences() -> None:
    words = as_typed(words_to_choose_by())
    assert {"ja", "Ja", "hayır", "Geld en schulden", "geld en schulden", "Weet ik niet"} <= words
    assert max(map(len, words)) <= 60


def test_every_button_is_told_from_what_is_typed() -> None:
    for _ in range(200):
        assert all(is_pressed(payload) for payload in payloads(offer([str(number) for number in range(20)])))


@pytest.mark.parametrize(
    "text", ["~", "~ik wil dood", "~1234", "~dead", " ~dead.1", "~dead.1 help", "~dead.١", "dead.1"]
)
def test_nothing_else_is_taken_for_a_button(text: str) -> None:
    assert not is_pressed(text)


@pytest.mark.parametrize("payload", ["~dead.1", "~bbbb.5", "~face.3", "~1234.1", "~0cb0.2", "~6822.1"])
def test_no_letter_of_a_button_is_understood(understanding: Understanding, payload: str) -> None:
    heard = understanding.of(payload, "tr")
    assert heard["intent"]["name"] == UNCLEAR and heard["language"]["code"] == "tr"
    assert not any(heard[key] for key in ("entities", "drempels", "topics", "hints", "maybe", "doubt"))
    assert not any(heard["place"].values())
    assert heard.keys() == understanding.of("ik heb schulden", "tr").keys()


@settings(max_examples=200, deadline=None)
@given(text=LETTERS)
def test_words_sound_the_same_one_by_one_and_in_one_go(text: str) -> None:
    words = tokens_of(text).words
    assert sounds(words) == [sound(word) for word in words] or not words


@settings(max_examples=200, deadline=None)
@given(text=st.text(max_size=40) | LETTERS)
def test_folding_leaves_two_of_a_kind_and_no_accent(text: str) -> None:
    plain = unicodedata.normalize("NFKD", text.replace("İ", "i").lower().translate(SPECIAL))
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    assert fold(text) == re.sub(r"(.)\1{2,}", r"\1\1", plain)


@settings(max_examples=200, deadline=None)
@given(text=st.text(max_size=40) | LETTERS)
def test_pieces_stand_where_they_were_typed(text: str) -> None:
    tokens = tokens_of(text)
    assert "".join(map("".join, zip(tokens.gaps, (*tokens.typed, ""), strict=True))) == text
    for place, typed in enumerate(tokens.typed):
        start, end = tokens.stretch(place, place + 1)
        assert text[start:end] == typed


@settings(max_examples=200, deadline=None)
@given(said=st.lists(st.sampled_from(SOME_NUMBERS) | LETTERS, max_size=5))
def test_no_number_begins_with_letters_that_none_begins_with(said: list[str]) -> None:
    tokens = tokens_of(" ".join(said))
    for reader in map(NumberReader, place_words().numbers):
        for place, word in enumerate(tokens.words):
            if not tokens.numbers[place] and word[:2] not in reader._begins:
                assert reader._one(tokens, place) is None


@pytest.mark.parametrize("text", ["ja", "ik heb schulden en ik heb honger", "nie chcę już żyć", "xq", ""])
def test_messages_are_weighed_and_scored_as_the_formula_says(known: Model, text: str) -> None:
    counts = Counter(known.representation.index[gram] for gram in grams(text) if gram in known.representation.index)
    idf = known.representation.idf[np.array([*counts], np.intp)]
    heavy = (1 + np.log(np.array([*counts.values()], np.float32))) * idf
    places, weights = known.representation.of(text)
    assert places.tolist() == [*counts]
    assert weights.tolist() == (heavy / (float(np.sqrt(np.dot(heavy, heavy))) or 1)).tolist()
    margins = weights @ known.heads.weights[places].astype(np.float32) * known.heads.worth + known.heads.bias
    for head in known.heads.heads:
        own = margins[head.columns.start : head.columns.stop] * head.scale + head.shift
        raised = np.exp(own - own.max())
        wanted = raised / raised.sum() if head.one_of else 1 / (1 + np.exp(-own))
        assert known.heads.scores(places, weights)[head.name].tolist() == wanted.tolist()


@given(
    st.lists(
        st.sampled_from(("schulden", "schulden!", "Zwaanhildis", "borcum", "var", "długi", "6822", "ik")), max_size=8
    )
)
@settings(max_examples=100, deadline=None)
def test_places_of_known_words_are_those_of_their_ngrams(known: Model, said: list[str]) -> None:
    representation, text = known.representation, " ".join(said)
    places, _ = representation.of(text)
    cut = dict.fromkeys(gram for gram in grams(text) if gram in representation.index)
    assert list(places) == [representation.index[gram] for gram in cut]


def test_no_word_is_kept_that_the_material_has_not(known: Model) -> None:
    known.representation.of("ik heb schulden zei Zwaanhildis Quispelaere")
    assert "schulden" in known.representation._in_pieces
    assert not {"zwaanhildis", "quispelaere"} & known.representation._in_pieces.keys()
