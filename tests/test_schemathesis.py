"""Schemathesis asks both servers, as they are served, for all that their descriptions say and for what they do not."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Site, start_site
from tests.dashboard_fixtures import TOKEN, serve, stopped
from tests.fuzz_fixtures import CHAT, DASHBOARD, MONITOR, Seen, alive, as_json, asked, begun, counted, described
from tests.whatsapp_fixtures import FakeMeta

LONG = os.environ.get("FUZZ_EXAMPLES")
EXAMPLES, SEED = (max(3, int(LONG) // 10), None) if LONG else (3, 1)
"""For each operation, beside the borders that are always tried. Short here, and always the same; `make fuzz` takes many more, and
others each time: a tenth of its number, for each of them is tried on thirty operations."""


def all_held(seen: Seen, document: dict[str, Any]) -> None:
    """Every check held, and every operation was got into: a run that stays before the door proves nothing."""
    assert seen.held, seen.said
    outside = {
        name for name in described(document) if not any(200 <= (s or 0) < 300 for s in seen.statuses.get(name, ()))
    }
    assert not outside, (outside, seen.said)


@pytest.fixture(scope="module")
def open_chat(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The chat with WhatsApp, metrics and a listener, and without a limit on messages."""
    meta = FakeMeta()
    settings = {
        "METRICS_TOKEN": MONITOR,
        "RATE_PER_SESSION": "1000000",
        "LISTENER": "tests.fuzz_fixtures:HearsAnything",
    }
    site = start_site(tmp_path_factory.mktemp("open"), **meta.settings(), **settings)
    yield site
    site.stop()
    meta.stop()


def test_any_request_to_the_chat_is_answered_as_it_is_described(open_chat: Site, tmp_path: Path) -> None:
    given = {"FUZZ_ALIVE": json.dumps(alive(open_chat.url)), "FUZZ_MONITOR": MONITOR}
    given["FUZZ_SESSION"] = begun(open_chat.url)["session"]
    description = as_json(CHAT, tmp_path / "chat.json")
    all_held(asked(description, open_chat.url, tmp_path, EXAMPLES, SEED, **given), CHAT)


def test_any_request_to_the_dashboard_is_answered_as_it_is_described(tmp_path: Path) -> None:
    counted(tmp_path / "var")
    process, url = serve(tmp_path / "var", DREMPELHULP_DASHBOARD_TOKEN=TOKEN)
    try:
        description = as_json(DASHBOARD, tmp_path / "dashboard.json")
        all_held(asked(description, url, tmp_path, EXAMPLES, SEED, FUZZ_DASHBOARD=TOKEN), DASHBOARD)
    finally:
        stopped(process)


def test_a_description_that_is_not_true_is_found_out(open_chat: Site, tmp_path: Path) -> None:
    """So that the two above can fail: an answer that nobody gives is promised."""
    health = json.loads(json.dumps(CHAT["paths"]["/health"]))
    health["get"]["responses"]["200"]["content"]["application/json"]["schema"] = {
        "type": "object",
        "required": ["weather"],
    }
    document = {**CHAT, "paths": {"/health": health}}
    seen = asked(as_json(document, tmp_path / "wrong.json"), open_chat.url, tmp_path, 1, 1)
    assert not seen.held and "weather" in seen.said
    with pytest.raises(AssertionError):
        all_held(replace(seen, held=True, statuses={"GET /health": {401: 5}}), document)
