"""Signing in with the gemeente's own accounts, or by a proxy in front, over real HTTP with a provider of our own."""

from __future__ import annotations

import asyncio
import base64
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from playwright.sync_api import Page
from sanic.response import empty

from bot.dashboard import access
from bot.dashboard.account_door import COOKIE, WAY, ByAccount
from bot.dashboard.oidc import NotLetIn, Provider, Way, may
from bot.dashboard.once import MOST, Once
from bot.dashboard.proxy import is_from, networks
from bot.dashboard.sign_in import door_of
from bot.dashboard.visits import LIFE, LONGEST, RENEWED_AFTER, Visits
from bot.dashboard.words import word
from bot.sealing import Seal
from bot.settings import Settings, SettingsError
from tests import widget_fixtures
from tests.dashboard_fixtures import TOKEN, serve, stopped
from tests.oidc_provider import CLIENT, SECRET, OidcProvider
from tests.test_widget import axe_findings

# pytest finds a fixture by its name in the test's module.
chromium, shared_contexts, visit = widget_fixtures.chromium, widget_fixtures.shared_contexts, widget_fixtures.visit
PERSON = "X-Forwarded-User"
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=timezone.utc)


@pytest.fixture(scope="module")
def the_provider() -> OidcProvider:
    provider = OidcProvider()
    provider.run()
    return provider


@pytest.fixture
def provider(the_provider: OidcProvider) -> OidcProvider:
    the_provider.reset()
    return the_provider


@pytest.fixture(scope="module")
def dashboard(the_provider: OidcProvider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    process, url = with_accounts(tmp_path_factory.mktemp("accounts"), the_provider.url)
    yield url
    stopped(process)


def with_accounts(var: Path, issuer: str) -> tuple[subprocess.Popen[str], str]:
    """A dashboard under the address that it has by itself: the provider sends people back to it."""
    process, url = serve(
        var,
        DREMPELHULP_DASHBOARD_TOKEN=TOKEN,
        DREMPELHULP_OIDC_ISSUER=issuer,
        DREMPELHULP_OIDC_CLIENT_ID=CLIENT,
        DREMPELHULP_OIDC_CLIENT_SECRET=SECRET,
        DREMPELHULP_OIDC_ALLOWED="sociaal, wijken",
    )
    return process, url.replace("127.0.0.1", "localhost")


@pytest.fixture
def browser(dashboard: str, provider: OidcProvider) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=dashboard, timeout=20) as client:
        yield client


def back_from_provider(browser: httpx.Client, to: str = "/wijken") -> str:
    """Sets out and signs in at the provider; the address at which it sends the browser back."""
    there = browser.get("/aanmelden", params={"to": to})
    assert there.status_code == 303
    return httpx.get(there.headers["location"]).headers["location"]


def is_out(browser: httpx.Client) -> bool:
    return COOKIE not in browser.cookies and browser.get("/").status_code == 401


# The right way


def test_somebody_with_an_account_signs_in_and_out_again(browser: httpx.Client, provider: OidcProvider) -> None:
    before = browser.get("/wijken")
    assert before.status_code == 401 and 'href="/aanmelden?to=%2Fwijken"' in before.text and "<form" not in before.text
    answer = browser.get(back_from_provider(browser))
    assert (answer.status_code, answer.headers["location"]) == (303, "/wijken")
    cookie = next(text for text in answer.headers.get_list("set-cookie") if text.startswith(f"{COOKIE}="))
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and f"Max-Age={int(LIFE.total_seconds())}" in cookie
    assert browser.get("/wijken").status_code == browser.get("/api/v1/tables").status_code == 200
    kept = browser.cookies[COOKIE]
    assert WAY not in browser.cookies and browser.get("/afmelden").headers["location"] == "/" and is_out(browser)
    again = httpx.get(f"{browser.base_url}/wijken", headers={"Cookie": f"{COOKIE}={kept}"})
    assert again.status_code == 401, "a cookie that somebody kept is of no use after signing out"


def test_each_sign_in_asks_with_secrets_of_its_own(browser: httpx.Client, provider: OidcProvider) -> None:
    for _ in range(2):
        back_from_provider(browser)
    one, other = provider.asked
    for name in ("state", "nonce", "code_challenge"):
        assert len(one[name]) >= 32 and one[name] != other[name]
    assert one["scope"] == "openid email" and one["redirect_uri"].endswith("/aanmelden/terug")


def test_the_cookie_does_not_say_who_it_is(browser: httpx.Client, provider: OidcProvider) -> None:
    provider.person = {"sub": "s.jansen", "email": "s.jansen@gemeente.example", "groups": ["wijken"]}
    browser.get(back_from_provider(browser))
    value = browser.cookies[COOKIE]
    raw = base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))
    assert b"jansen" not in raw and "jansen" not in value
    assert Visits(SECRET).read(value, datetime.now(timezone.utc)) is not None


@pytest.mark.parametrize("to", ["https://elders.example/", "//elders.example", "/api/v1/tables", "/aanmelden"])
def test_the_way_back_leads_to_a_page_of_ours(browser: httpx.Client, to: str) -> None:
    assert browser.get(back_from_provider(browser, to)).headers["location"] == "/"


def test_a_program_still_has_its_token(browser: httpx.Client) -> None:
    program = {"Authorization": f"Bearer {TOKEN}"}
    assert browser.get("/api/v1/tables", headers=program).status_code == 200
    refused = browser.get("/api/v1/tables", headers={"Authorization": "Bearer wrong"})
    assert refused.status_code == 401 and refused.headers["www-authenticate"] == "Bearer"


def test_the_token_opens_no_form_where_people_have_accounts(browser: httpx.Client) -> None:
    assert browser.post("/aanmelden", data={"token": TOKEN}).status_code == 405
    made = access.session(TOKEN, time.time())
    assert browser.get("/", headers={"Cookie": f"{access.COOKIE}={made}"}).status_code == 401


def test_everybody_can_read_the_page_before_the_door(browser: httpx.Client, visit: Callable[..., Page]) -> None:
    for path in ("/wijken", "/aanmelden/terug"):
        page = visit(f"{browser.base_url}{path}", script=True)
        assert axe_findings(page) == []
    assert page.get_by_role("alert").inner_text() == word("sign_in.failed.again")


# Every wrong way


@pytest.mark.parametrize("state", ["", "wrong", "é"])
def test_a_wrong_state_is_refused_and_the_code_is_not_used(
    browser: httpx.Client, provider: OidcProvider, state: str
) -> None:
    back = parse_qs(urlsplit(back_from_provider(browser)).query)
    answer = browser.get("/aanmelden/terug", params={"code": back["code"][0], "state": state})
    assert answer.status_code == 400 and word("sign_in.failed.again") in answer.text
    assert provider.tokens == 0 and is_out(browser)


def test_another_browser_cannot_be_signed_in_with_my_code(
    browser: httpx.Client, provider: OidcProvider, dashboard: str
) -> None:
    address = back_from_provider(browser)
    with httpx.Client(base_url=dashboard) as victim:
        assert victim.get(address).status_code == 400 and is_out(victim)
        back_from_provider(victim)  # has a way of its own now, and still not mine
        assert victim.get(address).status_code == 400 and is_out(victim)
    assert provider.tokens == 0


@pytest.mark.parametrize(
    "errs",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"exp": int(time.time()) - 600},
        {"exp": None},
        {"iat": int(time.time()) + 600},
        {"aud": "another program"},
        {"aud": None},
        {"aud": [CLIENT, "another program"]},
        {"aud": [CLIENT, "another program"], "azp": "another program"},
        {"azp": "another program"},
        {"iss": "https://elders.example"},
        {"sub": None},
    ],
    ids=str,
)
def test_an_id_token_that_is_not_for_us_and_now_is_refused(
    browser: httpx.Client, provider: OidcProvider, errs: dict[str, Any]
) -> None:
    provider.errs = errs
    answer = browser.get(back_from_provider(browser))
    assert answer.status_code == 403 and word("sign_in.failed.identity") in answer.text
    assert provider.tokens == 1 and is_out(browser)


@pytest.mark.parametrize(
    "errs", [{"aud": [CLIENT]}, {"aud": [CLIENT, "another"], "azp": CLIENT}, {"azp": CLIENT}], ids=str
)
def test_an_audience_may_be_written_in_other_ways(
    browser: httpx.Client, provider: OidcProvider, errs: dict[str, Any]
) -> None:
    provider.errs = errs
    assert browser.get(back_from_provider(browser)).status_code == 303


@pytest.mark.parametrize(("forged", "algorithm"), [(True, "RS256"), (False, "none"), (False, "HS256")])
def test_a_signature_that_the_provider_did_not_make_is_refused(
    browser: httpx.Client, provider: OidcProvider, forged: bool, algorithm: str
) -> None:
    provider.forged, provider.algorithm = forged, algorithm
    answer = browser.get(back_from_provider(browser))
    assert answer.status_code == 403 and provider.tokens == 1 and is_out(browser)


@pytest.mark.parametrize("groups", [["belastingen"], [], None, "sociaaldomein", ["SOCIAAL"]])
def test_who_is_in_no_group_of_ours_stays_out(browser: httpx.Client, provider: OidcProvider, groups: object) -> None:
    provider.person = {"sub": "8", "groups": groups}
    answer = browser.get(back_from_provider(browser))
    assert answer.status_code == 403 and word("sign_in.failed.not_allowed") in answer.text and is_out(browser)


def test_a_code_works_once_also_with_the_cookie_that_set_out(browser: httpx.Client, provider: OidcProvider) -> None:
    address = back_from_provider(browser)
    way = browser.cookies[WAY]
    assert browser.get(address).status_code == 303
    with httpx.Client(base_url=browser.base_url, cookies={WAY: way}) as thief:
        assert thief.get(address).status_code == 400 and is_out(thief)
    assert provider.tokens == 1


def test_the_provider_refuses_a_code_for_the_second_time_and_so_do_we(provider: OidcProvider) -> None:
    """Also after a restart of the dashboard, which forgets what was used."""
    given = {"ISSUER": provider.url, "CLIENT_ID": CLIENT, "CLIENT_SECRET": SECRET}
    ours = Provider(Settings({f"DREMPELHULP_OIDC_{name}": value for name, value in given.items()}))

    async def twice() -> None:
        way = Way("s" * 32, "n" * 32, "v" * 64, "/")
        location = httpx.get(await ours.address(way)).headers["location"]
        code = parse_qs(urlsplit(location).query)["code"][0]
        assert (await ours.claims(way, code, time.time()))["sub"] == "7"
        with pytest.raises(NotLetIn, match="again"):
            await ours.claims(way, code, time.time())

    with ThreadPoolExecutor(1) as beside:  # the browser of these tests holds the event loop of this thread
        beside.submit(asyncio.run, twice()).result()


def test_somebody_whom_the_provider_refuses_reads_so(browser: httpx.Client, provider: OidcProvider) -> None:
    state = parse_qs(urlsplit(back_from_provider(browser)).query)["state"][0]
    answer = browser.get("/aanmelden/terug", params={"error": "access_denied", "state": state})
    assert answer.status_code == 403 and word("sign_in.failed.refused") in answer.text and is_out(browser)


@pytest.mark.parametrize(
    "cookie",
    ["x", "", Seal("another secret", "dashboard-visit").close({"id": "1", "ends": 9e9}, NOW, LIFE)],
    ids=["no seal", "empty", "sealed by another"],
)
def test_a_cookie_that_is_not_ours_opens_nothing(dashboard: str, cookie: str) -> None:
    assert httpx.get(f"{dashboard}/", headers={"Cookie": f"{COOKIE}={cookie}"}).status_code == 401


def test_a_provider_that_is_away_is_said_and_comes_back_by_itself(provider: OidcProvider, tmp_path: Path) -> None:
    provider.down = True
    process, url = with_accounts(tmp_path, provider.url)
    try:
        with httpx.Client(base_url=url, timeout=20) as browser:
            answer = browser.get("/aanmelden")
            assert answer.status_code == 502 and word("sign_in.failed.away") in answer.text
            provider.down = False
            assert browser.get(back_from_provider(browser)).status_code == 303
    finally:
        stopped(process)


# How long


def test_a_session_slides_by_eight_hours_and_ends_after_a_day() -> None:
    visits = Visits(SECRET)
    cookie, now = visits.begin(NOW), NOW
    visit = visits.read(cookie, now)
    assert visit and visits.renewed(visit, now + RENEWED_AFTER / 2) is None
    assert visits.read(cookie, NOW + LIFE + timedelta(seconds=1)) is None, "nobody looked for eight hours"
    for _ in range(10):
        now += LIFE - timedelta(minutes=1)
        visit = visits.read(cookie, now)
        if not visit:
            break
        cookie = visits.renewed(visit, now) or cookie
    assert now - NOW > LIFE * 2 and visits.read(cookie, NOW + LONGEST + timedelta(seconds=1)) is None


def test_a_page_that_is_looked_at_later_makes_the_cookie_new(dashboard: str) -> None:
    old = Visits(SECRET).begin(datetime.now(timezone.utc) - timedelta(hours=1))
    answer = httpx.get(f"{dashboard}/tabellen", headers={"Cookie": f"{COOKIE}={old}"})
    assert answer.status_code == 200 and answer.cookies[COOKIE] != old
    fresh = httpx.get(f"{dashboard}/tabellen", headers={"Cookie": f"{COOKIE}={answer.cookies[COOKIE]}"})
    assert fresh.status_code == 200 and COOKIE not in fresh.cookies


def test_what_may_be_used_once_is_forgotten_when_it_would_have_ended() -> None:
    once = Once()
    assert once.use("a", until=10, now=0) and not once.use("a", until=10, now=9) and once.use("a", until=20, now=10)
    for number in range(MOST + 5):
        once.use(f"n{number}", until=100, now=11)
    assert once.used(f"n{MOST + 4}") and not once.used("a")


# Who may


@pytest.mark.parametrize(
    ("claims", "claim", "allowed", "expected"),
    [
        ({}, "groups", (), True),
        ({"groups": ["a", "b"]}, "groups", ("b",), True),
        ({"groups": "b"}, "groups", ("b",), True),
        ({"groups": ["B"]}, "groups", ("b",), False),
        ({}, "groups", ("None",), False),
        ({"email": "S.Jansen@arnhem.example"}, "email", ("s.jansen@Arnhem.example",), True),
        ({"email": "s.jansen@arnhem.example", "email_verified": True}, "email", ("s.jansen@arnhem.example",), True),
        ({"email": "s.jansen@arnhem.example", "email_verified": False}, "email", ("s.jansen@arnhem.example",), False),
        ({"email": "x@elders.example"}, "email", ("elders.example",), False),
    ],
)
def test_who_may(claims: dict[str, Any], claim: str, allowed: tuple[str, ...], expected: bool) -> None:
    assert may(claims, claim, allowed) is expected


# A proxy in front


@pytest.fixture(scope="module")
def behind_a_proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    process, url = serve(
        tmp_path_factory.mktemp("proxy"), DREMPELHULP_DASHBOARD_TOKEN=TOKEN, DREMPELHULP_DASHBOARD_PROXY_HEADER=PERSON
    )
    yield url
    stopped(process)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ([(PERSON, "s.jansen")], 200),
        ([], 401),
        ([(PERSON, "")], 401),
        ([(PERSON, "s.jansen"), (PERSON, "somebody else")], 401),
        ([("X-Forwarded-For", "127.0.0.1")], 401),
        ([("Cookie", f"{COOKIE}={PERSON}")], 401),
        ([("Authorization", f"Bearer {TOKEN}")], 200),
    ],
    ids=str,
)
def test_the_header_of_the_proxy_opens_the_pages(
    behind_a_proxy: str, headers: list[tuple[str, str]], status: int
) -> None:
    answer = httpx.get(f"{behind_a_proxy}/tabellen", headers=headers)
    assert answer.status_code == status
    if status == 401:
        assert word("sign_in.by_proxy") in answer.text and "<form" not in answer.text


def test_the_header_is_not_believed_from_elsewhere(tmp_path: Path) -> None:
    process, url = serve(
        tmp_path, DREMPELHULP_DASHBOARD_PROXY_HEADER=PERSON, DREMPELHULP_DASHBOARD_PROXIES="10.0.0.0/24",
        DREMPELHULP_TRUSTED_PROXIES="1",
    )  # fmt: skip
    try:
        for more in ({}, {"X-Forwarded-For": "10.0.0.4"}, {"X-Real-IP": "10.0.0.4"}, {"Forwarded": "for=10.0.0.4"}):
            assert httpx.get(f"{url}/", headers={PERSON: "s.jansen", **more}).status_code == 401
    finally:
        stopped(process)


@pytest.mark.parametrize(
    ("peer", "expected"),
    [
        ("127.0.0.1", True),
        ("::ffff:127.0.0.1", True),
        ("::1", True),
        ("10.0.0.9", True),
        ("10.0.1.9", False),
        ("", False),
    ],
)
def test_where_a_connection_comes_from(peer: str, expected: bool) -> None:
    assert is_from(peer, networks(("127.0.0.1", "::1", "10.0.0.0/24"))) is expected


# Settings that cannot be used


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"OIDC_ISSUER": "https://x.example"}, "DREMPELHULP_OIDC_CLIENT_ID and DREMPELHULP_OIDC_CLIENT_SECRET not set"),
        ({"OIDC_CLIENT_SECRET": "x", "OIDC_CLIENT_ID": "x"}, "DREMPELHULP_OIDC_ISSUER not set"),
        ({"OIDC_ISSUER": "http://x.example", "OIDC_CLIENT_ID": "x", "OIDC_CLIENT_SECRET": "x"}, "expected https://"),
        ({"DASHBOARD_PROXY_HEADER": PERSON, "OIDC_ISSUER": "https://x.example"}, "expected one of them"),
        ({"DASHBOARD_PROXY_HEADER": PERSON, "DASHBOARD_PROXIES": "the proxy"}, "DREMPELHULP_DASHBOARD_PROXIES"),
        ({"DASHBOARD_PROXY_HEADER": PERSON, "DASHBOARD_PROXIES": "10.0.0.4/8"}, "expected addresses"),
    ],
)
def test_half_a_way_in_is_refused_with_what_is_missing(given: dict[str, str], said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        door_of(Settings({f"DREMPELHULP_{name}": value for name, value in given.items()}), TOKEN)


def test_over_https_no_cookie_goes_without_it() -> None:
    given = {
        "DASHBOARD_URL": "https://cijfers.example",
        "OIDC_ISSUER": "https://x.example",
        "OIDC_CLIENT_ID": "x",
        "OIDC_CLIENT_SECRET": "x",
    }
    door = ByAccount(Settings({f"DREMPELHULP_{name}": value for name, value in given.items()}))
    answer = empty()
    door._put(answer, COOKIE, "x", "/", LIFE)
    assert answer.cookies[COOKIE]["secure"] is True
