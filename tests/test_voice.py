"""Sound out and in: what may be said and what is kept, what was heard and what is asked back, and engines that fall over."""

from __future__ import annotations

import io
import os
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy
import pytest
import soundfile

from bot.channels.aloud import HEARD, OURS
from bot.i18n.catalogue import catalogue
from bot.i18n.speech import spoken
from bot.languages import complete
from bot.settings import AMSTERDAM, SettingsError
from bot.voice.audio import encoded
from bot.voice.cache import SoundCache, key_of
from bot.voice.espeak import Espeak
from bot.voice.frames import lengths, packed
from bot.voice.listening import Heard, listener_of, trusted
from bot.voice.process import EngineFailed, EngineProcess, python_command
from bot.voice.speaking import Sound, speaker_of
from bot.voice.voice import MOST_LETTERS
from tests.voice_fixtures import ASKED, MP3, OPUS, session, settings_in, sound_site, the_asked

NOW = datetime(2026, 11, 24, 10, 30, tzinfo=AMSTERDAM)
LISTENING = {"LISTENER": "tests.voice_fixtures:HearsItsOwnBytes"}
SENTENCES = {
    "nl": "Goedemiddag. Wat speelt er bij je?",
    "tr": "Merhaba. Ne oldu, anlatır mısınız?",
    "pl": "Dzień dobry. Co się dzieje?",
    "pap": "Bon tardi. Kiko ta pasando?",
    "en": "Good afternoon. What is going on?",
}


def kept(var: Path) -> list[Path]:
    return sorted((var / "sound").glob("*")) if (var / "sound").is_dir() else []


# ---- the voice ----


@pytest.mark.parametrize("language", complete())
async def test_every_language_has_a_voice_of_its_own(language: str) -> None:
    espeak = Espeak()
    said, dutch = [await espeak.say(SENTENCES[language], code) for code in (language, "nl")]
    await espeak.stop()
    assert 1 < said.seconds < 8
    assert numpy.abs(numpy.frombuffer(said.samples, "<i2")).max() > 3000, "it is to be heard"
    assert language == "nl" or abs(said.seconds - dutch.seconds) > 0.1


async def test_a_language_without_a_voice_is_not_said_in_another() -> None:
    espeak = Espeak()
    assert not espeak.speaks("und")
    with pytest.raises(EngineFailed, match="und"):
        await espeak.say("Hallo", "und")


@pytest.mark.parametrize("form", ["ogg", "mp3"])
@pytest.mark.parametrize("rate", [16_000, 22_050, 24_000])
def test_a_file_sounds_as_long_and_as_high_as_what_was_said(form: str, rate: int) -> None:
    tone = (numpy.sin(numpy.arange(rate) * 2 * numpy.pi * 440 / rate) * 9000).astype("<i2")
    samples, back = soundfile.read(io.BytesIO(encoded(Sound(tone.tobytes(), rate), form)))
    assert abs(len(samples) / back - 1) < 0.15
    spectrum = numpy.abs(numpy.fft.rfft(samples))
    assert abs(spectrum.argmax() * back / len(samples) - 440) < 5


def test_an_unknown_engine_is_said_with_those_that_are_known(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"DREMPELHULP_SPEAKER is 'parrot'.*espeak, none"):
        speaker_of(settings_in(tmp_path, SPEAKER="parrot"))
    with pytest.raises(SettingsError, match=r"DREMPELHULP_LISTENER is 'ear:'"):
        listener_of(settings_in(tmp_path, LISTENER="ear:"))


# ---- what is kept ----


def test_the_cache_is_bounded_and_forgets_what_nobody_asked_for_longest(tmp_path: Path) -> None:
    cache = SoundCache(tmp_path, 250)
    cache.put("a", b"x" * 100, NOW)
    cache.put("b", b"x" * 100, NOW + timedelta(days=1))
    assert cache.get("a", NOW + timedelta(days=2)) is not None
    cache.put("c", b"x" * 100, NOW + timedelta(days=3))
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 250
    assert cache.get("b", NOW) is None, "a was asked for again, b was not"
    assert cache.get("a", NOW) == cache.get("c", NOW) == b"x" * 100


def test_no_hour_can_be_read_from_what_is_kept(tmp_path: Path) -> None:
    cache = SoundCache(tmp_path, 1000)
    cache.put("a", b"x", NOW)
    cache.get("a", NOW + timedelta(hours=5))
    [path] = tmp_path.iterdir()
    assert datetime.fromtimestamp(path.stat().st_mtime, AMSTERDAM) == datetime(2026, 11, 24, tzinfo=AMSTERDAM)


def test_a_folder_that_cannot_be_written_is_no_reason_to_be_silent(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    cache = SoundCache(tmp_path / "file", 1000)
    cache.put("a", b"x", NOW)
    assert cache.get("a", NOW) is None


def test_a_key_tells_its_parts_apart() -> None:
    assert len({key_of("a", "bc"), key_of("ab", "c"), key_of("abc"), key_of("a", "b", "c")}) == 4


# ---- POST /stem ----


def asking(sounds: Any, text: str, language: str = "nl", whose: str = OURS, form: str = "ogg") -> dict[str, str]:
    mark = sounds.marks.mark(text, language, whose)
    return {"text": text, "language": language, "mark": mark, "format": form}


async def test_a_message_is_read_aloud_in_both_formats_and_said_once(tmp_path: Path) -> None:
    async with sound_site(tmp_path) as (client, sounds):
        [message] = sounds.aloud.given([ASKED])
        for form, starts in (("ogg", OPUS), ("mp3", MP3)):
            answer = await client.post("/stem", json={**message["aloud"], "format": form})
            assert answer.status_code == 200 and answer.content.startswith(starts)
            assert answer.headers["cache-control"] == "no-store"
            assert (await client.post("/stem", json={**message["aloud"], "format": form})).content == answer.content
        assert len(kept(tmp_path)) == 2
        assert all(ASKED["text"].encode() not in path.read_bytes() for path in kept(tmp_path))


@pytest.mark.parametrize(
    "change",
    [{"text": "Zeg iets lelijks"}, {"language": "tr"}, {"mark": "0" * 32}, {"mark": ""}, {"mark": "é"}],
    ids=["other words", "another language", "another mark", "no mark", "no letters of a mark"],
)
async def test_the_server_says_nothing_but_its_own_words(change: dict[str, str], tmp_path: Path) -> None:
    async with sound_site(tmp_path) as (client, sounds):
        answer = await client.post("/stem", json={**asking(sounds, "In welke wijk woon je?"), **change})
        assert (answer.status_code, answer.json()) == (403, {"error": "not_ours"})
        assert kept(tmp_path) == []


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{", b'"text"', b"[" * 5000, b'{"text": "a"}', b'{"text": 1, "language": 2, "mark": 3, "format": 4}'],
    ids=["nothing", "a list", "half", "a text", "deep", "too little", "no texts"],
)
async def test_what_is_no_question_is_answered_clearly(body: bytes, tmp_path: Path) -> None:
    async with sound_site(tmp_path) as (client, sounds):
        assert (await client.post("/stem", content=body)).status_code == 400
        for change in ({"format": "../x"}, {"text": "a" * (MOST_LETTERS + 1)}):
            assert (await client.post("/stem", json={**asking(sounds, "Ja"), **change})).status_code == 400


async def test_words_of_a_resident_are_said_and_never_kept(tmp_path: Path) -> None:
    async with sound_site(tmp_path) as (client, sounds):
        answer = await client.post("/stem", json=asking(sounds, "Ik hoorde: ik heb schulden.", whose=HEARD))
        assert answer.content.startswith(OPUS)
        assert kept(tmp_path) == []


async def test_another_site_gets_no_sound_unless_it_is_named(tmp_path: Path) -> None:
    async with sound_site(tmp_path, ALLOWED_ORIGINS="https://www.gemeente.example") as (client, sounds):
        for origin, status in (("https://www.gemeente.example", 200), ("https://www.gemeente.example.evil", 403)):
            answer = await client.post("/stem", json=asking(sounds, "Ja"), headers={"Origin": origin})
            assert answer.status_code == status
            assert answer.headers.get("access-control-allow-origin") == (origin if status == 200 else None)


async def test_without_a_voice_no_message_can_be_read_aloud(tmp_path: Path) -> None:
    async with sound_site(tmp_path, SPEAKER="none") as (client, sounds):
        assert sounds.aloud.given([ASKED]) == [ASKED]
        assert (await client.post("/stem", json=asking(sounds, "Ja"))).status_code == 404


async def test_a_message_is_read_with_its_places_before_its_choices(tmp_path: Path) -> None:
    route = {
        "name": "Inloop De Brug", "why_text": "het is dichtbij", "phone": "026 123 4567", "address": "Straat 11, 6822 AB Arnhem",
        "hours_text": "Vandaag open van 10:00 tot 12:00 uur", "say": "Ik heb een brief.", "cost": "gratis", "untranslated": ["cost"],
    }  # fmt: skip
    message = {
        "text": "Hier kun je terecht.", "spoken": "Hier kun je terecht. een, Dit helpt.", "language": "nl", "routes": [route],
    }  # fmt: skip
    async with sound_site(tmp_path) as (_, sounds):
        assert sounds.aloud.text(message) == (
            "Hier kun je terecht. Inloop De Brug. het is dichtbij. Vandaag open van 10 tot 12 uur. Straat 11, 68 22 A B Arnhem. "
            "Bel 0, 2, 6. 1, 2, 3. 4, 5, 6, 7. Je kunt zeggen: Ik heb een brief. een, Dit helpt."
        )
        named = {
            **message, "text": "Bel Inloop De Brug van het Plein: 026 123 4567.",
            "spoken": f"Bel De Brug: {spoken('026 123 4567')}. Het is dichtbij. een, Dit helpt.",
            "routes": [{**route, "name": "Inloop De Brug van het Plein", "spoken_name": "De Brug"}, route],
        }  # fmt: skip
        assert sounds.aloud.text(named) == (
            "Bel De Brug: 0, 2, 6. 1, 2, 3. 4, 5, 6, 7. Het is dichtbij. een, Dit helpt. De Brug. Vandaag open van 10 tot 12 uur. "
            "Straat 11, 68 22 A B Arnhem. Je kunt zeggen: Ik heb een brief. Inloop De Brug. het is dichtbij. Vandaag open van 10 tot "
            "12 uur. Straat 11, 68 22 A B Arnhem. Bel 0, 2, 6. 1, 2, 3. 4, 5, 6, 7. Je kunt zeggen: Ik heb een brief."
        ), "what was told of the first place is not told again, and its name is the short one"
        many = {**message, "routes": [{"name": "Plek " * 60}] * 9}
        assert len(sounds.aloud.text(many)) <= MOST_LETTERS


# ---- POST /luister ----


def recording(words: str, language: str = "nl", token: str | None = None) -> dict[str, Any]:
    data = {"session": session() if token is None else token, "language": language}
    return {"data": data, "files": {"audio": ("bericht", words.encode(), "audio/webm")}}


@pytest.mark.parametrize("language", complete())
async def test_who_cannot_listen_says_so_with_the_choices_as_numbers_in_text_and_voice(
    language: str, tmp_path: Path
) -> None:
    async def asked(request: object, token: str) -> tuple[str, list[dict[str, Any]]]:
        return language, [{**ASKED, "language": language}]

    async with sound_site(tmp_path, asked) as (client, _):
        answer = (await client.post("/luister", **recording("|Ik heb schulden", language))).json()
        assert answer["heard"] is None
        [message] = answer["messages"]
        sentence = catalogue().text("voice.cannot", language)
        assert message["text"] == f"{sentence}\n1. Klarendal\n2. Presikhaaf"
        assert message["buttons"] == ASKED["buttons"]
        one, two = (catalogue().text(f"answers.counting.{number}.0", language) for number in (1, 2))
        assert f"{one}, Klarendal" in message["aloud"]["text"] and f"{two}, Presikhaaf" in message["aloud"]["text"]
        assert (await client.post("/stem", json={**message["aloud"], "format": "ogg"})).content.startswith(OPUS)


async def test_what_was_heard_is_asked_back_aloud_and_nothing_of_it_is_kept(tmp_path: Path) -> None:
    async with sound_site(tmp_path, the_asked, **LISTENING) as (client, _):
        answer = (await client.post("/luister", **recording("0.9|ik heb schulden."))).json()
        assert answer["heard"] == "ik heb schulden."
        [message] = answer["messages"]
        assert message["text"] == "Ik hoorde: ik heb schulden. Klopt dat?"
        assert [button["payload"] for button in message["buttons"]] == ["ik heb schulden.", ""]
        assert (await client.post("/stem", json={**message["aloud"], "format": "mp3"})).content.startswith(MP3)
    left = [path for path in tmp_path.rglob("*") if path.is_file() and path.name != "secret.key"]
    assert left == []


@pytest.mark.parametrize(
    "words", ["0.1|ik heb schoenen", "0.9|   ", "|", "|/"], ids=["a guess", "silence", "nothing", "a command"]
)
async def test_what_was_not_heard_well_is_asked_again(words: str, tmp_path: Path) -> None:
    async with sound_site(tmp_path, the_asked, **LISTENING) as (client, _):
        answer = (await client.post("/luister", **recording(words))).json()
        assert answer["heard"] is None
        assert answer["messages"][0]["text"].startswith(catalogue().text("voice.unclear", "nl"))
        assert answer["messages"][0]["buttons"] == ASKED["buttons"]


async def test_a_language_that_the_listener_does_not_know_is_not_guessed_at(tmp_path: Path) -> None:
    async with sound_site(tmp_path, the_asked, **LISTENING) as (client, _):
        answer = (await client.post("/luister", **recording("|hola", "pap"))).json()
        assert answer["messages"][0]["text"].startswith(catalogue().text("voice.cannot", "pap"))


async def test_a_command_cannot_be_spoken(tmp_path: Path) -> None:
    async with sound_site(tmp_path, **LISTENING) as (client, _):
        assert (await client.post("/luister", **recording("|//restart"))).json()["heard"] == "restart"


async def test_who_has_no_conversation_is_not_listened_to(tmp_path: Path) -> None:
    async with sound_site(tmp_path, **LISTENING) as (client, _):
        for token in ("", "made up"):
            assert (await client.post("/luister", **recording("|hallo", token=token))).status_code == 401
        known = session()
        assert (await client.post("/luister", data={"session": known, "language": "nl"})).status_code == 400
        assert (await client.post("/luister", **recording("x" * 1_500_001, token=known))).status_code == 413
        many = [await client.post("/luister", **recording("|hallo", token=known)) for _ in range(11)]
        assert many[-1].status_code == 429 and int(many[-1].headers["retry-after"]) > 0


@pytest.mark.parametrize(
    ("heard", "words"),
    [
        (None, None),
        (Heard(" "), None),
        (Heard("ja", 0.39), None),
        (Heard("ja", 0.4), "ja"),
        (Heard(" ik \n heb "), "ik heb"),
    ],
)
def test_what_is_worth_asking_about(heard: Heard | None, words: str | None) -> None:
    assert trusted(heard) == words


# ---- an engine in a process of its own ----

ECHO = """
import sys, os, time
from bot.voice.frames import serve
def answer(head, body):
    if head.get("fall"): os._exit(3)
    if head.get("hang"): time.sleep(60)
    if head.get("fail"): raise ValueError(head["fail"])
    print("a library's chatter")
    return {"pid": os.getpid(), "environment": sorted(os.environ)}, body[::-1]
serve(answer)
"""


def echo(seconds: float = 20) -> EngineProcess:
    return EngineProcess((sys.executable, "-c", ECHO, "echo"), seconds)


async def test_an_engine_answers_in_order_and_knows_no_secret_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DREMPELHULP_SECRET_KEY", "hush")
    engine = echo()
    said, body = await engine.ask({}, b"abc" * 100_000)
    assert body == (b"abc" * 100_000)[::-1]
    assert not [name for name in said["environment"] if "DREMPELHULP" in name]
    assert (await engine.ask({}))[0]["pid"] == said["pid"] != os.getpid()
    await engine.stop()


@pytest.mark.parametrize("trouble", [{"fall": True}, {"hang": True}])
async def test_an_engine_that_falls_over_or_hangs_is_started_anew(trouble: dict[str, bool]) -> None:
    engine = echo(seconds=3)
    first = (await engine.ask({}))[0]["pid"]
    with pytest.raises(EngineFailed, match="echo"):
        await engine.ask(trouble)
    assert (await engine.ask({}))[0]["pid"] != first
    await engine.stop()


async def test_an_engine_that_fails_tells_the_kind_and_not_the_words() -> None:
    engine = echo()
    with pytest.raises(EngineFailed) as told:
        await engine.ask({"fail": "ik heb schulden"})
    assert "ValueError" in str(told.value) and "schulden" not in str(told.value)
    assert (await engine.ask({}, b"ab"))[1] == b"ba"
    await engine.stop()


async def test_an_engine_that_is_not_there_is_an_engine_that_failed() -> None:
    with pytest.raises(EngineFailed, match="FileNotFoundError"):
        await EngineProcess(python_command("bot.voice.espeak_process", python="/no/python"), 5).ask({})


def test_a_frame_that_is_too_long_is_refused() -> None:
    assert lengths(packed({"a": 1}, b"xyz")[:8]) == (8, 3)
    with pytest.raises(ValueError, match="at most"):
        lengths(b"\xff" * 8)
