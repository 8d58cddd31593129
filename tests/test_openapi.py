"""The two descriptions beside the code: no route is left out without a reason, and their names and numbers are the code's."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from sanic import Sanic

from bot.channels.asking import MOST_BYTES
from bot.channels.sound import MOST_AUDIO, TALKS_A_MINUTE
from bot.channels.whatsapp.webhook import MOST_BYTES as MOST_FROM_META
from bot.engine.manners import REQUEST_BYTES, REQUEST_SECONDS
from bot.languages import complete
from bot.settings import PREFIX, Settings
from bot.taxonomy import taxonomy
from bot.voice.audio import FORMATS
from bot.voice.voice import MOST_LETTERS
from tests.dashboard_fixtures import TOKEN
from tests.fuzz_fixtures import CHAT, DASHBOARD, described

PAGE, DOOR = "a page for people, read in tests/test_dashboard.py", "the way in for people with a browser"
UNDESCRIBED = {
    **dict.fromkeys(("/", "/routes", "/wijken", "/talen", "/verloop", "/tabellen"), PAGE),
    **dict.fromkeys(("/kaart", "/kaart/verouderd", "/kaart/gaten", "/kaart/gemist", "/kaart/ding/{id_}"), PAGE),
    "/stijl.css": "the style of those pages",
    "/aanmelden": DOOR,
    "/aanmelden/terug": DOOR,
    "/afmelden": DOOR,
}
"""Routes of the dashboard that its description leaves out, and why."""


def routes(app: Sanic) -> set[str]:
    """`GET /hulpkaart/{token}`, as a description has it; HEAD goes with GET, and a choice of names is each of them."""
    found = set()
    for route in app.router.routes:
        path = re.sub(r"<(\w+):\w+>", r"{\1}", f"/{route.path}")
        choice = re.fullmatch(r"/<\w+:\((.+)\)>", path)
        paths = [f"/{name}" for name in choice[1].replace("\\", "").split("|")] if choice else [path]
        found |= {f"{method} {path}" for method in set(route.methods) - {"HEAD"} for path in paths}
    return found


def test_every_route_of_the_chat_is_described_and_no_other(tmp_path: Path) -> None:
    from bot.engine.server import create_app

    values = dict.fromkeys(
        ("WHATSAPP_TOKEN", "WHATSAPP_APP_SECRET", "WHATSAPP_VERIFY_TOKEN", "WHATSAPP_PHONE_NUMBER_ID"), "1"
    )
    values |= {"VAR": str(tmp_path), "SECRET_KEY": "x"}
    try:
        found = routes(create_app(Settings({PREFIX + name: value for name, value in values.items()})))
    finally:
        Sanic._app_registry.pop("drempelhulp", None)
    assert found == described(CHAT)


@pytest.mark.parametrize("door", ["token", "accounts"])
def test_every_route_of_the_dashboard_is_described_or_left_out_for_a_reason(tmp_path: Path, door: str) -> None:
    from bot.dashboard.app import create_app

    values = {"VAR": str(tmp_path), "DASHBOARD_TOKEN": TOKEN}
    if door == "accounts":
        values |= {"OIDC_ISSUER": "https://accounts.example", "OIDC_CLIENT_ID": "x", "OIDC_CLIENT_SECRET": "x" * 40}
    found = routes(create_app(Settings({PREFIX + name: value for name, value in values.items()})))
    files = {name for name in described(DASHBOARD) if name.startswith("GET /kaart/bestand/")}
    left = {name for name in found - described(DASHBOARD) if name.split()[1] not in UNDESCRIBED}
    assert left == ({"GET /kaart/bestand/{kind}"} if files else set())
    assert described(DASHBOARD) - files <= found
    if door == "token":
        assert set(UNDESCRIBED) - {name.split()[1] for name in found} <= {"/aanmelden/terug"}, (
            "what is left out is there"
        )


def test_the_files_of_the_map_are_described_one_by_one() -> None:
    from bot.dashboard.map_files import FORMATS as MAP_FORMATS

    for ending, kind in MAP_FORMATS.items():
        answer = DASHBOARD["paths"][f"/kaart/bestand/{ending}"]["get"]["responses"]["200"]
        assert list(answer["content"]) == [kind.split(";")[0]]


def test_names_and_numbers_of_the_description_are_those_of_the_code() -> None:
    schemas, text = CHAT["components"]["schemas"], json.dumps(CHAT)
    assert schemas["Language"]["enum"] == complete()
    assert set(schemas["Route"]["properties"]["kind"]["enum"]) == set(taxonomy().routes)
    assert schemas["Aloud"]["properties"]["format"]["enum"] == list(FORMATS)
    assert schemas["Aloud"]["properties"]["text"]["maxLength"] == MOST_LETTERS
    for number in (MOST_BYTES, MOST_AUDIO, MOST_FROM_META, REQUEST_BYTES):
        assert f"{number:,} bytes" in text
    assert f"{REQUEST_SECONDS} seconds to come in" in text and f"; {TALKS_A_MINUTE} a minute" in text
    sounds = CHAT["paths"]["/stem"]["post"]["responses"]["200"]["content"]
    assert set(sounds) == {form.mime.split(";")[0] for form in FORMATS.values()}
